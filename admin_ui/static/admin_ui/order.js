"use strict";
/* Rows of an order are moved by their handle or by arrows, and the numbers follow: equal ones stay equal, and what is put
   between two equal ones becomes equal to them. Without this file one writes the numbers. */
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-order]");
  const body = form && form.querySelector("[data-rows]");
  if (!body || !body.querySelector("[data-place]")) return;
  const told = form.querySelector("[data-told]");
  const rows = () => [...body.querySelectorAll("[data-row]")];
  const field = (row) => row.querySelector("[data-place]");

  function renumber(moved) {
    const all = rows();
    const at = all.indexOf(moved);
    const before = all[at - 1], after = all[at + 1];
    const joins = before && after && field(before).value.trim() !== "" && field(before).value === field(after).value;
    const ranked = all.filter((row) => row === moved || field(row).value.trim() !== "");
    const group = new Map(ranked.map((row) => [row, row === moved && !joins ? "moved" : row === moved ? field(before).value : field(row).value]));
    let place = 0, last = null;
    for (const row of ranked) {
      if (group.get(row) !== last) { place += 1; last = group.get(row); }
      field(row).value = String(place);
    }
    told.textContent = `${moved.querySelector("a").textContent}: ${field(moved).value}`;
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  for (const row of rows()) {
    for (const [name, step] of [["data-up", -1], ["data-down", 1]]) {
      const button = row.querySelector(`[${name}]`);
      button.hidden = false;
      button.addEventListener("click", () => {
        const all = rows(), other = all[all.indexOf(row) + step];
        if (!other) return;
        if (step < 0) body.insertBefore(row, other); else body.insertBefore(other, row);
        renumber(row);
        button.focus();
      });
    }
    const handle = row.querySelector("[data-handle]");
    handle.addEventListener("pointerdown", (down) => {
      down.preventDefault();
      row.classList.add("ok-dragged");
      const start = rows().indexOf(row);
      // On the document: a row that is put elsewhere loses what it had captured.
      const move = (event) => {
        if (event.pointerId !== down.pointerId) return;
        const under = rows().find((one) => { const box = one.getBoundingClientRect(); return event.clientY >= box.top && event.clientY < box.bottom; });
        if (!under || under === row) return;
        const box = under.getBoundingClientRect();
        body.insertBefore(row, event.clientY < box.top + box.height / 2 ? under : under.nextSibling);
      };
      const end = (event) => {
        if (event.pointerId !== down.pointerId) return;
        document.removeEventListener("pointermove", move);
        document.removeEventListener("pointerup", end);
        document.removeEventListener("pointercancel", end);
        row.classList.remove("ok-dragged");
        if (rows().indexOf(row) !== start) renumber(row);
      };
      document.addEventListener("pointermove", move);
      document.addEventListener("pointerup", end);
      document.addEventListener("pointercancel", end);
    });
  }
});
