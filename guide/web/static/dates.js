// Counts the dates of a report anew when the reader says when the kommune received it. Nothing is sent, nothing kept.
// What is counted is decided in guide/library/deadlines.py; the tests hold the two together.
"use strict";

(() => {
  const part = document.querySelector("[data-datoer]");
  if (!part) return;
  const field = part.querySelector("#modtaget");
  const status = part.querySelector("#regnet-fra");
  const link = part.querySelector("[data-kalender]");
  const holidays = new Set(part.dataset.helligdage.split(" "));
  const DAYS = ["søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"];
  const MONTHS = ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober",
    "november", "december"];
  const MINUTE = 60_000, DAY = 86_400_000;

  // The clock on the wall in Denmark at an instant, as the milliseconds that UTC would have at that reading. Whatever
  // zone the computer stands in, the field means Denmark.
  const copenhagen = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Copenhagen", hourCycle: "h23",
    year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" });
  const wall = (instant) => {
    const said = {};
    for (const piece of copenhagen.formatToParts(instant)) said[piece.type] = Number(piece.value);
    return Date.UTC(said.year, said.month - 1, said.day, said.hour, said.minute);
  };
  // The instant of a reading: summer time first, so that an hour that comes twice is the first of the two.
  const instant = (reading) => {
    const summer = reading - 120 * MINUTE;
    return wall(summer) === reading ? summer : reading - 60 * MINUTE;
  };

  const iso = (reading) => new Date(reading).toISOString().slice(0, 10);
  const day = (reading) => {
    const date = new Date(reading);
    return `${DAYS[date.getUTCDay()]} ${date.getUTCDate()}. ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  };
  const moment = (reading) => {
    const date = new Date(reading);
    return `${day(reading)} kl. ${date.getUTCHours()}.${String(date.getUTCMinutes()).padStart(2, "0")}`;
  };
  const workingDay = (reading) => {
    do reading += DAY; while ([0, 6].includes(new Date(reading).getUTCDay()) || holidays.has(iso(reading)));
    return reading;
  };

  // The day itself, or the last one before it on which one is at work: see `last_working_day` in guide/library/days.py.
  const lastWorkingDay = (reading) => {
    const off = (at) => [0, 6].includes(new Date(at).getUTCDay()) || holidays.has(iso(at)) || /12-(24|31)$/.test(iso(at));
    while (off(reading)) reading -= DAY;
    return reading;
  };

  const show = (name, reading, withTime) => {
    const time = part.querySelector(`[data-dato="${name}"]`);
    time.textContent = withTime ? moment(reading) : day(reading);
    time.dateTime = withTime ? new Date(reading).toISOString().slice(0, 16) : iso(reading);
  };

  let counted = field.defaultValue;
  const count = () => {
    const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(field.value);
    const given = found && Date.UTC(found[1], found[2] - 1, found[3], found[4], found[5]);
    if (!found || !field.validity.valid) {
      field.setAttribute("aria-invalid", "true");
      status.textContent = `${status.dataset.fejl} ${moment(Date.parse(`${counted}Z`))}.`;
      return;
    }
    field.removeAttribute("aria-invalid");
    counted = found[0];
    const received = wall(instant(given)); // an hour that the clock springs over is the one after it
    const today = received - received % DAY;
    let receipt = today;
    for (let n = 0; n < 6; n += 1) receipt = workingDay(receipt);
    show("vurdering", wall(instant(given) + DAY), true);
    show("kvittering", receipt);
    const ask = part.dataset.spoerg === "dagen-efter" ? today + DAY : workingDay(receipt);
    const said = today + Number(part.dataset.blik) * DAY;
    show("spoerg", ask);
    show("blik", Math.max(lastWorkingDay(said), ...[receipt, ask].filter((before) => before <= said)));
    const now = counted === field.defaultValue.slice(0, 16);
    status.textContent = `${now ? status.dataset.nu : status.dataset.fra} ${moment(received)}.`;
    link.setAttribute("href", link.getAttribute("href").replace(/\d{8}T\d{4}/, counted.replace(/[-:]/g, "")));
  };

  field.closest(".modtaget").hidden = false;
  field.addEventListener("input", count);
  // Back to now when the browser shows the page again: whoever sits here next sees nothing of it.
  window.addEventListener("pageshow", () => {
    field.value = field.defaultValue;
    count();
  });
})();
