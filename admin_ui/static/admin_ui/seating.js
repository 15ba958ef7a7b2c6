"use strict";
/* Names are moved onto seats: dragged with the mouse, or chosen first and then the seat, by touch or keyboard. The server
   moves them and draws the plan anew. Without this file one chooses name, row and seat in the form. */
document.addEventListener("DOMContentLoaded", () => {
  let plan = document.querySelector("[data-plan]");
  if (!plan) return;
  let chosen = null, dragged = 0;
  let level = 0, sought = ""; // 0: the whole hall, else how large a seat is drawn
  const LEVELS = [0.5, 0.6, 0.75, 0.9, 1, 1.25, 1.5];
  const SMALLEST = 0.55; // below this nobody hits a seat with a finger: then the hall is scrolled

  const form = () => plan.querySelector("#move");
  const say = (words) => { const told = plan.querySelector("[data-told]"); if (told) told.textContent = words; };

  function choose(button) {
    if (chosen) chosen.setAttribute("aria-pressed", "false");
    chosen = chosen === button ? null : button;
    if (chosen) {
      chosen.setAttribute("aria-pressed", "true");
      plan.querySelector("#move-who").value = chosen.dataset.who;
      say(chosen.dataset.name);
    }
  }

  async function move(who, seat) {
    const fields = form();
    plan.querySelector("#move-who").value = who;
    plan.querySelector("#move-row").value = seat.dataset.row;
    plan.querySelector("#move-number").value = seat.dataset.number;
    const view = plan.querySelector(".ok-room-view"), names = plan.querySelector(".ok-hall-names");
    const scrolls = [view.scrollLeft, view.scrollTop, names.scrollTop];
    const label = `${seat.dataset.row}|${seat.dataset.number}`;
    try {
      const answer = await fetch(fields.action, { method: "POST", body: new FormData(fields), credentials: "same-origin" });
      const drawn = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-plan]");
      if (!answer.ok || !drawn) throw new Error();
      plan.replaceWith(drawn);
      plan = drawn;
      chosen = null;
      begin();
      const fresh = plan.querySelector(".ok-room-view");
      [fresh.scrollLeft, fresh.scrollTop, plan.querySelector(".ok-hall-names").scrollTop] = scrolls;
      const at = [...plan.querySelectorAll("[data-number]")].find((one) => `${one.dataset.row}|${one.dataset.number}` === label);
      if (at) { at.focus({ preventScroll: true }); say(at.getAttribute("aria-label")); }
    } catch {
      fields.submit();
    }
  }

  // How large the hall is drawn. Where whole names have no room, seats say initials; the list beside has the names.
  function draw() {
    const sheet = plan.querySelector("[data-sheet]"), view = sheet.parentElement;
    const put = (size, far) => { sheet.classList.toggle("ok-far", far); sheet.style.setProperty("zoom", String(size)); };
    const room = () => { put(1, sheet.classList.contains("ok-far")); return (view.clientWidth - 8) / sheet.scrollWidth; };
    if (level) put(level, false);
    else {
      put(1, false);
      let size = room();
      const far = size < 0.8;
      if (far) { put(1, true); size = room(); }
      put(Math.max(Math.min(size, 1), SMALLEST), far);
    }
    view.scrollLeft = (view.scrollWidth - view.clientWidth) / 2; // the stage is in the middle
    plan.querySelector("[data-fit]").setAttribute("aria-pressed", String(!level));
    plan.querySelector("[data-zoom] output").textContent = level ? `%${Math.round(level * 100)}` : "";
  }

  function step(by) {
    const from = level || Number(plan.querySelector("[data-sheet]").style.getPropertyValue("zoom"));
    const next = by > 0 ? LEVELS.find((one) => one > from + 0.01) : [...LEVELS].reverse().find((one) => one < from - 0.01);
    if (next) { level = next; draw(); }
  }

  function sift() {
    const words = sought.toLocaleLowerCase("tr").split(/\s+/).filter(Boolean);
    plan.querySelectorAll(".ok-hall-names li").forEach((one) => {
      const text = one.textContent.toLocaleLowerCase("tr");
      one.hidden = !words.every((word) => text.includes(word));
    });
  }

  function look() {
    plan.querySelectorAll("[data-zoom], [data-filter]").forEach((one) => { one.hidden = false; });
    plan.querySelector("[data-fit]").addEventListener("click", () => { level = 0; draw(); });
    plan.querySelector("[data-in]").addEventListener("click", () => step(1));
    plan.querySelector("[data-out]").addEventListener("click", () => step(-1));
    const filter = plan.querySelector("#hall-filter");
    filter.value = sought;
    filter.addEventListener("input", () => { sought = filter.value; sift(); });
    sift();
    draw();
  }
  window.addEventListener("resize", () => { if (!level) draw(); });

  function begin() {
    look();
    if (!plan.hasAttribute("data-open")) return;
    const hint = plan.querySelector("[data-hint]");
    if (hint) hint.hidden = false;
    plan.addEventListener("pointerdown", (down) => {
      const button = down.target.closest("[data-who]");
      if (!button || down.pointerType === "touch" || down.button !== 0) return;
      let over = null, drags = false;
      const follow = (event) => {
        if (!drags && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < 6) return;
        drags = true;
        button.classList.add("ok-dragged");
        const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-number]");
        if (over) over.classList.remove("ok-over");
        over = under && under !== button && !under.hasAttribute("data-blocked") ? under : null;
        if (over) over.classList.add("ok-over");
      };
      const end = () => {
        document.removeEventListener("pointermove", follow);
        document.removeEventListener("pointerup", end);
        document.removeEventListener("pointercancel", end);
        button.classList.remove("ok-dragged");
        if (over) over.classList.remove("ok-over");
        if (!drags) return;
        dragged = Date.now();
        if (over) move(button.dataset.who, over);
      };
      document.addEventListener("pointermove", follow);
      document.addEventListener("pointerup", end);
      document.addEventListener("pointercancel", end);
    });
    plan.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-who], button[data-number]");
      if (!button || Date.now() - dragged < 300) return; // the click that ends a drag is none
      if (chosen && chosen.dataset.who !== button.dataset.who && button.dataset.number && !button.hasAttribute("data-blocked")) move(chosen.dataset.who, button);
      else if (button.dataset.who) choose(button);
      else if (button.dataset.number) {
        plan.querySelector("#move-row").value = button.dataset.row;
        plan.querySelector("#move-number").value = button.dataset.number;
        say(button.getAttribute("aria-label"));
      }
    });
  }
  begin();
});
