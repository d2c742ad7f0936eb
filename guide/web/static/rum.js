// Asks whether there is something new in the room. Without it pages are read anew by themselves, or by a link.
"use strict";
{
  const told = document.currentScript.dataset, begun = performance.now();
  const here = document.querySelector("[data-version]"), news = document.querySelector("[data-news]");
  let tag = "", timer = 0, asking = false, left = 0;
  const put = (name, n) => document.querySelectorAll(`[data-${name}]`).forEach((at) => { at.textContent = n; });
  // A page that somebody is answering or reading says that there is something new; all others go there.
  const changed = () => {
    if (!news) { location.replace(told.home); return true; }
    old(true);
    return false;
  };
  const old = (is) => { news.hidden = !is; document.querySelectorAll("[data-old]").forEach((at) => { at.hidden = is; }); };
  const looked = async () => {
    const headers = tag ? { "If-None-Match": tag } : {};
    const got = await fetch(told.poll, { cache: "no-store", headers, signal: AbortSignal.timeout?.(8000) });
    if (performance.now() < left || (!got.ok && got.status !== 404)) return false;
    if (got.status === 404) { location.replace(told.over || told.home); return true; }
    if (!got.headers.get("Content-Type").includes("json")) return changed();
    const now = await got.json();
    if (String(now.version) !== here.dataset.version) return changed();
    if (news) old(false);
    tag = got.headers.get("ETag");
    if ("seats" in now) put("seats", now.seats);
    if (Number.isInteger(now.answered)) put("answered", now.answered);
    for (const [n, answered] of Object.entries(now.rounds || {})) put(`round="${n}"`, answered);
    return false;
  };
  const ask = async () => {
    if (asking) return;
    clearTimeout(timer);
    asking = true;
    let over = false;
    try { over = await looked(); } catch { /* the net is away: the next time */ }
    asking = false;
    if (!over) timer = setTimeout(ask, Number(told.every));
  };
  timer = setTimeout(ask, Number(told.every));
  // A phone that wakes up asks at once. It does not read the page anew, for the net may not be back yet.
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
  addEventListener("online", ask);
  // What is being sent leads on by itself. Without a net it stays on the page, which would be lost to an error.
  const away = document.querySelector("[data-offline]");
  const offline = (event) => { event.preventDefault(); away.hidden = false; away.scrollIntoView({ block: "center" }); };
  addEventListener("click", (event) => { if (away && !navigator.onLine && event.target.closest("main a[href]")) offline(event); });
  addEventListener("submit", (event) => { if (away && !navigator.onLine) offline(event); else left = performance.now() + 8000; });
  addEventListener("online", () => { if (away) away.hidden = true; });
  // A presenter's clicker turns the sheets; it never opens or closes a question.
  const turns = { PageDown: "[data-frem]", ArrowRight: "[data-frem]", PageUp: "[data-tilbage]", ArrowLeft: "[data-tilbage]" };
  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = turns[event.key] && document.querySelector(turns[event.key]);
    if (link) { event.preventDefault(); link.click(); }
  });
  // A second press of the step before must not take the next one.
  if ("guard" in told) {
    addEventListener("click", (event) => { if (performance.now() - begun < 500 && event.target.closest("form")) event.preventDefault(); }, true);
  }
}
