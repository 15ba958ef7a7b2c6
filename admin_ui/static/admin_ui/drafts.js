"use strict";
/* A long text ([data-draft]) is saved by the server as one types, for its writer alone, and stands there again after a crash, a
   sign-out or on another device; the server discards it once its form was carried out. Until it can be saved it is kept by the
   page and nowhere else: the browser's storage would leave it on a shared PC. Leaving with unsaved text asks, and so does leaving
   with what was typed into the short fields of a form, which are no drafts. */
document.addEventListener("DOMContentLoaded", () => {
  const page = document.querySelector("main[data-drafts]");
  if (!page) return;
  const url = page.dataset.drafts, PAUSE = 1500, LONGEST = 5000, AGAIN = 5000;
  const states = new Map();
  const pageOf = (form) => new URL(form.getAttribute("action") || "", window.location.href).pathname;
  const token = (field) => field.form.querySelector("[name=csrfmiddlewaretoken]");
  const body = (field) => new URLSearchParams({ user: page.dataset.user, page: pageOf(field.form), field: field.name, text: field.value, seen: states.get(field).seen });
  const unsaved = () => [...states].filter(([field, state]) => field.isConnected && !state.sent && field.value !== state.saved);

  const say = (field, words, kind, buttons = []) => {
    const state = states.get(field);
    const own = field.closest(".ok-field") || field.parentElement, isOffered = kind === "back" && buttons === state.offered;
    if (!state.line) state.line = document.createElement("p");
    if (isOffered) field.form.prepend(state.line);  // read before the form is filled in
    else if (state.line.parentElement !== own) own.append(state.line);
    if (kind === "saved" && state.offered) buttons = state.offered;
    state.line.className = `ok-draft ok-draft-${kind}`;
    state.line.setAttribute("aria-live", kind === "saved" ? "off" : "polite");
    state.line.replaceChildren(words, ...buttons.map(([text, press]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.addEventListener("click", press);
      return button;
    }));
  };
  const put = (field, text) => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const renewed = async (field) => {
    const answer = await fetch(page.dataset.alive, { credentials: "same-origin", cache: "no-store" });
    const piece = document.createElement("template");
    piece.innerHTML = await answer.text();
    const user = piece.content.querySelector("[data-user]");
    if (!user || user.dataset.user !== page.dataset.user) return user && user.dataset.user ? "other" : "out";
    token(field).value = piece.content.querySelector("input").value;
    return "";
  };
  const send = (field, text) => {
    const asked = body(field);
    asked.set("text", text);
    return fetch(url, { method: "POST", body: asked, headers: { "X-CSRFToken": token(field).value }, credentials: "same-origin" });
  };
  const save = async (field) => {
    const state = states.get(field), text = field.value;
    window.clearTimeout(state.timer);
    state.since = 0;
    if (state.busy || state.sent || state.elsewhere || text === state.saved) return;
    state.busy = true;
    let hindrance = "", answer = null;
    try {
      answer = await send(field, text);
      if (answer.status === 403) {
        hindrance = await renewed(field);
        if (!hindrance) answer = await send(field, text);
      }
      if (answer.redirected) hindrance = await renewed(field);
      else if (answer.status === 409) hindrance = "other";
      else if (answer.status === 412) { state.busy = false; elsewhere(field, await answer.json()); return; }
    } catch { hindrance = "offline"; }
    state.busy = false;
    if (state.sent) return;
    if (!hindrance && answer.status !== 422 && !answer.ok) hindrance = "offline";
    if (hindrance) {
      say(field, page.dataset[`draft${hindrance[0].toUpperCase()}${hindrance.slice(1)}`], "wrong");
      if (hindrance !== "other") state.timer = window.setTimeout(() => save(field), AGAIN);
      return;
    }
    const { words, seen } = await answer.json();
    if (answer.ok) { state.saved = text; state.seen = seen; }
    say(field, words, answer.ok ? "saved" : "wrong");
    if (answer.ok && field.value !== text) soon(field);
  };
  const soon = (field) => {
    const state = states.get(field);
    window.clearTimeout(state.timer);
    state.since = state.since || Date.now();
    state.timer = window.setTimeout(() => save(field), Math.max(0, Math.min(PAUSE, state.since + LONGEST - Date.now())));
  };

  /* The same text is being written in another window: that one is saved, and this one waits for a decision. */
  const elsewhere = (field, found) => {
    const state = states.get(field);
    state.elsewhere = true;
    const go = (text) => { state.elsewhere = false; state.seen = found.seen; if (text !== undefined) { state.saved = text; put(field, text); say(field, "", "saved"); } else save(field); };
    say(field, found.words, "wrong", [[page.dataset.draftThere, () => go(found.text)], [page.dataset.draftHere, () => go()]]);
  };
  const offer = (field, draft) => {
    const state = states.get(field), before = field.value;
    const discard = () => { put(field, before); save(field); };
    if (field.dataset.draft === "offer") {  // the next caller is another one: what was left unfinished is not theirs
      const away = () => { state.offered = null; };
      state.offered = [
        [page.dataset.draftContinue, () => { away(); put(field, draft.text); say(field, draft.words, "back", [[page.dataset.draftUndo, discard]]); }],
        [page.dataset.draftDiscard, async () => { away(); if (field.value === before) try { await send(field, ""); } catch { return; } say(field, "", "saved"); }],
      ];
      say(field, draft.unfinished, "back", state.offered);
      return;
    }
    if (!before.trim()) {
      state.saved = draft.text;
      put(field, draft.text);
      say(field, draft.words, "back", [[page.dataset.draftDiscard, discard]]);
      return;
    }
    say(field, draft.offer, "back", [
      [page.dataset.draftTake, () => { state.saved = draft.text; put(field, draft.text); say(field, draft.words, "back", [[page.dataset.draftUndo, discard]]); }],
      [page.dataset.draftDiscard, async () => { try { await send(field, ""); } catch { return; } say(field, "", "saved"); }],
    ]);
  };
  const begin = async () => {
    const fresh = [...page.querySelectorAll("[data-draft]")].filter((field) => field.form && field.form.method === "post" && token(field) && !states.has(field));
    fresh.forEach((field) => states.set(field, { saved: field.value, timer: 0, since: 0, busy: false, sent: false, elsewhere: false, seen: "", line: null, offered: null }));
    for (const address of new Set(fresh.map((field) => pageOf(field.form)))) {
      try {
        const answer = await fetch(`${url}?page=${encodeURIComponent(address)}`, { credentials: "same-origin", cache: "no-store" });
        if (!answer.ok || answer.redirected) continue;
        const found = (await answer.json()).drafts;
        fresh.filter((field) => pageOf(field.form) === address && found[field.name]).forEach((field) => { states.get(field).seen = found[field.name].seen; });
        fresh.filter((field) => pageOf(field.form) === address && found[field.name] && field.value === states.get(field).saved
          && found[field.name].text !== field.value).forEach((field) => offer(field, found[field.name]));
      } catch { /* offline: nothing to offer */ }
    }
  };
  const LINE = "input:not([type=checkbox], [type=radio], [type=file])", typed = new Map();
  const isLeft = ([field, state]) => field.isConnected && field.checkVisibility() && !state.sent && field.value !== field.defaultValue;
  page.addEventListener("input", ({ target, isTrusted }) => {
    if (states.has(target)) soon(target);
    else if (isTrusted && target.matches(LINE) && target.form && target.form.method === "post") typed.set(target, { sent: false });
  });
  page.addEventListener("change", (event) => { if (states.has(event.target)) soon(event.target); });
  document.addEventListener("htmx:afterSettle", begin);
  window.addEventListener("online", () => unsaved().forEach(([field]) => save(field)));

  // A form that is really sent takes its drafts along: the server discards them. What a part of the page loses is saved before.
  const all = () => [...states, ...typed];
  const take = (form, isSent) => all().forEach(([field, state]) => {
    if (field.form !== form) return;
    state.sent = isSent;
    window.clearTimeout(state.timer);
  });
  // First it is asked who is signed in: a draft that is saved meanwhile could come after the form, and stand there again.
  window.addEventListener("submit", (event) => unsaved().filter(([field]) => field.form === event.target).forEach(([field, state]) => {
    window.clearTimeout(state.timer);
    state.timer = window.setTimeout(() => save(field), LONGEST);
  }), true);
  window.addEventListener("submit", (event) => { if (!event.defaultPrevented && !event.target.target) take(event.target, true); });
  document.addEventListener("htmx:beforeRequest", (event) => take(event.detail.elt, true));
  document.addEventListener("htmx:sendError", (event) => take(event.detail.elt, false));
  document.addEventListener("htmx:beforeSwap", () => unsaved().forEach(([field]) => save(field)));
  window.addEventListener("pageshow", () => all().forEach(([, state]) => { state.sent = false; }));
  const last = () => unsaved().filter(([, state]) => !state.elsewhere).forEach(([field]) => {
    const left = body(field);
    left.set("csrfmiddlewaretoken", token(field).value);
    navigator.sendBeacon(url, left);
  });
  window.addEventListener("pagehide", last);
  document.addEventListener("visibilitychange", () => { if (document.hidden) unsaved().forEach(([field]) => save(field)); });
  window.addEventListener("beforeunload", (event) => {
    last();
    if (unsaved().length || [...typed].some(isLeft)) event.preventDefault();
  });
  begin();
});
