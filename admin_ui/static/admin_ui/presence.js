"use strict";
/* A page of a case ([data-presence]) that is looked at says every few seconds that it is open, and in which of its forms somebody
   typed since; what the server answers, who else has it open, takes the place of what stood there. A hidden page says nothing, and
   the server forgets it after a minute. Without this file one sees who was there when the page was loaded. */
(() => {
  const part = document.querySelector("[data-presence]");
  if (!part || part.dataset.beats) return;
  part.dataset.beats = "yes";
  let typed = "", said = 0, timer = 0;
  const body = (more) => new URLSearchParams({ csrfmiddlewaretoken: part.dataset.csrf, ...more });
  const beat = async (more) => {
    if (document.hidden) return;
    const form = typed;
    typed = "";
    try {
      const answer = await fetch(part.dataset.presence, { method: "POST", body: body({ form, ...more }), credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const words = await answer.text();
      if (words !== part.dataset.words) part.innerHTML = words;
      part.dataset.words = words;
    } catch { /* offline: the next beat tries again */ }
  };
  document.addEventListener("input", (event) => {
    const form = event.target.matches("textarea") && event.target.form;
    if (!form) return;
    typed = new URL(form.getAttribute("action") || "", window.location.href).pathname.split("/").filter(Boolean).pop() || "";
    if (Date.now() - said < Number(part.dataset.seconds) * 1000) return;
    said = Date.now();
    timer = window.setTimeout(() => beat(), 1000);
  });
  // What was sent is written no more: the next person who opens the case is not warned of it.
  document.addEventListener("htmx:afterRequest", (event) => {
    const { successful, requestConfig } = event.detail;
    if (!said || !successful || requestConfig.verb !== "post") return;
    window.clearTimeout(timer);
    typed = "";
    said = 0;
    beat({ written: "1" });
  });
  document.addEventListener("visibilitychange", () => beat());
  window.addEventListener("pagehide", () => navigator.sendBeacon(part.dataset.presence, body({ gone: "1" })));
  window.setInterval(() => beat(), Number(part.dataset.seconds) * 1000);
  beat();
})();
