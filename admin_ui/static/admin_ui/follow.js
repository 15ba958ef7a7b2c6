"use strict";
/* A part of a page follows what others do: every data-follow seconds what the server draws takes its place, unless somebody
   is writing in it or a press is on its way, until the server no longer asks for it. Without this file one reloads the page. */
document.addEventListener("DOMContentLoaded", () => {
  const part = document.querySelector("[data-follow]");
  if (!part) return;
  let pressed = false;
  document.addEventListener("submit", () => { pressed = true; window.setTimeout(() => { pressed = false; }, 5000); });
  const busy = () => pressed || document.hidden || part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")
    || part.querySelector("form details[open]") || [...part.querySelectorAll("input[name=note]")].some((field) => field.value);
  const rounds = window.setInterval(async () => {
    if (busy()) return;
    try {
      const answer = await fetch(window.location.href, { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
      if (!fresh || busy()) return;
      if (!fresh.dataset.follow) window.clearInterval(rounds);
      if (fresh.innerHTML === part.innerHTML) return;
      const focused = document.activeElement && part.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
      part.replaceChildren(...fresh.childNodes);
      if (focused) [...part.querySelectorAll("[aria-label]")].find((item) => item.getAttribute("aria-label") === focused)?.focus();
    } catch { /* offline: the next round tries again */ }
  }, Number(part.dataset.follow) * 1000);
});
