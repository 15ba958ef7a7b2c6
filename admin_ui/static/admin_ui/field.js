"use strict";
/* “My jobs in the field” on a phone: what was read is there without a line, what is done is kept here and sent once when there is
   one. Without this file, or in a browser that cannot encrypt, the list of the server stands with its links. */
document.addEventListener("DOMContentLoaded", async () => {
  const page = document.getElementById("crew");
  if (!page || !window.indexedDB || !window.crypto?.subtle) return;
  const words = JSON.parse(document.getElementById("crew-words").textContent);
  const part = (name) => page.querySelector(`[data-${name}]`);
  const { list: LIST, send: SEND, worker: WORKER, cookie: COOKIE } = page.dataset;
  const MOST = Number(page.dataset.most), KEPT_DAYS = 30, POINTS = 1920, THUMBS = 60;
  const line = part("line"), told = part("told"), lists = part("lists"), bar = part("bar"), near = part("near");
  const sheet = part("sheet"), form = sheet.querySelector("form"), text = form.elements.namedItem("text");
  let known = null, chosen = "", here = null, state = "online", sending = false, doing = null, photos = [], typing = 0, read = 0, finished = new Set();

  const make = (name, css, words_ = "") => { const one = document.createElement(name); if (css) one.className = css; if (words_) one.textContent = words_; return one; };
  const say = (words_, tone = "grey") => { told.textContent = words_; told.className = `ok-crew-told ok-${tone}`; };
  const jobs = () => (known ? known.jobs : []);
  const job = () => jobs().find((one) => one.key === chosen);
  const deeds = async () => (known ? (await fieldStore.all(known.key, known.owner)) : { deeds: [], foreign: 0 });
  const asUrl = (blob) => new Promise((done, failed) => { const reader = new FileReader(); reader.onload = () => done(reader.result); reader.onerror = failed; reader.readAsDataURL(blob); });

  // -- where one is: reckoned here, told to nobody -----------------------------------------------------------------------
  const far = (one) => (here && one.point ? okVisits.metres(here, one.point) : Infinity);
  const said_way = (way) => (way < 950 ? `${Math.round(way / 50) * 50} m` : `${(way / 1000).toLocaleString("tr-TR", { maximumFractionDigits: 1 })} km`);
  const distance = (one) => {
    const way = far(one);
    if (way === Infinity) return "";
    const said = said_way(way);
    return one.is_near ? words.about.replace("%s", said) : said;
  };
  const locate = () => navigator.geolocation.getCurrentPosition(
    ({ coords }) => { here = [coords.latitude, coords.longitude]; near.setAttribute("aria-pressed", "true"); draw(); },
    () => { near.setAttribute("aria-pressed", "false"); say(words.no_place); },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );

  // -- the list --------------------------------------------------------------------------------------------------------------
  // -- the order of visits: reckoned here, with and without a line -----------------------------------------------------------
  const depot = page.dataset.depot ? page.dataset.depot.split(",").map(Number) : null, round_button = part("round"), visits = part("visits");
  let is_round = false, from = "", round_map = null, drawn_stops = null;
  const start_of = () => ((from || (depot ? "depot" : "here")) === "depot" ? depot : here);
  const drawVisits = async () => {
    round_button.hidden = !known || jobs().filter((one) => one.point).length < 2;
    visits.hidden = !is_round || round_button.hidden;
    if (visits.hidden) return;
    const mine = jobs().filter((one) => one.mine && !finished.has(one.key)), rows = mine.some((one) => one.point) ? mine : jobs().filter((one) => !finished.has(one.key));
    const placed = rows.filter((one) => one.point), points = placed.map((one) => one.point), start = start_of();
    const way = okVisits.order(start, points), total = okVisits.length(start, points, way);
    part("visits-said").textContent = words.visits.replace("%n", way.length).replace("%s", said_way(total)) + (start ? "" : ` ${words.no_start}`);
    part("starts").hidden = !depot;
    for (const button of visits.querySelectorAll("[data-start]")) button.setAttribute("aria-pressed", String(start === (button.dataset.start === "depot" ? depot : here) && Boolean(start)));
    let at = start;
    part("stops").replaceChildren(...way.map((number) => {
      const one = placed[number], item = make("li"), facts = make("span", "ok-small", [at ? said_way(okVisits.metres(at, one.point)) : "", one.mahalle, one.reference].filter(Boolean).join(" · "));
      at = one.point;
      const acts = make("span", "ok-actions");
      if (one.map) { const link = make("a", "ok-button", words.way); link.href = one.map; link.rel = "noreferrer"; link.setAttribute("aria-label", `${words.way}: ${one.head}`); acts.append(link); }
      const open = make("button", "ok-button", words.show); open.type = "button"; open.setAttribute("aria-label", `${words.show}: ${one.head}`);
      open.addEventListener("click", () => { chosen = one.key; draw().then(() => { const head = lists.querySelector(`[data-key="${one.key}"] .ok-crew-head`); head?.focus(); head?.scrollIntoView({ block: "center" }); }); });
      acts.append(open);
      item.append(make("strong", "", one.head), ...(one.pressing ? [" ", make("span", "ok-badge ok-red", words.urgent)] : []), facts, acts);
      return item;
    }));
    const nowhere = rows.length - placed.length;
    part("nowhere").hidden = !nowhere;
    part("nowhere").textContent = words.nowhere.replace("%s", nowhere);
    const frame = visits.querySelector("[data-map]");
    try {
      round_map ??= okMap.create(frame, { wheel: false });
      const { map } = await round_map;
      drawn_stops?.remove();
      drawn_stops = L.featureGroup().addTo(map);
      const line = way.map((number) => points[number]);
      L.polyline(start ? [start, ...line] : line, { className: "okm-way", weight: 3, interactive: false }).addTo(drawn_stops);
      if (start) okMap.mark(start, "here", words.start, { sign: "★", keyboard: false }).addTo(drawn_stops);
      way.forEach((number, step) => okMap.mark(points[number], "stop", `${step + 1}. ${placed[number].head}`, { sign: String(step + 1), keyboard: false }).addTo(drawn_stops));
      map.fitBounds(drawn_stops.getBounds(), { animate: false, padding: [30, 30], maxZoom: 16 });
    } catch { frame.hidden = true; }
  };
  round_button.addEventListener("click", () => { is_round = !is_round; round_button.setAttribute("aria-pressed", String(is_round)); if (is_round && !here && !depot && "geolocation" in navigator) locate(); drawVisits(); });
  for (const button of visits.querySelectorAll("[data-start]")) button.addEventListener("click", () => { from = button.dataset.start; if (from === "here" && !here) locate(); drawVisits(); });
  const ordered = (rows) => [...rows].sort((one, other) => other.pressing - one.pressing || (here ? far(one) - far(other) : 0) || 0);
  const card = (one, waits) => {
    const item = make("li", "ok-crew-job"); item.dataset.key = one.key;
    const head = make("button", "ok-crew-head"), facts = make("span", "ok-crew-facts");
    const open = one.key === chosen;
    head.type = "button";
    head.setAttribute("aria-expanded", String(open));
    head.append(make("strong", "", one.head), ...(one.title === one.head ? [] : [make("span", "ok-crew-title", one.title)]));
    if (one.pressing) facts.append(make("span", "ok-badge ok-red", words.urgent));
    facts.append(make("span", `ok-badge ok-${one.tone}`, one.days));
    if (waits) facts.append(make("span", "ok-badge ok-orange", words.queued));
    facts.append(make("span", "ok-small", [distance(one), one.place ? one.mahalle : "", one.reference].filter(Boolean).join(" · ")));
    head.append(facts);
    head.addEventListener("click", () => { chosen = open ? "" : one.key; draw(); });
    item.append(head);
    if (one.photos.length) {
      const row = make("div", "ok-crew-photos");
      for (const photo of one.photos) {
        const image = make("img");
        const said = { BEFORE: words.before, AFTER: words.after }[photo.stage] || "";
        image.src = known.thumbs[photo.key] || photo.small;
        image.alt = `${one.head} ${said}`.trim();
        image.loading = "lazy";
        const figure = make("figure");
        figure.append(image);
        if (said) figure.append(make("figcaption", "", said));
        row.append(figure);
      }
      item.append(row);
    }
    if (open) {
      if (one.text) item.append(make("p", "ok-body", one.text));
      if (one.who) item.append(make("p", "ok-small", one.who));
      const link = make("a", "ok-link", words.open);
      link.href = one.url;
      item.append(link);
    }
    return item;
  };
  const draw = async () => {
    if (!known) return;
    const { deeds: waiting, foreign } = await deeds();
    const queued = new Set(waiting.filter((one) => !one.id.startsWith("draft-")).map((one) => one.job));
    finished = new Set(waiting.filter((one) => one.text && !one.stopped && !one.id.startsWith("draft-")).map((one) => one.job));
    const focused = document.activeElement?.closest("[data-key]")?.dataset.key;
    const groups = [[words.mine, jobs().filter((one) => one.mine)], [words.free, jobs().filter((one) => !one.mine)]].filter(([, rows]) => rows.length);
    lists.replaceChildren(...groups.map(([title, rows]) => {
      const group = make("section"), heading = make("h2", "", title), row = make("ol", "ok-crew-jobs");
      heading.append(" ", make("span", "ok-badge ok-grey", String(rows.length)));
      row.append(...ordered(rows).map((one) => card(one, queued.has(one.key))));
      group.append(heading, row);
      return group;
    }), ...(groups.length ? [] : [make("p", "ok-done", words.none)]));
    if (focused) lists.querySelector(`[data-key="${focused}"] .ok-crew-head`)?.focus();
    drawBar();
    drawVisits();
    drawOutbox(waiting.filter((one) => !one.id.startsWith("draft-")), foreign);
  };
  const drawBar = () => {
    const one = job();
    bar.hidden = !one;
    if (!one) return;
    part("for").textContent = one.head;
    const call = part("call"), way = part("way");
    call.hidden = !one.tel; way.hidden = !one.map;
    if (one.tel) call.href = `tel:${one.tel}`;
    if (one.map) way.href = one.map;
    part("photo").hidden = !one.takes_photos;
    part("done").hidden = !one.can_finish || finished.has(one.key);
  };
  const drawOutbox = (waiting, foreign) => {
    part("outbox").hidden = !waiting.length && !foreign;
    part("others").hidden = !foreign;
    part("deeds").replaceChildren(...waiting.map((one) => {
      const item = make("li", "ok-crew-deed"), acts = make("div", "ok-actions");
      const count = one.photos.length ? ` · ${one.photos.length} ${part("photo").textContent.trim()}` : "";
      item.append(make("strong", "", `${one.reference}${count}`), make("span", `ok-badge ok-${one.stopped ? "red" : "orange"}`, one.stopped ? words.stopped : words.queued));
      if (one.stopped) item.append(make("p", "ok-alert", one.stopped));
      if (one.text) item.append(make("p", "ok-body", one.text));
      const act = (said, press) => { const button = make("button", "ok-button", said); button.type = "button"; button.addEventListener("click", press); acts.append(button); };
      if (one.stopped && one.code !== "NOT_FOUND" && !one.as_note) act(words.note, () => again(one, { as_note: true }));
      if (one.stopped && one.text) act(words.copy, async () => { await navigator.clipboard.writeText(one.text); say(words.copied); });
      if (one.stopped) act(words.discard, async () => { if (window.confirm(words.discard_sure)) { await fieldStore.drop(one.id); draw(); } });
      if (acts.children.length) item.append(acts);
      return item;
    }));
    line.textContent = waiting.length && state === "online" ? words.waits.replace("%s", waiting.length) : words[state];
    line.className = `ok-badge ok-${state === "online" && !waiting.length ? "green" : "orange"}`;
    part("sign-in").hidden = state !== "out";
  };

  // -- asking the server ------------------------------------------------------------------------------------------------------
  /* The answer, or null where there is none: the line is cut (offline) or the session has ended (out). */
  const ask = async (address, options = {}) => {
    try {
      const answer = await fetch(address, { credentials: "same-origin", redirect: "manual", cache: "no-store", ...options });
      const isOurs = (answer.headers.get("Content-Type") || "").includes("json");
      state = isOurs ? "online" : answer.type === "opaqueredirect" || answer.status === 403 ? "out" : "offline";
      return isOurs ? answer : null;
    } catch { state = "offline"; return null; }
  };
  const refresh = async () => {
    const answer = await ask(LIST);
    if (answer?.ok) {
      read = Date.now();
      const { jobs: rows, until, owner, secret } = await answer.json();
      const before = known?.owner === owner ? known.thumbs : {}, thumbs = {};
      const keep = async () => { const key = await fieldStore.keep(secret, owner, until, { jobs: rows, thumbs }); known = { key, owner, jobs: rows, thumbs }; };
      const wanted = rows.flatMap((one) => one.photos).slice(0, THUMBS);
      for (const photo of wanted) if (before[photo.key]) thumbs[photo.key] = before[photo.key];
      await keep();
      await draw();
      let fresh = 0;
      for (const photo of wanted.filter((one) => !thumbs[one.key])) {
        try {
          const small = await fetch(photo.small, { credentials: "same-origin", redirect: "error" });
          if (small.ok) { thumbs[photo.key] = await asUrl(await small.blob()); fresh += 1; }
        } catch { break; }
      }
      if (fresh) await keep();
      navigator.serviceWorker?.controller?.postMessage("keep");
    } else if (answer && answer.status === 404) { await fieldStore.forget(); known = known && { ...known, jobs: [], thumbs: {} }; }
    await draw();
  };
  const cookie = () => document.cookie.split("; ").find((one) => one.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) || "";
  const flush = async () => {
    if (sending || !known) return;
    sending = true;
    let sent = 0, waiting = [];
    try {
      waiting = await fieldStore.waiting(known.key, known.owner);
      await fieldStore.alone(() => fieldStore.send(known.key, known.owner, (deed) => ask(SEND, { ...deed, headers: { ...deed.headers, "X-CSRFToken": cookie() } }),
        (message, isTaken) => { if (isTaken) sent += 1; say(message, isTaken ? "green" : "red"); }));
    } finally { sending = false; }
    if (sent) await refresh(); else if (waiting.length) await draw();
  };
  /* Sent by the browser itself once there is a line, also when this page is closed; elsewhere the page sends (flush). */
  const later = async () => {
    const there = await navigator.serviceWorker?.getRegistration("/admin/field/");
    await there?.sync?.register("field-send").catch(() => {});
  };
  const again = async (one, changes) => {
    await fieldStore.put(known.key, known.owner, { ...one, ...changes, stopped: "", code: "", id: crypto.randomUUID() });
    await fieldStore.drop(one.id);
    flush();
  };

  // -- what is done: photos, and what the citizen is to be told ------------------------------------------------------------------
  const shrunk = async (file) => {
    const blob = await phone.small(file, POINTS);
    if (!blob) say(words.no_camera, "red");
    return blob;
  };
  const drawPhotos = async () => {
    part("chosen").replaceChildren(...await Promise.all(photos.map(async (one, place) => {
      const item = make("li"), image = make("img"), turn = make("button", "ok-button", one.stage === "BEFORE" ? words.before : words.after), off = make("button", "ok-button", "×");
      image.src = await asUrl(one.blob); image.alt = `${turn.textContent} ${place + 1}`;
      turn.type = off.type = "button";
      off.setAttribute("aria-label", `${words.remove}: ${image.alt}`);
      turn.addEventListener("click", () => { one.stage = one.stage === "BEFORE" ? "AFTER" : "BEFORE"; drawPhotos(); keepDraft(); });
      off.addEventListener("click", () => { photos.splice(place, 1); drawPhotos(); keepDraft(); });
      item.append(image, turn, off);
      return item;
    })));
  };
  const add = async (files) => {
    for (const file of [...files]) {
      if (photos.length >= MOST) { say(words.many.replace("%s", MOST), "red"); break; }
      const blob = await shrunk(file), stage = form.elements.namedItem("stage").value;
      if (blob) photos.push({ blob, stage, name: `${stage === "BEFORE" ? words.before : words.after} ${photos.length + 1}.jpg` });
    }
    await drawPhotos();
    await keepDraft();
  };
  const keepDraft = () => (doing ? fieldStore.put(known.key, known.owner, { id: `draft-${doing.job.key}`, job: doing.job.key, text: text.value, photos }) : null);
  const begin = async (finishes) => {
    const one = job();
    const draft = (await deeds()).deeds.find((other) => other.id === `draft-${one.key}`);
    doing = { job: one, finishes };
    photos = draft ? draft.photos : [];
    text.value = draft?.text || one.draft || "";
    part("what").hidden = !finishes;
    part("sheet-title").textContent = one.head;
    const hasBefore = one.photos.length + photos.length > 0;
    form.elements.namedItem("stage").value = finishes || hasBefore ? "AFTER" : "BEFORE";
    part("wrong").textContent = "";
    await drawPhotos();
    sheet.showModal();
  };
  text.addEventListener("input", () => { window.clearTimeout(typing); typing = window.setTimeout(keepDraft, 400); });
  form.querySelectorAll("input[type=file]").forEach((field) => field.addEventListener("change", async () => { await add(field.files); field.value = ""; }));
  part("leave").addEventListener("click", async () => { await keepDraft(); sheet.close(); });
  sheet.addEventListener("cancel", keepDraft);
  sheet.addEventListener("close", () => { doing = null; });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { job: one, finishes } = doing, said = finishes ? text.value.trim() : "";
    if (finishes && !said) { part("wrong").textContent = words.need_text; text.focus(); return; }
    if (!said && !photos.length) { part("wrong").textContent = words.need_something; return; }
    window.clearTimeout(typing);
    await fieldStore.put(known.key, known.owner, {
      id: crypto.randomUUID(), job: one.key, reference: one.reference, seen: one.seen, text: said, photos,
      hands_in: finishes && form.elements.namedItem("hands_in").checked,
    });
    photos = [];
    if (!finishes && text.value.trim()) await keepDraft(); else await fieldStore.drop(`draft-${one.key}`);
    sheet.close();
    say(words.kept, "green");
    await draw();
    await later();
    flush();
  });
  navigator.serviceWorker?.addEventListener("message", ({ data }) => { if (data.message !== undefined) { say(data.message, data.isTaken ? "green" : "red"); refresh(); } });
  part("photo").addEventListener("click", () => begin(false));
  part("done").addEventListener("click", () => begin(true));

  // -- beginning ---------------------------------------------------------------------------------------------------------------
  if ("geolocation" in navigator) {
    near.hidden = false;
    near.addEventListener("click", () => { if (here) { here = null; near.setAttribute("aria-pressed", "false"); draw(); } else locate(); });
    navigator.permissions?.query({ name: "geolocation" }).then((given) => { if (given.state === "granted") locate(); }).catch(() => {});
  }
  navigator.serviceWorker?.register(WORKER, { scope: "/admin/field/" }).then(() => navigator.serviceWorker.ready).then((one) => one.active.postMessage("keep")).catch(() => {});
  try {
    await fieldStore.tidy(KEPT_DAYS);
    known = await fieldStore.open();
  } catch { known = null; }
  if (known) await draw(); else if (!lists.querySelector("li") && !navigator.onLine) lists.replaceChildren(make("p", "ok-done", words.nothing_kept));
  const round = async () => {
    if (document.hidden) return;
    await flush();
    if (state !== "online" || !known || Date.now() - read > 180000) await refresh();
  };
  window.addEventListener("online", round);
  document.addEventListener("visibilitychange", round);
  window.setInterval(round, 10000);
  await refresh();
  await flush();
});
