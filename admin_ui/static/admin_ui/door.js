"use strict";
/* Checking in on a phone. What is ticked counts here at once and waits in the browser until the server took it; the same
   scan sent twice is one. Names are looked up in the list that was last read, so that a cut line stops nobody at the door. */
document.addEventListener("DOMContentLoaded", () => {
  const door = document.getElementById("door");
  if (!door || !window.localStorage) return;
  const { list, send, undo, worker, event } = door.dataset;
  const LIST = `door-list-${event}`, QUEUE = `door-queue-${event}`;
  const words = JSON.parse(document.getElementById("door-words").textContent);
  const part = (name) => door.querySelector(`[data-${name}]`);
  const rows = part("rows"), told = part("told"), line = part("line"), count = part("count"), search = part("search"), code = part("code");
  const read = (name, other) => { try { return JSON.parse(localStorage.getItem(name)) || other; } catch { return other; } };
  const write = (name, value) => localStorage.setItem(name, JSON.stringify(value));
  const fold = (text) => text.toLocaleLowerCase("tr").normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/ı/g, "i");
  let known = read(LIST, { guests: [], people: 0, until: "" });
  let sending = false;
  const forget = () => {
    localStorage.removeItem(LIST); localStorage.removeItem(QUEUE);
    navigator.serviceWorker?.controller?.postMessage("forget");
  };
  if (known.until && new Date(known.until) < new Date()) { forget(); known = { guests: [], people: 0, until: "" }; }
  const clock = (at) => new Date(at).toLocaleTimeString("tr-TR", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
  const back = part("take-back");
  let last = null;
  const say = (text, tone, seat = "") => {
    told.textContent = text;
    told.className = `ok-door-told ok-${tone}`;
    if (seat) {
      const big = document.createElement("strong");
      big.className = "ok-door-seat";
      big.textContent = seat;
      told.append(" ", big);
    }
    last = null;
    back.hidden = true;
  };
  const waiting = () => read(QUEUE, []);
  const state = () => {
    const left = waiting().length;
    line.textContent = left ? words.waiting.replace("%s", left) : words.online;
    line.className = left ? "ok-badge ok-orange" : "ok-badge ok-green";
    count.textContent = known.people + waiting().reduce((sum, one) => sum + (one.counts || 0), 0);
  };
  const draw = () => {
    const wanted = fold(search.value.trim()).split(/\s+/).filter(Boolean);
    const found = known.guests.filter((one) => wanted.every((word) => fold(`${one.name} ${one.title}`).includes(word)));
    found.sort((one, other) => Boolean(one.at) - Boolean(other.at));
    rows.replaceChildren(...found.slice(0, 60).map((one) => {
      const item = document.createElement("li"), button = document.createElement("button");
      const name = document.createElement("strong"), more = document.createElement("span"), side = document.createElement("span");
      name.textContent = one.name;
      more.className = "ok-small";
      more.textContent = [one.seat, one.represented && `${words.represented}: ${one.represented}`, one.title, one.people > 1 && words.people.replace("%s", one.people)].filter(Boolean).join(" · ");
      side.className = `ok-badge ok-${one.at ? "green" : one.vip ? "blue" : "grey"}`;
      side.textContent = one.at ? clock(one.at) : one.vip ? words.vip : words.come;
      button.type = "button"; button.className = "ok-door-row"; button.append(name, more, side);
      button.addEventListener("click", () => take({ guest: one.key }));
      item.append(button);
      return item;
    }));
    state();
  };
  const keyOf = (text) => {
    const said = /([A-Za-z0-9_-]{22})-(\d+)\.[A-Za-z0-9_-]+\/?$/.exec(text.trim());
    if (!said) return null;
    const hex = [...atob(said[1].replace(/-/g, "+").replace(/_/g, "/"))].map((c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join("");
    return { key: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"), link: Number(said[2]) };
  };
  const take = (what) => {
    const said = what.code ? keyOf(what.code) : { key: what.guest };
    const one = said && known.guests.find((guest) => guest.key === said.key && (said.link === undefined || said.link === guest.link));
    if (!one && (!said || known.guests.length && !navigator.onLine)) { say(words.unknown, "red"); return; }
    const counts = one && !one.at ? one.people : 0;
    if (one && one.at) say(`${one.name}: ${words.again} ${clock(one.at)}`, "red");
    else if (one) {
      one.at = new Date().toISOString();
      write(LIST, known);
      say(`${one.name}: ${words.welcome}${one.vip ? ` · ${words.vip}` : ""}`, "green", one.seat && `${words.seat} ${one.seat}`);
    }
    const id = crypto.randomUUID();
    if (counts) { last = { id, one }; back.hidden = false; }
    write(QUEUE, [...waiting(), { id, at: new Date().toISOString(), people: one ? one.people : null, counts, ...what }]);
    search.value = "";
    draw();
    flush();
  };
  const flush = async () => {
    const scans = waiting().slice(0, 200);
    if (!scans.length || sending) { state(); return; }
    sending = true;
    try {
      const answer = await fetch(send, { method: "POST", credentials: "same-origin", redirect: "error",
        headers: { "Content-Type": "application/json", "X-CSRFToken": door.dataset.token }, body: JSON.stringify({ scans }) });
      const said = await answer.json();
      if (answer.ok) {
        const done = new Set(said.scans.map((one) => one.id));
        write(QUEUE, waiting().filter((one) => !done.has(one.id)));
        known.people = said.people;
        const newest = said.scans[said.scans.length - 1];
        if (newest && newest.outcome !== "WELCOME" && newest.outcome !== "REPEATED") {
          say(`${newest.guest ? `${newest.guest.name}: ` : ""}${newest.words}${newest.since ? ` ${clock(newest.since)}` : ""}`, "red");
        }
        for (const one of said.scans) {
          const mine = one.guest && known.guests.find((guest) => guest.key === one.guest.key);
          if (mine) mine.at = one.guest.at;
        }
        write(LIST, known);
        draw();
      } else if (said.errors) say(said.errors.join(" "), "red");
    } catch { /* the line is cut: it waits here, and the next round sends it */ } finally { sending = false; state(); }
  };
  // Who was pressed by mistake: what was not sent yet goes from the queue, the rest the server takes back.
  back.addEventListener("click", async () => {
    if (!last) return;
    const { id, one } = last;
    back.hidden = true;
    while (sending) await new Promise((go) => { window.setTimeout(go, 50); });
    if (!waiting().some((scan) => scan.id === id)) {
      try {
        const answer = await fetch(undo, { method: "POST", credentials: "same-origin", redirect: "error",
          headers: { "X-CSRFToken": door.dataset.token }, body: new URLSearchParams({ guest: one.key }) });
        const result = await answer.json();
        if (!answer.ok) { say(result.errors.join(" "), "red"); return; }
        known.people = result.people;
      } catch { return; }
    } else write(QUEUE, waiting().filter((scan) => scan.id !== id));
    const mine = known.guests.find((guest) => guest.key === one.key);
    if (mine) mine.at = "";
    write(LIST, known);
    say(`${one.name}: ${words.undone}`, "grey");
    draw();
  });
  const refresh = async () => {
    await flush();
    if (waiting().length) return;
    try {
      const answer = await fetch(list, { credentials: "same-origin", redirect: "error", cache: "no-store" });
      if (answer.status === 403 || answer.status === 404) { forget(); known = { guests: [], people: 0, until: "" }; draw(); return; }
      if (!answer.ok) return;
      const fresh = await answer.json();
      if (waiting().length) return;
      known = fresh;
      write(LIST, known);
      draw();
    } catch { /* the list that is known stays */ }
  };
  search.addEventListener("input", draw);
  door.querySelector("[data-search-form]").addEventListener("submit", (one) => { one.preventDefault(); draw(); });
  door.querySelector("[data-code-form]").addEventListener("submit", (one) => {
    one.preventDefault();
    if (code.value.trim()) take({ code: code.value.trim() });
    code.value = ""; code.focus();
  });
  part("forget").addEventListener("click", () => { if (!waiting().length) { forget(); known = { guests: [], people: 0, until: "" }; draw(); say(words.forgotten, "grey"); } });
  window.addEventListener("online", refresh);
  window.setInterval(() => { if (!document.hidden) refresh(); }, 8000);
  navigator.serviceWorker?.register(worker, { scope: "/admin/events/event/" }).catch(() => {});
  const camera = part("camera");
  if ("BarcodeDetector" in window && navigator.mediaDevices) {
    camera.hidden = false;
    camera.addEventListener("click", async () => {
      const film = part("film");
      try {
        const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        film.srcObject = stream; film.hidden = false; await film.play();
        const eye = new window.BarcodeDetector({ formats: ["qr_code"] });
        let lastCode = "";
        const look = window.setInterval(async () => {
          if (film.hidden) { window.clearInterval(look); return; }
          const [seen] = await eye.detect(film).catch(() => []);
          if (seen && seen.rawValue !== lastCode) { lastCode = seen.rawValue; take({ code: lastCode }); window.setTimeout(() => { lastCode = ""; }, 3000); }
        }, 300);
      } catch { say(words.camera, "red"); }
    });
  }
  draw();
  refresh();
});
