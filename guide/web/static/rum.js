// Asks whether there is something new in the room. Without it the pages are read anew by themselves, more slowly.
"use strict";
{
  const asking = document.currentScript.dataset;
  let tag = "";
  const put = (name, n) => document.querySelectorAll(`[data-${name}]`).forEach((at) => { at.textContent = n; });
  const ask = async () => {
    try {
      const got = await fetch(asking.poll, { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
      if (got.status === 404) return location.reload();
      if (got.ok) {
        tag = got.headers.get("ETag");
        const now = await got.json(), here = document.querySelector("[data-version]");
        if (String(now.version) !== here.dataset.version) return location.reload();
        put("seats", now.seats);
        if (now.answered !== null) put("answered", now.answered);
        for (const [n, answered] of Object.entries(now.rounds || {})) put(`round="${n}"`, answered);
      }
    } catch { /* the net is away: the next time */ }
    setTimeout(ask, Number(asking.every));
  };
  setTimeout(ask, Number(asking.every));
  addEventListener("visibilitychange", () => { if (!document.hidden) location.reload(); }, { once: true });
}
