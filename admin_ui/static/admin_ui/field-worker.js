"use strict";
/* “My jobs in the field” while the line is cut: the page without any row, and our files, as they were last seen. */
const STORE = "field-1", SHELL = "/admin/field/shell/", SEND = "/admin/field/send/";
const query = new URL(self.location).searchParams;  // where the scripts of the store are, and the name of the cookie
importScripts(...query.getAll("store").filter((one) => one.startsWith("/static/")));
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
    for (const [, file] of text.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)) await keep(file, await fetch(file));
    await keep(SHELL, answer);  // last: a page whose files are not there is none
  })().catch(() => {}));
});
// The line is back (Background Sync): what waits is sent, whether or not the page is open. A failure lets the browser try again.
self.addEventListener("sync", (event) => {
  if (event.tag === "field-send") event.waitUntil(fieldStore.alone(sendWaiting));
});
async function sendWaiting() {
  const known = await fieldStore.open();
  if (!known || !self.cookieStore) return;  // signed out, or the page has to send
  const cookie = await self.cookieStore.get(query.get("cookie"));
  const post = async (deed) => {
    const answer = await fetch(SEND, { ...deed, headers: { ...deed.headers, "X-CSRFToken": cookie?.value || "" }, credentials: "same-origin", redirect: "manual", cache: "no-store" });
    return (answer.headers.get("Content-Type") || "").includes("json") ? answer : null;
  };
  const tell = async (message, isTaken) => {
    for (const page of await self.clients.matchAll({ includeUncontrolled: true })) if (page.url.includes("/admin/field/")) page.postMessage({ message, isTaken });
  };
  if (!await fieldStore.send(known.key, known.owner, post, tell)) throw new Error("not sent yet");
}
