"use strict";
/* The calendar of the programme. Without this file the agenda that the server drew stays, with the same links. */
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("select[data-submit]").forEach((field) => {
    field.addEventListener("change", () => field.form.requestSubmit());
    field.form.querySelectorAll("[data-plain]").forEach((button) => { button.hidden = true; });
  });
  // A page about now is made anew when somebody comes back to it.
  const made = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.querySelector("[data-now]") && !document.hidden && Date.now() - made > 60000) window.location.reload();
  });

  const place = document.getElementById("programme");
  if (!place || typeof EventCalendar === "undefined") return;
  const words = JSON.parse(document.getElementById("programme-words").textContent);
  const views = { day: "timeGridDay", week: "timeGridWeek", month: "dayGridMonth", agenda: "listWeek" };
  const names = Object.fromEntries(Object.entries(views).map(([name, view]) => [view, name]));
  const narrow = window.matchMedia("(max-width: 640px)").matches;
  const two = (number) => String(number).padStart(2, "0");
  const day = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const moment = (date) => `${day(date)}T${two(date.getHours())}:${two(date.getMinutes())}`;
  const clock = (date) => `${two(date.getHours())}.${two(date.getMinutes())}`;
  const slot = document.getElementById("programme-slot");
  /* An empty hour offers an appointment or an entry there; where that cannot be asked, the page of a new entry. */
  const create = async (start, end) => {
    if (!place.dataset.new) return;
    const given = new URLSearchParams({ of: place.dataset.of, on: day(start), start: moment(start) });
    if (end) given.set("end", moment(end));
    try {
      const answer = await fetch(`${place.dataset.slot}?${given}`, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) throw new Error();
      slot.innerHTML = await answer.text();
    } catch { window.location.assign(`${place.dataset.new}?${given}`); return; }
    slot.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
    slot.querySelector("[data-leave]").onclick = () => slot.close();
    slot.showModal();
    const first = slot.querySelector("details[open] input:not([type=hidden])");
    if (first) first.focus();
  };

  const mover = programmeMover(place, words, moment, () => calendar.refetchEvents());
  const move = ({ event, revert }) => {
    const times = { starts_at: moment(event.start), ends_at: moment(event.end) };
    revert();
    mover.move(event, times);
  };
  const load = async (info, of) => {
    const given = new URLSearchParams({ of, start: day(info.start), end: day(info.end) });
    const answer = await fetch(`${place.dataset.events}?${given}`, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Error(words.failed);
    return (await answer.json()).events;
  };
  // Other programmes over this one: their times with the way there, not their working hours and holidays again.
  const boxes = [...document.querySelectorAll("#programme-beside input")];
  const chosen = () => boxes.filter((box) => box.checked);
  const besides = async (info) => (await Promise.all(chosen().map(async (box) => (await load(info, box.value))
    .filter((piece) => !/^(off|note)-/.test(piece.id))
    .map((piece) => ({
      ...piece,
      id: /^busy-/.test(piece.id) ? `${box.value}-${piece.id}` : piece.id,
      classNames: [...piece.classNames, `ok-beside-${box.dataset.number}`],
      extendedProps: { ...piece.extendedProps, whose: box.dataset.name },
    }))))).flat();
  boxes.forEach((box) => box.addEventListener("change", () => { address(); calendar.refetchEvents(); }));
  let shown = { type: "", from: null, until: null };
  const address = () => {
    const given = new URLSearchParams({ of: place.dataset.of, view: names[shown.type], on: day(shown.from) });
    chosen().forEach((box) => given.append("with", box.value));
    window.history.replaceState(null, "", `${place.dataset.calendar}?${given}`);
  };

  let dragged = false;
  const calendar = EventCalendar.create(place, {
    view: narrow && place.dataset.view === "week" ? "listWeek" : views[place.dataset.view] || (narrow ? "listWeek" : "timeGridWeek"),
    date: place.dataset.on,
    timeZone: "+03:00",
    locale: "tr-TR",
    firstDay: 1,
    height: narrow ? undefined : "calc(100vh - 15.5rem)",
    headerToolbar: narrow
      ? { start: "title", center: "prev,today,next", end: "listWeek,timeGridDay,dayGridMonth" }
      : { start: "prev,today,next", center: "title", end: "timeGridDay,timeGridWeek,dayGridMonth,listWeek" },
    buttonText: () => ({
      today: words.today, timeGridDay: words.day, timeGridWeek: words.week, dayGridMonth: words.month, listWeek: words.agenda,
      prev: words.previous, next: words.next, close: words.close, collapse: words.close, expand: words.more,
    }),
    views: Object.fromEntries(Object.values(views).map((view) => [view, {
      buttonText: (text) => ({ ...text, prev: words.previous, next: words.next }),
      ...(view === "listWeek" ? { duration: { days: 7 } } : {}), // from the day on, not from Monday
      ...(view === "dayGridMonth" ? { dayHeaderFormat: { weekday: "short" }, titleFormat: { year: "numeric", month: "long" } } : {}),
    }])),
    titleFormat: { year: "numeric", month: "long", day: "numeric" },
    dayHeaderFormat: { weekday: "short", day: "numeric", month: "long" },
    eventTimeFormat: (start, end) => (end && end > start ? `${clock(start)}–${clock(end)}` : clock(start)),
    slotLabelFormat: clock,
    slotMinTime: "07:00", slotMaxTime: "21:00", slotDuration: "00:30", snapDuration: "00:15", slotHeight: 26,
    flexibleSlotTimeLimits: true,
    scrollTime: "08:00",
    nowIndicator: true,
    allDayContent: words.all_day,
    noEventsContent: words.none,
    moreLinkContent: (arg) => `+${arg.num} ${words.more}`,
    dayMaxEvents: true,
    lazyFetching: false,
    editable: false,
    selectable: Boolean(place.dataset.new),
    select: (info) => (info.allDay ? create(new Date(info.start.getTime() + 9 * 3600000)) : create(info.start, info.end)),
    dateClick: (info) => (info.allDay ? create(new Date(info.date.getTime() + 9 * 3600000)) : create(info.date)),
    eventDragStart: () => { dragged = true; },
    eventResizeStart: () => { dragged = true; },
    eventDrop: move,
    eventResize: move,
    eventContent: (info) => {
      const { mark, place: where, url, whose } = info.event.extendedProps;
      if (info.event.display === "background") return undefined;
      const lines = document.createElement(url ? "a" : "div");
      if (url) { lines.href = url; lines.draggable = false; }
      if (info.event.startEditable ?? info.event.editable) { lines.dataset.moves = info.event.id; lines.setAttribute("aria-describedby", "programme-keys"); }
      const inMonth = info.view.type === "dayGridMonth", isShort = !inMonth && info.view.type !== "listWeek" && info.event.end - info.event.start <= 2700000;
      lines.className = `ok-event${isShort ? " ok-short" : ""}${inMonth ? " ok-one-line" : ""}`;
      const add = (text, css) => {
        if (!text) return;
        const line = document.createElement("span");
        line.className = css;
        line.textContent = text;
        lines.append(line);
      };
      const time = info.event.allDay ? "" : isShort || inMonth ? clock(info.event.start) : info.timeText;
      lines.title = [info.timeText, info.event.title, where, whose].filter(Boolean).join(" · ");
      // The name is what is looked for; what it is about stands where there is room.
      const name = info.event.classNames.includes("ok-kind-appointment") ? info.event.title.split(": ")[0] : info.event.title;
      if (isShort) add(name, "ok-event-title");
      add([time, mark].filter(Boolean).join(" · "), "ok-event-time");
      if (!isShort) add(info.event.title, "ok-event-title");
      add([where, whose].filter(Boolean).join(" · "), "ok-event-place");
      return { domNodes: [lines] };
    },
    eventSources: [{ events: (info) => load(info, place.dataset.of) }, { events: (info) => besides(info) }],
    datesSet: (info) => {
      shown = { type: info.view.type, from: info.view.currentStart, until: info.view.currentEnd };
      address();
      const now = place.dataset.today, printed = day(shown.from) <= now && now < day(shown.until) ? now : day(shown.from);
      document.querySelectorAll("a[data-with-day]").forEach((link) => {
        const url = new URL(link.href);
        url.searchParams.set("on", printed);
        link.href = url;
        const text = link.querySelector("[data-day-text]");
        if (text) text.textContent = new Intl.DateTimeFormat(document.documentElement.lang || "tr", { day: "numeric", month: "long" }).format(new Date(`${printed}T12:00`));
      });
    },
  });
  // The library's roles promise a table that it does not draw: what it draws is headings, and our links.
  const tidy = () => {
    place.querySelectorAll("[role]:not([role=heading])").forEach((item) => item.removeAttribute("role"));
    ["aria-colindex", "aria-rowindex", "aria-colcount", "aria-rowcount", "aria-colspan", "aria-rowspan"].forEach((name) => {
      place.querySelectorAll(`[${name}]`).forEach((item) => item.removeAttribute(name));
    });
    place.querySelectorAll("h4:not([role])").forEach((item) => { item.setAttribute("role", "heading"); item.setAttribute("aria-level", "3"); });
    place.querySelectorAll("nav:not([aria-label])").forEach((item) => item.setAttribute("aria-label", words.calendar));
  };
  new MutationObserver(tidy).observe(place, { childList: true, subtree: true, attributes: true, attributeFilter: ["role", "aria-colindex"] });
  // Letting go after dragging is no click on the entry.
  place.addEventListener("pointerdown", () => { dragged = false; }, true);
  place.addEventListener("click", (event) => { if (dragged) { event.preventDefault(); dragged = false; } }, true);
  // Alt with an arrow does by keyboard what dragging does; keys pressed in a row are one move.
  let waiting, pressed = { id: "", minutes: 0 };
  place.addEventListener("keydown", (event) => {
    const item = event.target.closest("[data-moves]"), by = { ArrowUp: -15, ArrowDown: 15, ArrowLeft: -1440, ArrowRight: 1440 }[event.key];
    if (!item || !event.altKey || !by) return;
    event.preventDefault();
    const found = calendar.getEventById(item.dataset.moves);
    pressed = { id: found.id, minutes: (pressed.id === found.id ? pressed.minutes : 0) + by };
    const at = (date) => new Date(date.getTime() + pressed.minutes * 60000);
    mover.say(`${found.title}: ${new Intl.DateTimeFormat("tr-TR", { weekday: "short", day: "numeric", month: "short" }).format(at(found.start))} ${clock(at(found.start))}`);
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      const times = { starts_at: moment(at(found.start)), ends_at: moment(at(found.end)) };
      pressed = { id: "", minutes: 0 };
      mover.move(found, times);
    }, 900);
  });
  place.hidden = false;
  document.querySelectorAll("#programme-beside").forEach((part) => { part.hidden = false; });
  tidy();
  document.getElementById("programme-agenda").hidden = true;
});
