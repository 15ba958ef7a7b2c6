"use strict";
/* A part of a page follows what others do: what the server draws takes its place, unless somebody is writing in it or a press
   is on its way, until the server no longer asks for it. Where the part names a subscription (data-live) the server tells when;
   while it does not answer, and everywhere else, it is asked every data-follow seconds. A part with an address of its own
   (data-follow-url) is fetched from there, not with its page; one that every page has (data-shared) is listened for by one tab of
   the browser, which tells the others. Without this file one reloads the page. */
document.addEventListener("DOMContentLoaded", () => {
  const begin = () => document.querySelectorAll("[data-follow]").forEach((part) => { if (!followed.has(part)) { followed.add(part); follow(part); } });
  begin();
  document.addEventListener("htmx:load", begin);
});
const followed = new WeakSet();

/* What stands in a part, without the token of its forms, which is another every time: what is the same is not read out again. */
const bare = (part) => part.innerHTML.replace(/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1");
const nameOf = (item) => item.getAttribute("aria-label") || item.pathname || null;

function follow(part) {
  const seconds = Number(part.dataset.follow);
  const seldom = 120;
  let pressed = false, live = false, changed = false, asked = Date.now(), over = false;
  document.addEventListener("submit", () => { pressed = true; window.setTimeout(() => { pressed = false; }, 5000); });
  const busy = () => pressed || document.hidden || part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")
    || part.querySelector("form details[open]") || [...part.querySelectorAll("input[name=note]")].some((field) => field.value);
  const draw = async () => {
    if (!part.isConnected) { over = true; window.clearInterval(rounds); return; }
    const headers = { "X-Follow": part.id, ...(changed && { "Ozelkalem-Position": "latest" }) };  // of what an event announced
    changed = false;
    asked = Date.now();
    try {
      const answer = await fetch(part.dataset.followUrl || window.location.href, { credentials: "same-origin", cache: "no-store", headers });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
      if (!fresh || busy()) { changed = true; return; }
      if (!fresh.dataset.follow) { over = true; window.clearInterval(rounds); }
      if (bare(fresh) === bare(part)) return;
      const focused = document.activeElement && part.contains(document.activeElement) ? nameOf(document.activeElement) : null;
      part.replaceChildren(...fresh.childNodes);
      if (window.htmx) window.htmx.process(part);
      if (focused) [...part.querySelectorAll("a[href], [aria-label]")].find((item) => nameOf(item) === focused)?.focus();
    } catch { /* offline: the next round tries again */ }
  };
  const rounds = window.setInterval(() => {
    const due = Date.now() - asked >= (live ? seldom : seconds) * 1000;
    if ((changed || due) && !busy()) draw();
  }, Math.min(seconds, 2) * 1000);
  if (part.dataset.live) {
    if (part.dataset.shared && navigator.locks && window.BroadcastChannel) share();
    else listen();
  }

  /* One tab holds the stream and passes on what it hears: a browser opens few connections to one server. */
  function share() {
    const channel = new BroadcastChannel(part.id);
    channel.onmessage = hear;
    navigator.locks.request(part.id, () => listen(() => channel.postMessage("changed")));
  }

  function hear() {
    changed = true;
    if (!busy()) draw();
  }

  /* Nobody tells any more: asked by rounds again. */
  function rest() {
    live = false;
    delete part.dataset.told;
  }

  async function listen(passOn = () => {}) {
    let last = "", wait = 1, first = true;
    while (!over) {
      try {
        const headers = { "Content-Type": "application/json", Accept: "text/event-stream", "X-CSRFToken": part.dataset.csrf };
        if (last) headers["Last-Event-ID"] = last;
        const answer = await fetch(part.dataset.stream, { method: "POST", credentials: "include", headers, body: part.dataset.live });
        if (answer.status === 401 || answer.status === 403) return;
        if (!answer.ok) throw new Error(String(answer.status));
        live = true;
        wait = 1;
        part.dataset.told = "yes";
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let text = "", slow = false; ;) {
          const { value, done } = await reader.read();
          if (done) break;
          const blocks = (text + value).split("\n\n");
          text = blocks.pop();
          for (const block of blocks) {
            const lines = Object.fromEntries(block.split("\n").filter((line) => line.indexOf(":") > 0).map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]));
            if (lines.event === "complete") { rest(); if (!slow) return; throw new Error("too slow"); }
            if (lines.id) last = lines.id;
            if (lines.event !== "next") continue;
            slow = lines.data.includes("\"TOO_SLOW\"");
            if (!first) { passOn(); hear(); }
            first = false;
          }
        }
      } catch { /* not there, or gone: asked by rounds until it is there again */ }
      rest();
      await new Promise((resolve) => { window.setTimeout(resolve, wait * 1000); });
      wait = Math.min(wait * 2, 60);
    }
  }
}
