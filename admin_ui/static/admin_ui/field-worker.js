"use strict";
/* “My jobs in the field” while the line is cut: the page without any row, and our files, as they were last seen. */
const STORE = "field-1", SHELL = "/admin/field/shell/";
const keep = async (request, answer) => { if (answer.ok && !answer.redirected) await (await caches.open(STORE)).put(request, answer.clone()); return answer; };
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) {
    event.respondWith(fetch(event.request).then((answer) => keep(event.request, answer)).catch(async (fault) => {
      const known = await caches.match(event.request, { ignoreSearch: true });
      if (known) return known;
      throw fault;
    }));
  } else if (event.request.mode === "navigate" && url.pathname === "/admin/field/") {
    event.respondWith(fetch(event.request).catch(async (fault) => {
      const known = await caches.match(SHELL);
      if (known) return known;
      throw fault;
    }));
  }
});
// The page asks for its own shell, and for the files that the shell names, once it stands.
self.addEventListener("message", (event) => {
  if (event.data !== "keep") return;
  event.waitUntil((async () => {
    const answer = await fetch(SHELL, { credentials: "same-origin", redirect: "error", cache: "no-store" });
    const text = await answer.clone().text();
    await keep(SHELL, answer);
    for (const [, file] of text.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)) await keep(file, await fetch(file));
  })().catch(() => {}));
});
