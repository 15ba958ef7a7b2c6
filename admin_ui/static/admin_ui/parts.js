"use strict";
/* A deed changes a part of the page, not the page (htmx): its form is sent, and what the server draws takes the place of the
   content or of the row at the side of the queue. This file says where the cursor is afterwards, and leaves to the browser what is a
   page of its own. Without it, and without scripts at all, links and forms do what they always do. */
(() => {
  const beside = window.matchMedia("(min-width: 1200px)");
  const go = (url) => window.location.assign(url);

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, target } = event.detail;
    // Where there is no room at the side of the queue, a row is a page of its own.
    if (target.id === "pane" && elt.closest("#queue") && elt.href && !beside.matches) {
      event.preventDefault();
      go(elt.href);
    }
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (!["work", "pane"].includes(target.id) || xhr.status !== 200 || xhr.getResponseHeader("X-Part")) return;
    event.detail.shouldSwap = false; // a page of its own: the sign-in, say
    go(xhr.responseURL);
  });
  // What is refused altogether is said by the page that the browser gets.
  document.addEventListener("htmx:responseError", (event) => {
    const { elt, target, requestConfig } = event.detail;
    if (!["work", "pane"].includes(target.id)) return; // a line that helps: what was typed stays
    if (elt.tagName !== "FORM") { go(elt.href || window.location.href); return; }
    const button = requestConfig.triggeringEvent && requestConfig.triggeringEvent.submitter;
    if (button && button.name) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: button.name, value: button.value });
      elt.append(field);
    }
    HTMLFormElement.prototype.submit.call(elt);
  });

  let opener = "", place = -1;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = document.getElementById("do"), rows = [...document.querySelectorAll(".ok-queue-rows > li")];
    opener = form ? form.dataset.step : "";
    place = rows.findIndex((row) => row.contains(event.detail.requestConfig.elt));
  });
  const focus = (field) => { if (field) field.focus({ preventScroll: true }); return Boolean(field); };
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.target;
    if (!part || !["work", "pane"].includes(part.id)) return;
    const wrong = part.querySelector(".ok-wrong :is(input, select, textarea):not([type=hidden], :disabled)");
    const form = part.querySelector("#do"), title = part.querySelector(".ok-title");
    if (part.id === "pane" && !form) part.scrollTop = 0;
    if (wrong) wrong.scrollIntoView({ block: "center" }); // a refusal below the edge of the sheet is seen
    if (focus(wrong || part.querySelector("#do [autofocus]")) || form && focus(form.querySelector("[data-main]"))) return;
    if (opener && focus(part.querySelector(`.ok-verbs [data-step="${opener}"]`))) return;
    if (title) { title.tabIndex = -1; focus(title); return; }
    // After a deed in the list the cursor stands on the row that took its place.
    const rows = document.querySelectorAll(".ok-queue-what");
    if (place >= 0 && document.activeElement === document.body) focus(rows[Math.min(place, rows.length - 1)]);
  });
  const close = (pane, url) => {
    const row = document.querySelector(".ok-queue-what[aria-current]");
    pane.replaceChildren();
    window.history.pushState({}, "", url);
    if (row) { row.removeAttribute("aria-current"); row.parentElement.classList.remove("ok-is-open"); row.focus(); }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-close-pane]"), pane = document.getElementById("pane");
    if (!link || !pane || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    close(pane, link.href);
  });
  // Escape closes the form, then the row at the side of the queue; what was typed stays as a draft. For a moment after a dialog was
  // closed the key still comes from it.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || document.querySelector("dialog[open], :popover-open")) return;
    const link = document.querySelector("#do [data-close]") || document.querySelector("#pane [data-close-pane]");
    if (!link || event.target !== document.body && !event.target.closest("#work, dialog")) return;
    event.preventDefault();
    link.click();
  });
})();
