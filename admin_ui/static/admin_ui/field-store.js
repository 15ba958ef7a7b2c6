"use strict";
/* What the phone keeps of the field: encrypted under a key that the server gives to one person. The key and the list go when
   their time is over or the sign-in page stands (`forget`); what was not sent stays, unreadable, until its writer is back. */
const fieldStore = (() => {
  const run = phone.base("field", { facts: undefined, deeds: { keyPath: "id" } });
  const seal = async (key, bytes) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
  };
  const unseal = (key, { iv, data }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);
  const pack = (value) => new TextEncoder().encode(JSON.stringify(value));
  const unpack = (bytes) => JSON.parse(new TextDecoder().decode(bytes));
  const facts = () => run("facts", "readonly", (store) => store.get("kept"));
  return {
    /* The key, the owner and the list that are kept, or nothing: what is older than its time is dropped first. */
    open: async () => {
      const kept = await facts();
      if (!kept) return null;
      if (new Date(kept.until) < new Date()) { await fieldStore.forget(); return null; }
      return { key: kept.key, owner: kept.owner, ...unpack(await unseal(kept.key, kept.list)) };
    },
    keep: async (secret, owner, until, list) => {
      const raw = Uint8Array.from(atob(secret), (letter) => letter.charCodeAt(0));
      const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
      const sealed = await seal(key, pack(list));
      await run("facts", "readwrite", (store) => store.put({ key, owner, until, list: sealed }, "kept"));
      return key;
    },
    forget: () => run("facts", "readwrite", (store) => store.clear()),
    /* A deed, or what is still being typed (its id begins with "draft-"). */
    put: async (key, owner, { id, photos, ...said }) => {
      const sealed = await Promise.all(photos.map(async (one) => ({ stage: one.stage, name: one.name, ...await seal(key, await one.blob.arrayBuffer()) })));
      const body = await seal(key, pack(said));
      await run("deeds", "readwrite", (store) => store.put({ id, owner, at: new Date().toISOString(), body, photos: sealed }));
    },
    all: async (key, owner) => {
      const rows = await run("deeds", "readonly", (store) => store.getAll());
      const mine = rows.filter((row) => row.owner === owner).sort((one, other) => (one.at < other.at ? -1 : 1));
      return { foreign: rows.length - mine.length, deeds: await Promise.all(mine.map(async (row) => ({
        id: row.id, at: row.at, ...unpack(await unseal(key, row.body)),
        photos: await Promise.all(row.photos.map(async (one) => ({ stage: one.stage, name: one.name, blob: new Blob([await unseal(key, one)], { type: "image/jpeg" }) }))),
      }))) };
    },
    /* What is done and neither sent nor refused. */
    waiting: async (key, owner) => (await fieldStore.all(key, owner)).deeds.filter((one) => !one.id.startsWith("draft-") && !one.stopped),
    /* One of page and worker sends at a time; the other leaves it to them. */
    alone: (work) => phone.alone("field-send", work),
    /* Send them one by one. `post` gives the answer, or nothing where there is no line; `tell` what each one came to. Whether nothing waits. */
    send: async (key, owner, post, tell) => {
      for (const one of await fieldStore.waiting(key, owner)) {
        const body = new FormData();
        for (const name of ["job", "text", "seen"]) body.append(name, one[name] || "");
        for (const name of ["hands_in", "as_note"]) body.append(name, one[name] ? "1" : "");
        for (const photo of one.photos) body.append(photo.stage.toLowerCase(), photo.blob, photo.name);
        const answer = await post({ method: "POST", body, headers: { "Idempotency-Key": one.id } });
        if (!answer || answer.status >= 500) return false;
        const { message, code } = await answer.json();
        if (answer.ok) await fieldStore.drop(one.id);
        else await fieldStore.put(key, owner, { ...one, stopped: message, code });
        tell(message, answer.ok);
      }
      return true;
    },
    drop: (id) => run("deeds", "readwrite", (store) => store.delete(id)),
    tidy: async (days) => {
      const old = new Date(Date.now() - days * 86400000).toISOString();
      for (const row of await run("deeds", "readonly", (store) => store.getAll())) if (row.at < old) await fieldStore.drop(row.id);
    },
  };
})();
// On the page of signing in nobody is signed in: what the last person could read here is readable no more.
if (typeof document !== "undefined" && document.currentScript.hasAttribute("data-forget") && window.indexedDB) fieldStore.forget().catch(() => {});
