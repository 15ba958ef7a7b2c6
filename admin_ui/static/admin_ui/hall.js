"use strict";
/* The hall follows what others do: every few seconds the server's list takes the place of this one, unless somebody is
   writing in it or a press is on its way. Without this file one reloads the page. */
document.addEventListener("DOMContentLoaded", () => {
  const hall = document.getElementById("hall");
  if (!hall) return;
  let pressed = false;
  document.addEventListener("submit", () => { pressed = true; window.setTimeout(() => { pressed = false; }, 5000); });
  const busy = () => pressed || document.hidden || hall.contains(document.activeElement) && document.activeElement.tagName === "INPUT"
    || [...hall.querySelectorAll("input[name=note]")].some((field) => field.value);
  window.setInterval(async () => {
    if (busy()) return;
    try {
      const answer = await fetch(window.location.href, { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("hall");
      if (!fresh || busy() || fresh.innerHTML === hall.innerHTML) return;
      const focused = document.activeElement && hall.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
      hall.replaceChildren(...fresh.childNodes);
      if (focused) [...hall.querySelectorAll("[aria-label]")].find((item) => item.getAttribute("aria-label") === focused)?.focus();
    } catch { /* offline: the next round tries again */ }
  }, 8000);
});
