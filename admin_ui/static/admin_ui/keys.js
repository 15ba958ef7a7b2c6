"use strict";
/* Keys: ? shows them all, a digit presses the step with that number, j and k go through the rows of what waits, n goes on to
   the next one. Single keys rest while one writes, and can be switched off (WCAG 2.1.4); the choice stays in this browser.
   This script is not deferred: what is pressed while the page still comes is remembered, and done once it is there. */
(() => {
  const early = [];
  let act = (key) => { early.push(key); };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    // For a moment after a dialog was closed the key still comes from it.
    if (event.target.closest("dialog[open], :is(input, textarea, select, [contenteditable]):not(dialog:not([open]) *)")) return;
    if (event.key === "?" || /^[1-9]$/.test(event.key)) event.preventDefault();
    act(event.key);
  });
  document.addEventListener("DOMContentLoaded", () => {
    const help = document.getElementById("keys");
    if (!help) return;
    const NAME = "ok-single-keys";
    const choice = help.querySelector("[data-single-keys]");
    const list = help.querySelector("[data-steps]");
    const steps = () => [...document.querySelectorAll(".ok-verbs .ok-button")].slice(0, 9);
    const rows = () => [...document.querySelectorAll(".ok-queue-what, .ok-table tbody a[href]")];
    const isOn = () => { try { return window.localStorage.getItem(NAME) !== "off"; } catch { return true; } };
    choice.checked = isOn();
    choice.addEventListener("change", () => { try { window.localStorage.setItem(NAME, choice.checked ? "on" : "off"); } catch { /* private window */ } });
    const open = () => {
      list.replaceChildren(...steps().map((step, place) => {
        const line = document.createElement("li"), key = document.createElement("kbd");
        key.textContent = String(place + 1);
        line.append(key, " ", step.textContent.trim());
        return line;
      }));
      if (!help.open) help.showModal();
    };
    document.querySelectorAll("[data-show-keys]").forEach((button) => { button.hidden = false; button.addEventListener("click", open); });
    const go = (by) => {
      const all = rows();
      if (!all.length) return;
      const at = all.indexOf(document.activeElement);
      all[Math.min(Math.max(at < 0 ? 0 : at + by, 0), all.length - 1)].focus();
    };
    const press = (number) => {
      const step = steps()[number - 1];
      if (!step) return;
      const folded = step.closest("details");
      if (folded) folded.open = true;
      step.click();
    };
    act = (key) => {
      if (key === "?") { open(); return; }
      if (!isOn()) return;
      if (key === "n") document.querySelector(".ok-trail [data-next]")?.click();
      else if (key === "j") go(1);
      else if (key === "k") go(-1);
      else if (/^[1-9]$/.test(key)) press(Number(key));
    };
    // Ctrl+K: Enter opens the first that was found; who presses it before the answer is there waits for that, and for no second press.
    const box = document.getElementById("search-input-command");
    let found = "", isWanted = false, left = null;
    box?.addEventListener("keydown", (event) => { isWanted = event.key === "Enter" && !event.ctrlKey && !event.metaKey && box.value !== found; });
    if (box) document.addEventListener("htmx:afterSwap", (event) => {
      const { target, xhr } = event.detail;
      if (target.id !== "command-results" || new URL(xhr.responseURL).searchParams.get("s") !== box.value) return;
      found = box.value;
      const first = document.querySelector("#command-results-list a");
      if (first && isWanted) { isWanted = false; first.click(); return; }
      box.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
    });
    // Out of a field too, where Unfold's own key rests; closing it leads back there.
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      const field = event.target.closest("input, textarea, [contenteditable]");
      if (!box || !field || field === box || field.closest("dialog[open]")) return;
      event.preventDefault();
      left = field;
      window.dispatchEvent(new Event("opencommand"));
    });
    box?.addEventListener("blur", () => window.setTimeout(() => {
      if (!box.checkVisibility() && document.activeElement === document.body) left?.focus();
      left = null;
    }));
    // After the other scripts, which wait for the same moment.
    window.setTimeout(() => early.splice(0).forEach((key) => act(key)), 0);
  });
})();
