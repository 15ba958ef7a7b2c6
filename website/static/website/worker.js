"use strict";
/* The form of an application without a line: the page of it and our own files as they were last seen; what was typed when the line
   broke is not lost. No page with anything of the visitor is kept here. */
const STORE = "basvuru-1", SHELL = "/basvuru/baglantisiz/";
importScripts(...new URL(self.location).searchParams.getAll("script").filter((one) => one.startsWith("/static/")));
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(caches.delete(STORE).then(() => { renew().catch(() => {}); return self.clients.claim(); })));
const known = async (request, fault) => {
  const found = await caches.match(request, { ignoreSearch: true });
  if (found) return found;
  throw fault;
};
self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname.startsWith("/basvuru/")) {
    const copy = request.method === "POST" ? request.clone() : null;
    event.respondWith(fetch(request).catch(async (fault) => {
      if (copy) await typed(copy).catch(() => {});
      return copy ? Response.redirect(SHELL, 303) : known(SHELL, fault);
    }));
  } else if (request.method === "GET" && (url.pathname.startsWith("/static/") || url.pathname.startsWith("/kimlik/"))) {
    event.respondWith(fetch(request).catch((fault) => known(request, fault)));
  }
});
async function typed(request) {
  const form = await request.formData(), fields = {};
  for (const [name, value] of form) if (typeof value === "string") fields[name] = value;
  if (fields.first_name) fields.who = "NAMED";
  const photos = form.getAll("file").filter((one) => one instanceof File && one.size && one.type.startsWith("image/"));
  await kept.add(fields, photos.map((one) => ({ blob: one, name: one.name })));
}
// The shell, and the files that it names: with each new worker, and once a day in the language of a page that asks for it.
const renew = async () => {
  const answer = await fetch(SHELL, { credentials: "same-origin", redirect: "error", cache: "no-store" });
  if (!answer.ok) return;
  const text = await answer.clone().text(), store = await caches.open(STORE);
  const files = [...text.matchAll(/(?:src|href)="(\/(?:static|kimlik)\/[^"]+)"/g)].map(([, file]) => file.replaceAll("&amp;", "&"));
  for (const file of new Set(files)) if (!await store.match(file) || file.startsWith("/kimlik/")) await store.add(file);
  await store.put(SHELL, answer);
};
self.addEventListener("message", (event) => {
  const { keep } = event.data;
  if (!keep) return;
  event.waitUntil((async () => {
    const there = await caches.match(SHELL), age = there ? Date.now() - new Date(there.headers.get("Date")) : NaN;
    if (!(age < 86400000 && there.headers.get("Content-Language") === keep)) await renew();
  })().catch(() => {}));
});
// The line is back (Background Sync): what waits is sent, whether or not the page is open. A failure lets the browser try again.
self.addEventListener("sync", (event) => {
  if (event.tag !== "basvuru") return;
  event.waitUntil((async () => {
    const isDone = await kept.send();
    for (const page of await self.clients.matchAll({ includeUncontrolled: true })) page.postMessage("sent");
    if (isDone === false) throw new Error("not sent yet");
  })());
});
