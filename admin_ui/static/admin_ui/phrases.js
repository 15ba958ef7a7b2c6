"use strict";
/* Approved phrases ([data-phrases-of] names the text they go into) are put in where one writes. A / at the beginning of a word opens
   them as a list that what follows narrows: arrows choose, Enter or Tab puts one in, Escape closes. Without this file the button
   asks the server, which puts the phrase at the end. */
(() => {
  const plain = (text) => text.toLocaleLowerCase("tr").normalize("NFD").replace(/[\u0300-\u036f]/g, "").replaceAll("ı", "i");
  const partOf = (field) => document.querySelector(`[data-phrases-of="${CSS.escape(field.id)}"]`);
  const begun = (field) => /(?:^|\s)\/([^\s/][^/\n]{0,40}|)$/.exec(field.value.slice(0, field.selectionStart));
  const lists = new WeakMap();

  function put(field, text, from) {
    const at = from === undefined ? field.selectionStart : from, before = field.value.slice(0, at);
    const gap = before && !/\s$/.test(before) ? " " : "";
    field.setRangeText(gap + text, at, field.selectionEnd, "end");
    const blank = /\{\{[^{}\n]*\}\}/.exec(text);
    if (blank) field.setSelectionRange(at + gap.length + blank.index, at + gap.length + blank.index + blank[0].length);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  function listOf(field) {
    if (lists.has(field)) return lists.get(field);
    const list = document.createElement("ul");
    list.className = "ok-mentions";
    list.id = `${field.id}_phrases`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", partOf(field).querySelector("label").textContent);
    list.hidden = true;
    field.after(list);
    list.addEventListener("mousedown", (event) => {
      const option = event.target.closest("[role=option]");
      event.preventDefault();
      if (option) take(field, option);
    });
    field.addEventListener("blur", () => close(field));
    lists.set(field, list);
    return list;
  }

  function close(field) {
    if (!lists.has(field)) return;
    lists.get(field).hidden = true;
    field.removeAttribute("aria-activedescendant");
  }

  function mark(field, to) {
    const all = [...listOf(field).children];
    if (!all.length) return;
    const place = (to + all.length) % all.length;
    all.forEach((option, one) => option.setAttribute("aria-selected", String(one === place)));
    field.setAttribute("aria-activedescendant", all[place].id);
    all[place].scrollIntoView({ block: "nearest" });
  }

  function take(field, option) {
    const word = begun(field);
    close(field);
    if (word) put(field, option.dataset.text, field.selectionStart - word[1].length - 1);
  }

  function open(field) {
    const word = begun(field), part = partOf(field);
    if (!word || !part) { close(field); return; }
    const asked = plain(word[1]).split(/\s+/).filter(Boolean), list = listOf(field);
    const found = [...part.querySelectorAll("option[data-text]")].filter((one) => asked.every((letters) => plain(one.dataset.text).includes(letters)));
    list.replaceChildren(...found.slice(0, 8).map((one, place) => {
      const item = document.createElement("li");
      item.id = `${list.id}_${place}`;
      item.setAttribute("role", "option");
      item.dataset.text = one.dataset.text;
      item.textContent = one.textContent;
      return item;
    }));
    list.hidden = !found.length;
    if (found.length) mark(field, 0); else field.removeAttribute("aria-activedescendant");
  }

  const hint = () => document.querySelectorAll("[data-phrases-of] [data-hint]").forEach((words) => { words.hidden = false; });
  document.addEventListener("DOMContentLoaded", hint);
  document.addEventListener("htmx:afterSettle", hint);
  document.addEventListener("input", (event) => { if (event.target.matches("textarea[data-phrases]")) open(event.target); });
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!lists.has(field) || lists.get(field).hidden) return;
    const all = [...lists.get(field).children], now = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(field); }
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark(field, now + (event.key === "ArrowDown" ? 1 : -1)); }
    else if ((event.key === "Enter" || event.key === "Tab") && all[now]) { event.preventDefault(); event.stopPropagation(); take(field, all[now]); }
  }, true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-phrases-of] button[name=phrase]");
    if (!button) return;
    event.preventDefault();
    const part = button.closest("[data-phrases-of]"), select = part.querySelector("select"), chosen = select.selectedOptions[0];
    const field = document.getElementById(part.dataset.phrasesOf);
    if (chosen && chosen.dataset.text) put(field, chosen.dataset.text);
    select.value = "";
  });
})();
