"use strict";
/* The small calendar beside a date field: chosen days are written into the text, which alone is sent. */
(() => {
  const language = document.documentElement.lang || "tr";
  const text = (day) => {
    const [year, month, date] = day.split("-");
    return language.startsWith("tr") ? `${date}.${month}.${year}` : `${date}/${month}/${year}`;
  };
  const typed = (value) => {
    const found = /^(\d{1,2})[./](\d{1,2})[./](\d{4})/.exec(value) || null;
    if (found) return `${found[3]}-${found[2].padStart(2, "0")}-${found[1].padStart(2, "0")}`;
    return (/^\d{4}-\d{2}-\d{2}/.exec(value) || [""])[0];
  };
  const clock = (value) => (/(\d{1,2}[.:]\d{2})$/.exec(value.trim().replace(/^\d{1,2}[./]\d{1,2}[./]\d{4}/, "")) || [""])[0];
  const local = (day) => `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
  let popover, loading; // `loading`: the button whose calendar is on its way
  const close = () => { if (popover) { popover.remove(); popover = null; } };
  const put = (button, field, day) => {
    const time = button.hasAttribute("data-with-time") ? clock(field.value) : "";
    field.value = text(day) + (button.hasAttribute("data-with-time") ? ` ${time}` : "");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    close();
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  };
  const open = async (button) => {
    const field = button.parentElement.querySelector("input");
    loading = button;
    try {
      await import(new URL(button.dataset.days, document.baseURI).href);
    } catch (error) {
      if (loading === button) loading = null;
      throw error;
    }
    if (loading !== button) return; // pressed again meanwhile, or another
    loading = null;
    popover = document.createElement("div");
    popover.popover = "auto";
    popover.className = "ok-day-popover";
    popover.setAttribute("role", "dialog");
    popover.setAttribute("aria-label", button.getAttribute("aria-label"));
    const days = document.createElement("calendar-date"), today = document.createElement("button");
    days.setAttribute("locale", language);
    days.setAttribute("first-day-of-week", "1");
    const value = typed(field.value);
    days.setAttribute(value ? "value" : "focused-date", value || local(new Date()));
    days.setAttribute("format-weekday", "short");
    ["previous", "next"].forEach((name, number) => {
      const arrow = document.createElement("span");
      arrow.slot = name;
      arrow.setAttribute("role", "img");
      arrow.setAttribute("aria-label", button.dataset[name]);
      arrow.textContent = "‹›"[number];
      days.append(arrow);
    });
    days.append(document.createElement("calendar-month"));
    days.addEventListener("change", () => put(button, field, days.value));
    today.type = "button";
    today.className = "ok-button";
    today.textContent = button.dataset.today;
    today.addEventListener("click", () => put(button, field, local(new Date())));
    popover.append(days, today);
    popover.addEventListener("toggle", (event) => {
      button.setAttribute("aria-expanded", String(event.newState === "open"));
      if (event.newState === "closed" && popover === event.target) close();
    });
    button.after(popover);
    popover.showPopover();
    await days.updated;
    await new Promise((resolve) => { window.requestAnimationFrame(() => window.requestAnimationFrame(resolve)); });
    if (!popover) return;
    const at = button.parentElement.getBoundingClientRect(), size = popover.getBoundingClientRect();
    const below = at.bottom + size.height + 8 <= window.innerHeight || at.top < size.height + 8;
    popover.style.top = `${Math.max(4, Math.min(below ? at.bottom + 4 : at.top - size.height - 4, window.innerHeight - size.height - 8))}px`;
    popover.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - size.width - 8))}px`;
    days.focus({ target: "day" });
  };
  const offer = (part) => {
    if (!("popover" in HTMLElement.prototype)) return;
    part.querySelectorAll("[data-days][hidden]").forEach((button) => {
      button.hidden = false;
      button.setAttribute("aria-expanded", "false");
      button.setAttribute("aria-haspopup", "dialog");
    });
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-days]");
    if (!button) return;
    if (popover && button.nextElementSibling === popover) { close(); return; }
    if (loading === button) { loading = null; return; }
    close();
    open(button);
  });
  document.addEventListener("DOMContentLoaded", () => offer(document));
  // What is loaded into the page later (htmx) has fields too.
  document.addEventListener("htmx:load", (event) => offer(event.target));
})();
