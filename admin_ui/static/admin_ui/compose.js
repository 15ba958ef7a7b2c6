"use strict";
/* The composer: the paper and the checker follow what is typed; the server draws both. A row that is filled grows another. */
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("compose"), paper = document.getElementById("paper");
  if (!form || !paper) return;
  let timer = 0, turn = 0;
  const draw = async () => {
    const mine = ++turn;
    const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    if (!answer.ok || answer.redirected || mine !== turn) return;
    const piece = document.createElement("template");
    piece.innerHTML = await answer.text();
    paper.replaceChildren(piece.content);
    offer();
  };
  const offer = () => paper.querySelectorAll("[data-put]").forEach((button) => { button.hidden = false; });
  const put = (field, words) => {
    if (field.name !== "body") { field.value = words; return; }
    const at = field.selectionStart, before = field.value.slice(0, at), after = field.value.slice(field.selectionEnd);
    const glue = before && !/\s$/.test(before) ? " " : "";
    field.value = before + glue + words + after;
    field.selectionStart = field.selectionEnd = (before + glue + words).length;
  };
  paper.addEventListener("click", (event) => {
    const button = event.target.closest("[data-put]");
    if (!button) return;
    const field = form.querySelector(`[name=${button.dataset.put}]`);
    put(field, button.dataset.words);
    field.focus();
    draw();
  });
  offer();
  const grow = (set) => {
    const rows = [...set.querySelectorAll("[data-row]")], last = rows[rows.length - 1];
    const total = set.querySelector("[name$=-TOTAL_FORMS]");
    if (!last || rows.length >= 60 || ![...last.querySelectorAll("input[type=text], select")].some((item) => item.value && !item.matches("select") || item.matches("select[name$=person]") && item.value)) return;
    const fresh = last.cloneNode(true), from = rows.length - 1, to = rows.length;
    fresh.querySelectorAll("*").forEach((item) => {
      ["name", "id", "for", "aria-describedby"].forEach((name) => {
        const value = item.getAttribute(name);
        if (value) item.setAttribute(name, value.replace(`-${from}-`, `-${to}-`));
      });
      if (item.matches("input[type=checkbox]")) item.checked = false;
      else if (item.matches("input, textarea")) item.value = "";
      else if (item.matches("select")) item.selectedIndex = 0;
    });
    fresh.querySelectorAll("[data-picker]").forEach((frame) => {
      frame.removeAttribute("data-ready");
      frame.querySelectorAll(".ok-picker-list, [role=status], [data-offered]").forEach((part) => part.remove());
      frame.querySelector("[data-linked]").hidden = true;
    });
    last.after(fresh);
    pickers(fresh);  // of picker.js
    total.value = String(to + 1);
  };
  // What only an official letter has is not there for one of the makam, and the other way round; nothing typed is lost.
  const kind = form.querySelector("[name=kind]"), personal = (form.dataset.personal || "").split(" ");
  const suit = () => {
    const isPersonal = personal.includes(kind.value);
    form.querySelectorAll("[data-official]").forEach((part) => { part.hidden = isPersonal; });
    form.querySelectorAll("[data-of-the-makam]").forEach((part) => { part.hidden = !isPersonal; });
  };
  if (kind && form.dataset.personal) kind.addEventListener("change", suit);
  const soon = (event) => {
    const set = event.target.closest(".ok-rowset");
    if (set) grow(set);
    window.clearTimeout(timer);
    timer = window.setTimeout(draw, 500);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("picked", soon);
});
