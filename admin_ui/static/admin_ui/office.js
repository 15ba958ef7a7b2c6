"use strict";
/* Comfort only: every page does its work without this file. */
// The page is hidden until Alpine has started, and a hidden field takes no focus.
document.addEventListener("alpine:initialized", () => window.requestAnimationFrame(() => {
  const first = document.querySelector("main [autofocus]");
  if (first && document.activeElement === document.body) first.focus();
}));
document.addEventListener("DOMContentLoaded", () => {
  const all = document.querySelector("[data-check-all]");
  if (all) all.addEventListener("change", () => {
    document.querySelectorAll("input[name=key]").forEach((box) => { box.checked = all.checked; });
  });
  // A form is sent once, however often the button is pressed.
  document.querySelectorAll("form[data-once]").forEach((form) => form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
  }));
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-once]").forEach((form) => { delete form.dataset.sent; }));
  // "/" leads to the search box, Ctrl+Enter sends the form one writes in.
  document.addEventListener("keydown", (event) => {
    const writing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !writing) {
      const box = document.querySelector("[data-shortcut='/']");
      if (box) { event.preventDefault(); box.focus(); }
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
      event.preventDefault();
      const main = event.target.form.querySelector("[data-main]");
      event.target.form.requestSubmit(main || undefined);
    }
  });
  // data-when="channel=CIMER regime=CIMER": a field that is shown where one of these has that value, or it holds something.
  document.querySelectorAll("[data-when]").forEach((field) => {
    const wanted = field.dataset.when.split(" ").map((pair) => pair.split("="));
    const other = (name) => field.form.elements.namedItem(name);
    const show = () => { field.closest(".ok-field").hidden = !field.value && !wanted.some(([name, value]) => other(name).value === value); };
    wanted.forEach(([name]) => other(name).addEventListener("change", show));
    show();
  });
  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
});
