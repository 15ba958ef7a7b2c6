"use strict";
/* The form of an application without a line: the page of it and our own files as they were last seen; what was typed when the line
   broke is not lost. No page with anything of the visitor is kept here. */
const STORE = "basvuru-1", SHELL = "/basvuru/baglantisiz/", TYPED = /^\/basvuru\/(?:anlat|yer|foto|kim|iletisim)\/$/;
importScripts(...new URL(self.location).searchParams.getAll("script").filter((one) => one.startsWith("/static/")));
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim().then(() => { renew(true).catch(() => {}); })));
const known = async (request, fault) => {
  const found = await caches.match(request, { ignoreSearch: true });
  if (found) return found;
  throw fault;
};
/* Answers of the report of a problem alone are kept here; of all else the browser says that there is no line, and sends it again. */
self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname.startsWith("/basvuru/")) {
    if (request.method === "GET") event.respondWith(fetch(request).catch((fault) => known(SHELL, fault)));
    else if (request.method === "POST" && TYPED.test(url.pathname)) {
      const copy = request.clone();
      event.respondWith(fetch(request).catch(async (fault) => {
        const form = await typed(copy).catch(() => "");
        if (!form) throw fault;
        return Response.redirect(`${SHELL}#${encodeURIComponent(form)}`, 303);
      }));
    }
  } else if (request.method === "GET" && (url.pathname.startsWith("/static/") || url.pathname.startsWith("/kimlik/"))) {
    event.respondWith(fetch(request).catch((fault) => known(request, fault)));
  }
});
/* Keep it, and give the name of its form: by it the page says that it is one that this device may send. Else nothing. */
async function typed(request) {
  const form = await request.formData(), fields = {};
  if (!form.get("on_device")) return "";
  for (const [name, value] of form) if (typeof value === "string") fields[name] = value;
  if (fields.first_name) fields.who = "NAMED";
  const photos = form.getAll("file").filter((one) => one instanceof File && one.size && one.type.startsWith("image/"));
  await kept.add(fields.on_device, fields, photos);
  return fields.on_device;
}
// The shell, and the files that it names: all anew with each new worker, and once a day in the language of a page that asks for it.
// The former ones stay until the new ones are there.
const renew = async (isAll) => {
  const answer = await fetch(SHELL, { credentials: "same-origin", redirect: "error", cache: "no-store" });
  if (!answer.ok) return;
  const text = await answer.clone().text(), store = await caches.open(STORE);
  const files = new Set([...text.matchAll(/(?:src|href)="(\/(?:static|kimlik)\/[^"]+)"/g)].map(([, file]) => file.replaceAll("&amp;", "&")));
  for (const file of files) if (isAll || !await store.match(file) || file.startsWith("/kimlik/")) await store.add(file);
  await store.put(SHELL, answer);
  for (const former of await store.keys()) { const { pathname, search } = new URL(former.url); if (pathname !== SHELL && !files.has(pathname + search)) await store.delete(former); }
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
