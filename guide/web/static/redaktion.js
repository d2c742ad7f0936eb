// Reads the page again when a file was saved, where one was on it. Only on the server of `guide preview`; without it
// there is «Læs igen».
"use strict";

(() => {
  const strip = document.querySelector("[data-udgave]");
  if (!strip) return;
  const map = document.querySelector(".kort-rul"), KEY = "redaktion " + location.pathname;
  const EACH = 500; // milliseconds
  const kept = sessionStorage.getItem(KEY);
  if (kept) {
    const [x, y, left, top] = JSON.parse(kept);
    sessionStorage.removeItem(KEY);
    scrollTo(x, y);
    if (map) map.scrollTo(left, top);
  }
  const writing = () => document.activeElement.matches("input:is([type=date], [type=time], [type=text]), textarea");
  const look = async () => {
    try {
      const answer = await fetch("/redaktion/udgave", { cache: "no-store" });
      const edition = answer.ok && await answer.text();
      if (edition && edition !== strip.dataset.udgave && !writing()) {
        sessionStorage.setItem(KEY, JSON.stringify([scrollX, scrollY, map?.scrollLeft ?? 0, map?.scrollTop ?? 0]));
        location.reload();
        return;
      }
    } catch { /* the server was stopped, or is being started anew */ }
    setTimeout(look, EACH);
  };
  setTimeout(look, EACH);
})();
