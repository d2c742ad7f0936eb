// Turns the slides of a temadag one at a time with the keys that a presenter's clicker sends. Without it one turns with
// the links under each slide.
"use strict";
{
  const slides = [...document.querySelectorAll(".slide")], only = document.getElementById("kun-slides");
  const ways = { PageDown: 1, ArrowRight: 1, PageUp: -1, ArrowLeft: -1 };
  const top = (slide) => slide.getBoundingClientRect().top;
  // A zoomed page may lie two pixels beside where it was sent.
  const next = () => slides.find((slide) => top(slide) > 2);
  const before = () => slides.filter((slide) => top(slide) < -2).pop();
  // The address changes with it, so that a page read anew is where it was. It is not one more page to go back through.
  // A wheel or the space bar just before may still be gliding, and would carry the page on: then it is led back.
  let aim = null, since = 0;
  const go = (slide) => { [aim, since] = [slide, performance.now()]; location.replace(`#${slide.id}`); };
  document.addEventListener("scrollend", () => {
    if (aim && performance.now() - since < 1000 && Math.abs(top(aim)) > 2) aim.scrollIntoView();
  });
  for (const own of ["wheel", "pointerdown", "touchstart"]) addEventListener(own, () => { aim = null; }, { passive: true });
  // What stands before the first slide and after the last is read as any page, unless only slides are shown.
  const among = () => top(slides[0]) < innerHeight && slides[slides.length - 1].getBoundingClientRect().bottom > 0;
  addEventListener("keydown", (event) => {
    const way = ways[event.key];
    aim = null;
    if (!way || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest?.("select, textarea, input:not([type=checkbox]), [contenteditable]")) return;
    if (!only.checked && !among()) return;
    const there = way > 0 ? next() : before();
    if (there) go(there);
    if (there || only.checked) event.preventDefault();
  });
  only.addEventListener("change", () => { if (only.checked) go(slides[0]); });
  document.querySelectorAll("[data-taster]").forEach((at) => { at.hidden = false; });
}
