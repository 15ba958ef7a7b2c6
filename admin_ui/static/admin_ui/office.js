"use strict";
/* Comfort only: every page does its work without this file. */
// Unfold writes the name of a chosen file into the first text field it finds, which here is somebody's answer.
document.addEventListener("change", (event) => { if (event.target.type === "file") event.stopPropagation(); }, true);
// The page is hidden until Alpine has started, and a hidden field takes no focus.
document.addEventListener("alpine:initialized", () => window.requestAnimationFrame(() => {
  const wrong = "main .ok-wrong :is(input, select, textarea):not([type=hidden], :disabled)";
  // The chosen one of many tabs is in sight.
  document.querySelectorAll(".ok-tabs [aria-current]").forEach((tab) => { if (tab.offsetLeft + tab.offsetWidth - tab.parentElement.offsetLeft > tab.parentElement.clientWidth - 40) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 48; });
  const asked = document.querySelector("main .ok-found [autofocus]"); // which of several people it is
  const first = asked || document.querySelector(wrong) || document.querySelector("main [autofocus]");
  if (first && (asked || first.closest(".ok-wrong") || document.activeElement === document.body)) first.focus();
}));
document.addEventListener("DOMContentLoaded", () => {
  const all = document.querySelector("[data-check-all]");
  const boxes = document.querySelectorAll("td.ok-check input[name=key]"), number = document.querySelector("[data-chosen]");
  const count = () => { if (number) number.textContent = String([...boxes].filter((box) => box.checked).length); };
  if (all) all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); count(); });
  boxes.forEach((box) => box.addEventListener("change", count));
  window.addEventListener("pageshow", count);
  // A form is sent once, however often the button is pressed; one that changes a part of the page is looked at before htmx is.
  const stop = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-once]")) {
      if (form.dataset.sent) { stop(event); return; }
      form.dataset.sent = "1";
    }
    if (!form.hasAttribute("hx-post") || !page || !dialog || !page.contains(form)) return;
    if (form.dataset.checked) { delete form.dataset.checked; return; }
    stop(event);
    send(form, event.submitter);
  }, true);
  document.addEventListener("htmx:afterRequest", (event) => { delete event.detail.elt.dataset.sent; });
  document.addEventListener("htmx:sendError", (event) => { if (event.detail.elt.tagName === "FORM") hinder(event.detail.elt, null, "offline"); });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-once]").forEach((form) => { delete form.dataset.sent; }));
  // What was typed is sent only while its writer is signed in; otherwise it stays on the page, and nowhere else.
  const page = document.querySelector("main[data-alive]"), dialog = document.getElementById("signed-out");
  const standing = async (form) => {
    try {
      const answer = await fetch(page.dataset.alive, { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok) return "offline";
      const piece = document.createElement("template");
      piece.innerHTML = await answer.text();
      const user = piece.content.querySelector("[data-user]"), token = piece.content.querySelector("input");
      if (!user || !user.dataset.user) return "out";
      if (user.dataset.user !== page.dataset.user) return "other";
      form.elements.namedItem("csrfmiddlewaretoken").value = token.value;
      return "";
    } catch { return "offline"; }
  };
  const send = async (form, button) => {
    const hindrance = await standing(form);
    delete form.dataset.sent;
    if (!hindrance) {
      form.dataset.checked = "1";
      form.requestSubmit(button || undefined);
      return;
    }
    hinder(form, button, hindrance);
  };
  const hinder = (form, button, hindrance) => {
    dialog.querySelectorAll("[data-hindrance]").forEach((item) => { item.hidden = !item.dataset.hindrance.split(" ").includes(hindrance); });
    dialog.querySelector("[data-again]").onclick = () => { dialog.close(); send(form, button); };
    if (!dialog.open) dialog.showModal();
  };
  if (page && dialog) {
    dialog.querySelector("[data-stay]").addEventListener("click", () => dialog.close());
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (event.defaultPrevented || form.hasAttribute("hx-post") || form.method !== "post" || !page.contains(form)) return;
      if (form.dataset.checked) { delete form.dataset.checked; return; }
      event.preventDefault();
      send(form, event.submitter);
    });
  }
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
