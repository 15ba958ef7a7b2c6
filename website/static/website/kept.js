"use strict";
/* Applications that wait on this device: what is being written, what is sent as soon as there is a line, what came of it. For the
   page and for its service worker. Nothing is encrypted: a citizen has no account whose key could be taken away, so the page says
   that it is there, and each can be deleted in one press. `phone` is of admin_ui/phone.js. */
const kept = (() => {
  const HERE = "/basvuru/baglantisiz/", DAYS = 7, DAY = 86400000, FRESH = DAY / 2, ANSWER = DAY * 0.8;
  const FIELDS = ["text", "neighbourhood", "place", "latitude", "longitude", "who", "first_name", "last_name", "email", "phone", "address", "privacy_notice", "identity_hidden"];
  const run = phone.base("basvuru", { drafts: { keyPath: "id" } });
  const random = () => [...crypto.getRandomValues(new Uint8Array(20))].map((one) => one.toString(16).padStart(2, "0")).join("");
  const isAnything = (row) => FIELDS.some((name) => !["who", "privacy_notice"].includes(name) && row.fields[name]) || row.photos.length > 0;
  /* The answer, or nothing where there is no line, or where the product cannot answer now. */
  const ask = async (address, token, fields) => {
    const body = fields && new FormData();
    for (const [name, value] of fields || []) { if (value instanceof Blob) body.append(name, value, value.name || "foto.jpg"); else body.append(name, value); }
    try {
      const answer = await fetch(address, { method: body ? "POST" : "GET", body, headers: token ? { "X-CSRFToken": token } : {}, credentials: "same-origin", redirect: "error", cache: "no-store" });
      const isOurs = (answer.headers.get("Content-Type") || "").includes("json");
      return isOurs && answer.status < 500 && answer.status !== 429 ? { isTaken: answer.ok, ...await answer.json() } : null;
    } catch { return null; }
  };
  /* What was deleted meanwhile stays so. */
  const update = async (row) => { if (await run("drafts", "readonly", (store) => store.get(row.id))) await kept.put(row); };
  const stopped = async (row, errors) => { await update({ ...row, state: "stopped", tried: 0, errors }); return true; };
  /* Whether it needs to wait no longer. The first attempt is noted before it is made: its answer may be lost, and is repeated
     under the same key for a day. */
  const sendOne = async (row) => {
    const { token } = await ask(`${HERE}hazir/`) || {};
    if (!token) return false;
    if (row.tried && Date.now() - row.tried > ANSWER) return stopped(row, ["old"]);
    for (const photo of row.photos) {
      if (photo.sent && Date.now() - photo.sent < FRESH) continue;
      const answer = await ask(`${HERE}foto/`, token, [["bundle", row.bundle], ["file", new File([photo.blob], photo.name, { type: photo.blob.type })]]);
      if (!answer) return false;
      if (!answer.isTaken) return stopped(row, answer.errors);
      photo.sent = Date.now();
      await update(row);
    }
    await update({ ...row, tried: row.tried || Date.now() });
    const fields = FIELDS.map((name) => [name, row.fields[name] || ""]);
    const answer = await ask(`${HERE}gonder/`, token, [...fields, ["key", row.id], ["bundle", row.photos.length ? row.bundle : ""]]);
    if (!answer) return false;
    if (!answer.isTaken) return stopped(row, answer.errors);
    const { url, reference, code } = answer;
    await update({ id: row.id, at: row.at, state: "sent", url, reference, code });
    return true;
  };
  return {
    HERE, FIELDS, isAnything,
    fresh: () => ({ id: crypto.randomUUID(), bundle: random(), at: Date.now(), state: "open", fields: {}, photos: [] }),
    all: async () => (await run("drafts", "readonly", (store) => store.getAll())).sort((one, other) => one.at - other.at),
    put: (row) => run("drafts", "readwrite", (store) => store.put(row)),
    drop: (id) => run("drafts", "readwrite", (store) => store.delete(id)),
    tidy: async () => { for (const row of await kept.all()) if (Date.now() - row.at > DAYS * DAY) await kept.drop(row.id); },
    /* What was typed on another page when the line broke: into the one that is being written. */
    add: async (fields, photos) => {
      const row = (await kept.all()).find((one) => one.state === "open") || kept.fresh();
      for (const name of FIELDS) if (fields[name]) row.fields[name] = fields[name];
      row.photos.push(...photos);
      if (isAnything(row)) await kept.put(row);
    },
    /* Send one by one what waits. Whether nothing waits any more; `null` where the other one is at it. */
    send: () => phone.alone("basvuru", async () => {
      for (const row of await kept.all()) if (row.state === "ready" && !await sendOne(row)) return false;
      return true;
    }),
  };
})();
