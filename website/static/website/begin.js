"use strict";
/* On the pages around an application: makes the form work without a line, sends what waits on this device (Background Sync is not
   everywhere), and says what is there. */
(async () => {
  const part = document.querySelector("[data-app]");
  if (!part || !window.indexedDB || !isSecureContext) return;
  const isIts = Boolean(document.querySelector("[data-kept]"));  // the page of what is kept sends and tidies itself
  const seen = document.querySelector("[data-seen]");  // this page shows what came of one: the device needs it no longer
  if (seen && seen.dataset.seen) await kept.drop(seen.dataset.seen);
  if (!isIts) await kept.tidy();
  const say = async () => {
    const there = await kept.all(), offer = document.querySelector("[data-offer]");
    part.querySelector("[data-waiting]").hidden = !there.length || isIts;
    if (offer) offer.hidden = there.length > 0;
  };
  await say();
  if (!isIts && navigator.onLine) kept.send().then(say).catch(() => {});
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(part.dataset.worker);
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ keep: document.documentElement.lang });
})().catch(() => {});
