"use strict";
/* In a note (data-mentions: where the people are asked for) an @ opens a list of those who may be mentioned: arrows choose, Enter
   or Tab takes one, Escape closes. Without this file one writes @ and the user name oneself. */
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("textarea[data-mentions]").forEach(mentions));
document.addEventListener("htmx:load", (event) => event.target.querySelectorAll("textarea[data-mentions]").forEach(mentions));

function mentions(field) {
  if (field.hasAttribute("aria-controls")) return;
  const list = document.createElement("ul");
  list.className = "ok-mentions";
  list.id = `${field.id}_mentions`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.mentionsLabel);
  list.hidden = true;
  field.after(list);
  field.setAttribute("aria-controls", list.id);
  let asked = 0, chosen = -1;
  const begun = () => /(?:^|[\s(])@([^\s@]{0,40})$/.exec(field.value.slice(0, field.selectionStart));
  const options = () => [...list.querySelectorAll("[data-name]")];
  const close = () => { list.hidden = true; chosen = -1; field.removeAttribute("aria-activedescendant"); };
  const mark = (to) => {
    const all = options();
    if (!all.length) return;
    chosen = (to + all.length) % all.length;
    all.forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
    field.setAttribute("aria-activedescendant", all[chosen].id);
  };
  const take = (option) => {
    const word = begun();
    if (!word) return;
    const end = field.selectionStart;
    field.setRangeText(`@${option.dataset.name} `, end - word[1].length - 1, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    field.focus();
  };
  field.addEventListener("input", async () => {
    const word = begun(), mine = ++asked;
    if (!word) { close(); return; }
    try {
      const answer = await fetch(`${field.dataset.mentions}?q=${encodeURIComponent(word[1])}`, { credentials: "same-origin", cache: "no-store" });
      if (mine !== asked || !answer.ok || answer.redirected) return;
      list.innerHTML = await answer.text();
      list.hidden = false;
      mark(0);
    } catch { close(); }
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const all = options();
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(); }
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark(chosen + (event.key === "ArrowDown" ? 1 : -1)); }
    else if ((event.key === "Enter" || event.key === "Tab") && all[chosen]) { event.preventDefault(); take(all[chosen]); }
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[data-name]");
    event.preventDefault();
    if (option) take(option);
  });
  field.addEventListener("blur", close);
}
