"use strict";
/* On the pages around an application: makes the form work without a line, and says what waits on this device. */
(async () => {
  const part = document.querySelector("[data-app]");
  if (!part || !navigator.serviceWorker || !window.indexedDB || !isSecureContext) return;
  await kept.tidy();
  const seen = document.querySelector("[data-seen]");  // this page shows what came of one: the device needs it no longer
  for (const row of await kept.all()) if (seen && row.state === "sent" && (row.reference ? row.reference === seen.dataset.seen : row.url === location.pathname)) await kept.drop(row.id);
  const there = await kept.all();
  part.querySelector("[data-waiting]").hidden = !there.length || Boolean(document.querySelector("[data-kept]"));
  const offer = document.querySelector("[data-offer]");
  if (offer) offer.hidden = there.length > 0;
  await navigator.serviceWorker.register(part.dataset.worker);
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ keep: document.documentElement.lang });
})().catch(() => {});
