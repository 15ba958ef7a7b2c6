"use strict";
/* Speech into a field where the browser can write what it hears, on the device itself where that is offered. Without it the
   field is typed in, or dictated to by the keyboard. */
document.addEventListener("DOMContentLoaded", () => {
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  const field = document.querySelector("textarea[data-speech]"), button = document.querySelector("[data-speak]");
  if (!Recognition || !field || !button) return;
  const ear = new Recognition();
  ear.lang = "tr-TR"; ear.continuous = true; ear.interimResults = false;
  button.hidden = false;
  document.querySelector("[data-speech-help]").hidden = false;
  const listening = (is) => button.setAttribute("aria-pressed", String(is));
  ear.addEventListener("result", (event) => {
    for (let at = event.resultIndex; at < event.results.length; at += 1) {
      const heard = event.results[at][0].transcript.trim(), before = field.value.trimEnd();
      const said = !before || /[.!?…]$/.test(before) ? heard.slice(0, 1).toLocaleUpperCase("tr") + heard.slice(1) : heard;
      if (said) field.value = `${field.value.trimEnd()} ${said}`.trim();
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  ear.addEventListener("end", () => listening(false));
  ear.addEventListener("error", () => listening(false));
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-pressed") === "true") { ear.stop(); return; }
    try {
      if (Recognition.available && await Recognition.available({ langs: [ear.lang], processLocally: true }) === "available") ear.processLocally = true;
      ear.start();
      listening(true);
    } catch { listening(false); }
  });
});
