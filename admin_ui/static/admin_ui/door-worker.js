"use strict";
/* The door while the line is cut: its page, its list and our files as they were last seen. Nothing else is kept. */
const STORE = "door-1";
const kept = (url) => /\/admin\/events\/event\/[0-9a-f-]+\/door\/(list\/)?$/.test(url.pathname) || url.pathname.startsWith("/static/");
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || !kept(url)) return;
  event.respondWith((async () => {
    const store = await caches.open(STORE);
    try {
      const answer = await fetch(event.request);
      if (answer.ok && !answer.redirected) await store.put(event.request, answer.clone());
      else if (!url.pathname.startsWith("/static/")) await store.delete(event.request);
      return answer;
    } catch (fault) {
      const known = await store.match(event.request, { ignoreSearch: true });
      if (known) return known;
      throw fault;
    }
  })());
});
self.addEventListener("message", (event) => { if (event.data === "forget") event.waitUntil(caches.delete(STORE)); });
