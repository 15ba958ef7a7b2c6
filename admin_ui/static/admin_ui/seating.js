"use strict";
/* Names are moved onto seats: dragged with the mouse, or chosen first and then the seat, by touch or keyboard. The server
   moves them and draws the plan anew. Without this file one chooses name, row and seat in the form. */
document.addEventListener("DOMContentLoaded", () => {
  let plan = document.querySelector("[data-plan]");
  if (!plan) return;
  let chosen = null, dragged = 0;

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
    const scrolls = [...plan.querySelectorAll(".ok-seats")].map((one) => one.scrollLeft);
    const label = `${seat.dataset.row}|${seat.dataset.number}`;
    try {
      const answer = await fetch(fields.action, { method: "POST", body: new FormData(fields), credentials: "same-origin" });
      const drawn = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-plan]");
      if (!answer.ok || !drawn) throw new Error();
      plan.replaceWith(drawn);
      plan = drawn;
      chosen = null;
      begin();
      [...plan.querySelectorAll(".ok-seats")].forEach((one, n) => { one.scrollLeft = scrolls[n] || 0; });
      const at = [...plan.querySelectorAll("[data-number]")].find((one) => `${one.dataset.row}|${one.dataset.number}` === label);
      if (at) { at.focus({ preventScroll: true }); say(at.getAttribute("aria-label")); }
    } catch {
      fields.submit();
    }
  }

  function begin() {
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
      if (chosen && button !== chosen && button.dataset.number && !button.hasAttribute("data-blocked")) move(chosen.dataset.who, button);
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
