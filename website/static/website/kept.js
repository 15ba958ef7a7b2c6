"use strict";
/* Applications that wait on this device: what is being written, what is sent when there is a line, what came of it. For the
   page and for its service worker. Nothing is encrypted: a citizen has no account whose key could be taken away, so the page says
   that it is there, and each can be deleted in one press. `phone` is of admin_ui/phone.js. */
const kept = (() => {
  const HERE = "/basvuru/baglantisiz/", DAYS = 7, DAY = 86400000, FRESH = DAY / 2, ANSWER = DAY * 0.8;
  const MOST = 10, POINTS = 1920, BYTES = 20 * 1024 * 1024;
  const FIELDS = ["text", "neighbourhood", "place", "latitude", "longitude", "who", "first_name", "last_name", "email", "phone", "address", "privacy_notice", "identity_hidden"];
  const RESULT = ["key", "reference", "code", "receipt", "way", "is_code_sent", "is_repeated"];
  const run = phone.base("basvuru", { drafts: { keyPath: "id" } });
  const random = () => [...crypto.getRandomValues(new Uint8Array(20))].map((one) => one.toString(16).padStart(2, "0")).join("");
  const isAnything = (row) => FIELDS.some((name) => !["who", "privacy_notice"].includes(name) && row.fields[name]) || row.photos.length > 0;
  /* The answer, or nothing where there is no line, or where the product cannot answer now. Too large is refused for good, also by
     the proxy. */
  const ask = async (address, token, fields) => {
    const body = fields && new FormData();
    for (const [name, value] of fields || []) { if (value instanceof Blob) body.append(name, value, value.name || "foto.jpg"); else body.append(name, value); }
    try {
      const answer = await fetch(address, { method: body ? "POST" : "GET", body, headers: token ? { "X-CSRFToken": token } : {}, credentials: "same-origin", redirect: "error", cache: "no-store" });
      if (answer.status === 413) return { isTaken: false, errors: [["id_file", "large"]] };
      const isOurs = (answer.headers.get("Content-Type") || "").includes("json");
      if (!isOurs || answer.status >= 500 || answer.status === 429) return null;
      const found = await answer.json();
      return { isTaken: answer.ok, ...found, errors: (found.errors || []).map((one) => (Array.isArray(one) ? one : ["", one.message || String(one)])) };
    } catch { return null; }
  };
  const token = async () => ((await ask(`${HERE}hazir/`)) || {}).token;
  /* Make of a row what `deed` says, in one step with the look at it: what was deleted or changed meanwhile stays so. `deed` is
     called with the row, or with nothing where there is none, and gives the new one, or nothing to leave it. */
  const change = async (id, deed) => {
    let made = null;
    await run("drafts", "readwrite", (store) => {
      const asked = store.get(id);
      asked.onsuccess = () => { made = deed(asked.result) || null; if (made) store.put(made); };
      return asked;
    });
    return made;
  };
  const waits = (id, more) => change(id, (there) => there && there.state === "ready" && { ...there, ...more });
  const stopped = async (id, errors) => { await waits(id, { state: "stopped", tried: 0, at: Date.now(), errors }); return true; };
  /* Whether it needs to wait no longer. The first attempt is noted before it is made: its answer may be lost, and is repeated
     under the same key for a day. */
  const sendOne = async (row) => {
    const bearer = await token();
    if (!bearer) return false;
    if (row.tried && Date.now() - row.tried > ANSWER) return stopped(row.id, [["", "old"]]);
    const { photos } = row;
    for (const photo of photos) {
      if (photo.sent && Date.now() - photo.sent < FRESH) continue;
      const answer = await ask(`${HERE}foto/`, bearer, [["bundle", row.bundle], ["file", new File([photo.blob], photo.name, { type: photo.blob.type })]]);
      if (!answer) return false;
      if (!answer.isTaken) return stopped(row.id, answer.errors);
      photo.sent = Date.now();
      if (!await waits(row.id, { photos })) return true;
    }
    if (!await waits(row.id, { tried: row.tried || Date.now() })) return true;
    const fields = FIELDS.map((name) => [name, row.fields[name] || ""]);
    const answer = await ask(`${HERE}gonder/`, bearer, [...fields, ["key", row.id], ["bundle", photos.length ? row.bundle : ""]]);
    if (!answer) return false;
    if (!answer.isTaken) return stopped(row.id, answer.errors);
    const result = Object.fromEntries(RESULT.map((name) => [name, name === "key" ? row.id : answer[name] || ""]));
    await change(row.id, (there) => there && { id: row.id, at: Date.now(), state: "sent", result });
    return true;
  };
  const alone = (work) => phone.alone("basvuru", work);
  return {
    HERE, FIELDS, MOST, isAnything, change, alone,
    fresh: () => ({ id: crypto.randomUUID(), bundle: random(), at: Date.now(), state: "open", fields: {}, photos: [] }),
    all: async () => (await run("drafts", "readonly", (store) => store.getAll())).sort((one, other) => one.at - other.at),
    put: (row) => run("drafts", "readwrite", (store) => store.put(row)),
    /* `state`: only where it is in it still. */
    drop: (id, state) => run("drafts", "readwrite", (store) => {
      const asked = store.get(id);
      asked.onsuccess = () => { if (asked.result && (!state || asked.result.state === state)) store.delete(id); };
      return asked;
    }),
    /* Whether a row was tried so long ago, or waited so long, that its writer decides. */
    isOld: (row) => (row.errors || []).some(([, one]) => ["old", "late"].includes(one)),
    /* What is not gone on with goes by itself. What waits for the line does not: its writer hears that it was not sent. */
    tidy: () => alone(async () => {
      for (const row of await kept.all()) {
        if (Date.now() - row.at <= DAYS * DAY) continue;
        if (row.state === "ready") await stopped(row.id, [["", row.tried ? "old" : "late"]]); else await kept.drop(row.id);
      }
    }),
    /* Another one in its place, with nothing of it at the server: no photograph that was taken out goes along with a bundle. Its
       key stays, under which the server knows what came already, until that is forgotten there. Nothing while it is sent. */
    anew: (id, state) => alone(() => {
      let made = null;
      return run("drafts", "readwrite", (store) => {
        const asked = store.get(id);
        asked.onsuccess = () => {
          const there = asked.result;
          if (!there || there.tried || there.state === "sent") return;
          const { id: key, bundle, at } = kept.fresh(), isOld = kept.isOld(there);
          made = { ...there, id: isOld ? key : there.id, bundle, at, state, tried: 0, errors: isOld || state === "ready" ? [] : there.errors, photos: there.photos.map(({ blob, name }) => ({ blob, name })) };
          if (isOld) store.delete(there.id);
          store.put(made);
        };
        return asked;
      }).then(() => made);
    }),
    /* A photograph as it is kept: small; nothing where it is too large all the same. */
    photo: async (file) => {
      const blob = await phone.small(file, POINTS) || file;
      return blob.size > BYTES ? null : { blob, name: file.name || "foto.jpg" };
    },
    /* What was typed on another page when the line broke: into what was typed in the same form before, not into another's. */
    add: async (form, fields, files) => {
      const photos = (await Promise.all(files.map(kept.photo))).filter(Boolean);
      const row = (await kept.all()).find((one) => one.state === "open" && one.form === form) || { ...kept.fresh(), form };
      for (const name of FIELDS) if (fields[name]) row.fields[name] = fields[name];
      row.photos = [...row.photos, ...photos].slice(0, MOST);
      row.at = Date.now();
      if (isAnything(row)) await kept.put(row);
    },
    /* Have the page of what came of it shown here: its address, or nothing where there is no line. */
    open: async (row) => {
      const bearer = await token(), answer = bearer && await ask(`${HERE}ac/`, bearer, Object.entries(row.result));
      return answer && answer.isTaken ? answer.url : "";
    },
    /* Send one by one what waits. Whether nothing waits any more; `null` where the other one is at it. */
    send: () => alone(async () => {
      let isDone = true;
      for (const row of await kept.all()) if (row.state === "ready" && !await sendOne(row)) isDone = false;
      return isDone;
    }),
  };
})();
