/* The writing help: fields that forget.

   The page comes as a form to print. Here its rooms become fields; what is written in them is marked, put into the text
   of the letter, and handed over by copy, file or paper. Nothing is sent, and nothing is kept: the fields stand outside
   any form and have no name, no request is made after the page has loaded, and they are made anew when the page is shown
   or left, so that neither Back nor undo brings a word back. All that is said stands in the page; no wording is here. */
(() => {
  "use strict";
  const page = document.querySelector("[data-skriv]");
  if (!page) return;
  const all = (marks, within = page) => [...within.querySelectorAll(marks)];
  const one = (mark, within = page) => within.querySelector(mark);

  /* What browsers and their extensions look at before they correct, remember, translate or send what is written. */
  const QUIET = {
    autocomplete: "off", autocorrect: "off", autocapitalize: "off", spellcheck: "false", translate: "no",
    writingsuggestions: "false", class: "notranslate", "data-gramm": "false", "data-gramm_editor": "false",
    "data-enable-grammarly": "false", "data-lt-active": "false", "data-1p-ignore": "", "data-bwignore": "true",
    "data-lpignore": "true", "data-form-type": "other",
  };
  const make = (tag, attributes = {}, text = "") => {
    const made = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.textContent = text;
    return made;
  };

  /* Words that interpret, each group as one pattern; what stands in quotation marks was said by somebody. */
  const QUOTED = /[«»"“”„][^«»"“”„\n]*[«»"“”„]/gu;
  const escaped = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");
  const groups = all("[data-ord]").map((group) => {
    const words = JSON.parse(group.dataset.ord).sort((a, b) => b.length - a.length).map(escaped).join("|");
    return {
      instead: group.textContent.trim(),
      pattern: new RegExp(`(?:^|[^\\p{L}\\p{N}])(${words})(?![\\p{L}\\p{N}])`, "giu"),
    };
  });
  const judged = (text) => {
    const plain = text.replace(QUOTED, " . ");
    return groups
      .map(({ pattern, instead }) => ({ instead, words: [...plain.matchAll(pattern)].map((hit) => hit[1].toLowerCase()) }))
      .filter(({ words }) => words.length)
      .map(({ words, instead }) => `${[...new Set(words)].map((word) => `«${word}»`).join(", ")}: ${instead}`);
  };

  /* The fields. A textarea also for a single line: browsers keep what was written in an input, not in a textarea. */
  const fields = new Map();
  const rooms = all("[data-felt]");
  const field = (room) => {
    const id = `felt-${room.dataset.nummer}`;
    const helped = one(".felt-hjaelp", room) ? `${id}-hjaelp ` : "";
    const marks = room.hasAttribute("data-fakta") ? `${id}-maerker` : "";
    const made = make("textarea", { ...QUIET, id, rows: room.hasAttribute("data-lang") ? "5" : "1" });
    if (helped || marks) made.setAttribute("aria-describedby", (helped + marks).trim());
    return made;
  };
  const furnish = (room) => {
    const name = one(".felt-navn", room);
    const label = make("label", { class: name.className, for: `felt-${room.dataset.nummer}` }, name.textContent);
    name.replaceWith(label);
    one(".linjer", room).replaceWith(field(room));
    if (room.hasAttribute("data-fakta")) {
      room.append(make("div", { class: "maerker", id: `felt-${room.dataset.nummer}-maerker`, "aria-live": "polite" }));
    }
  };
  const empty = () => {
    rooms.forEach((room) => {
      if (one("textarea", room)) one("textarea", room).replaceWith(field(room));
      else furnish(room);
      fields.set(room.dataset.felt, one("textarea", room));
    });
    if (asking.open) asking.close();
    say("");
    update();
  };
  const CONTROL = /(?![\n\t])\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu;
  const written = (name) => fields.get(name).value.replace(/\r\n?/g, "\n").replace(CONTROL, "").trim();
  const anything = () => [...fields.keys()].some(written);

  /* The letter, line by line as the page came: words, words in bold, blanks. */
  const shown = one(".brev");
  const lines = all("[data-linje]", shown).map((line) => ({
    kind: line.dataset.linje,
    pieces: [...line.childNodes].map((node) => ({
      text: node.textContent, bold: node.nodeName === "STRONG", blank: node.dataset && node.dataset.blank,
    })),
  }));
  const facts = new Set(rooms.filter((room) => room.hasAttribute("data-fakta")).map((room) => room.dataset.felt));
  /* A line of facts with nothing in it is left out: a dash there could be read as «nothing happened». */
  const letter = () => lines.flatMap(({ kind, pieces }) => {
    const blanks = pieces.filter(({ blank }) => blank);
    const bare = blanks.length && blanks.every(({ blank }) => !written(blank));
    if (bare && blanks.some(({ blank }) => facts.has(blank))) return [];
    return [{ kind, pieces: pieces.map(({ text, bold, blank }) => ({ bold, text: blank ? written(blank) || "–" : text })) }];
  });
  const plain = () => letter().map(({ pieces }) => pieces.map(({ text }) => text).join("")).join("\n");

  const missing = () => rooms.filter((room) => room.hasAttribute("data-skal") && !written(room.dataset.felt));
  const listed = (items) => items.map((item) => {
    const line = make("li");
    line.append(item);
    return line;
  });
  const update = () => {
    rooms.filter((room) => room.hasAttribute("data-fakta")).forEach((room) => {
      const found = judged(written(room.dataset.felt)), place = one(".maerker", room);
      if (place.textContent === found.join("")) return; // what is said again is read aloud again
      const list = make("ul");
      list.append(...listed(found));
      place.replaceChildren(...(found.length ? [list] : []));
    });
    const links = missing().map((room) => {
      const link = make("a", { href: `#felt-${room.dataset.nummer}` }, one("label", room).textContent);
      link.addEventListener("click", (event) => { event.preventDefault(); fields.get(room.dataset.felt).focus(); });
      return link;
    });
    one("[data-mangler]").hidden = !links.length;
    one("[data-mangler] ul").replaceChildren(...listed(links));
    page.toggleAttribute("data-skrevet", anything());
    shown.replaceChildren(...letter().map(({ kind, pieces }) => {
      const line = make("div", { "data-linje": kind });
      line.append(...pieces.map(({ text, bold }) => (bold ? make("strong", {}, text) : text)));
      return line;
    }));
  };
  let waiting;
  page.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(update, 400); });
  addEventListener("beforeprint", update);

  /* Word: the template, which was fetched while the page loaded, with the lines of the letter in it. */
  let template;
  const wordButton = one('[data-goer="docx"]');
  fetch(page.dataset.skabelon).then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject())).then((bytes) => {
    template = fflate.unzipSync(new Uint8Array(bytes));
    wordButton.disabled = false;
  }).catch(() => { wordButton.hidden = true; });
  const xml = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const run = ({ text, bold }) => `<w:r>${bold ? "<w:rPr><w:b/></w:rPr>" : ""}${text.split(/(\n|\t)/).map((part) => (
    part === "\n" ? "<w:br/>" : part === "\t" ? "<w:tab/>" : `<w:t xml:space="preserve">${xml(part)}</w:t>`)).join("")}</w:r>`;
  const STYLES = { titel: "Title", del: "Heading1", overskrift: "Heading2", linje: "Normal" };
  const paragraph = ({ kind, pieces }) =>
    `<w:p><w:pPr><w:pStyle w:val="${STYLES[kind]}"/></w:pPr>${pieces.map(run).join("")}</w:p>`;
  const word = () => {
    const body = letter().filter(({ pieces }) => pieces.length).map(paragraph).join("");
    const inside = fflate.strFromU8(template["word/document.xml"]).replace("<!--brev-->", () => body);
    const files = { ...template, "word/document.xml": fflate.strToU8(inside) };
    return fflate.zipSync(files, { mtime: new Date(1980, 0, 1) });
  };

  /* Handing over. File names say nothing. */
  const say = (text) => { one("[data-besked]").textContent = text; };
  const hand = (name, type, content) => {
    const link = make("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    return true;
  };
  const copyByHand = (text) => {
    const held = make("textarea", QUIET);
    held.value = text;
    page.append(held);
    held.select();
    const done = document.execCommand("copy");
    held.remove();
    return done;
  };
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { // no clipboard by plain http, or not allowed
      return copyByHand(text);
    }
  };
  const OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  const acts = {
    kopier: () => copy(plain()),
    docx: () => hand("notat.docx", OFFICE, word()),
    tekst: () => hand("notat.txt", "text/plain;charset=utf-8", `\uFEFF${plain().replace(/\n/g, "\r\n")}\r\n`),
    udskriv: () => { window.print(); return true; },
  };

  /* Before that: who can read it, and what is missing. */
  const asking = one("dialog");
  let chosen;
  const ask = (button) => {
    update();
    chosen = button;
    say("");
    all("[data-ved]", asking).forEach((part) => { part.hidden = !part.dataset.ved.split(" ").includes(button.dataset.goer); });
    const names = missing().map((room) => one("label", room).textContent);
    one("[data-dialog-mangler]", asking).hidden = !names.length;
    one("[data-dialog-mangler] span", asking).textContent = names.join(" · ");
    asking.showModal();
  };
  const go = async () => {
    asking.close();
    const done = await acts[chosen.dataset.goer]();
    say(done ? chosen.dataset.sagt || "" : one("[data-besked]").dataset.fejl);
    chosen.focus();
  };
  all("[data-goer]").forEach((button) => button.addEventListener("click", () => ask(button)));
  one("[data-fortsaet]", asking).addEventListener("click", go);
  one("[data-fortryd]", asking).addEventListener("click", () => asking.close());
  asking.addEventListener("close", () => chosen && chosen.focus());

  /* Leaving. «Forlad siden» never asks; any other way does, once, when something is written. */
  let leaving = false;
  document.addEventListener("submit", (event) => {
    if (!event.target.action.endsWith("/forlad")) return;
    leaving = true;
    empty();
  });
  addEventListener("beforeunload", (event) => {
    if (leaving || !anything()) return;
    event.preventDefault();
    event.returnValue = "";
  });
  document.addEventListener("click", ({ target }) => { // to ring is not to leave
    if (!target.closest('a[href^="tel:"]')) return;
    leaving = true;
    setTimeout(() => { leaving = false; }, 1000);
  });
  addEventListener("pagehide", empty);
  addEventListener("pageshow", () => { leaving = false; empty(); });

  /* A word dragged to the address line would be searched for; a file dropped here would replace the page. */
  page.addEventListener("dragstart", (event) => event.preventDefault());
  const dropped = (event) => {
    const text = event.target.nodeName === "TEXTAREA" && !event.dataTransfer.types.includes("Files");
    if (!text) event.preventDefault();
  };
  ["dragover", "drop"].forEach((name) => document.addEventListener(name, dropped));

  all("[data-uden-script]").forEach((part) => part.remove());
  all("[data-med-script]").forEach((part) => { part.hidden = false; });
})();
