"use strict";
/* An application written without a line: kept on this device as it is typed, sent once when there is a line and it was said so. */
(async () => {
  const page = document.querySelector("[data-kept]");
  if (!page || !window.indexedDB || !window.isSecureContext) return;
  const words = JSON.parse(document.getElementById("kept-words").textContent);
  const part = (name) => document.querySelector(`[data-${name}]`);
  const form = page.querySelector("form"), MOST = 10, POINTS = 1920;
  const pending = new Set();  // what was to be sent while this page stood open
  let row = null, typing = 0, sending = false;

  const make = (name, css, text = "") => { const one = document.createElement(name); if (css) one.className = css; one.textContent = text; return one; };
  const button = (text, press, css = "linklike") => { const one = make("button", css, text); one.type = "button"; one.addEventListener("click", press); return one; };
  const say = (text) => { part("said").textContent = text; };
  const values = () => Object.fromEntries(kept.FIELDS.map((name) => {
    const field = form.elements.namedItem(name);
    return [name, field.type === "checkbox" ? (field.checked ? "on" : "") : field.value.trim()];
  }));
  const keep = async () => {
    window.clearTimeout(typing);
    row.fields = values();
    row.at = Date.now();
    if (kept.isAnything(row)) await kept.put(row); else await kept.drop(row.id);
  };
  const fill = async (next) => {
    row = next;
    for (const name of kept.FIELDS) {
      const field = form.elements.namedItem(name), value = row.fields[name];
      if (field.type === "checkbox") field.checked = Boolean(value);
      else if (name !== "privacy_notice") field.value = value || (name === "who" ? "NAMELESS" : "");  // what is sent is what is read now
    }
    part("place-said").textContent = row.fields.latitude ? words.located : "";
    wrong((row.errors || []).map((one) => words[one] || one));
    await drawPhotos();
    named();
  };
  const named = () => { part("named").hidden = form.elements.namedItem("who").value !== "NAMED"; };
  const wrong = (errors) => {
    const box = part("errors");
    box.hidden = !errors.length;
    box.querySelector("ul").replaceChildren(...errors.map((one) => make("li", "", one)));
    if (errors.length) box.focus();
  };
  const drawPhotos = async () => {
    part("photos").replaceChildren(...row.photos.map((one) => {
      const item = make("li"), image = make("img"), off = button(words.remove, async () => {
        row.photos = row.photos.filter((other) => other !== one);
        await keep();
        await drawPhotos();
      });
      image.src = URL.createObjectURL(one.blob);
      image.alt = "";
      image.addEventListener("load", () => URL.revokeObjectURL(image.src));
      off.append(make("span", "sr", ` ${one.name}`));
      item.append(image, make("span", "", one.name), off);
      return item;
    }));
  };
  const add = async (files) => {
    for (const file of files) {
      if (row.photos.length >= MOST) { say(words.many); break; }
      const blob = await phone.small(file, POINTS) || file;
      row.photos.push({ blob, name: file.name || "foto.jpg" });
    }
    await keep();
    await drawPhotos();
  };

  // -- what waits -------------------------------------------------------------------------------------------------------
  const isBusy = (one) => sending && one.state === "ready";
  const draw = async () => {
    const others = (await kept.all()).filter((one) => one.id !== row.id);
    part("outbox").hidden = !others.length;
    part("rows").replaceChildren(...others.map((one) => {
      const item = make("li"), head = make("p");
      const title = one.state === "sent" ? words.sent : words[one.state];
      head.append(make("strong", "", title));
      item.append(head);
      if (one.state === "sent") {
        if (one.reference) item.append(make("p", "", `${words.number} ${one.reference}`));
        if (one.code) { const line = make("p", "", `${words.code} `); line.append(make("strong", "code", one.code)); item.append(line); }
        if (one.url) { const link = make("a", "", one.code ? words.look : words.confirm), line = make("p"); link.href = one.url; line.append(link); item.append(line); }
      } else {
        const text = one.fields.text || one.fields.place || "", count = one.photos.length;
        item.append(make("p", "", text.length > 120 ? `${text.slice(0, 120)}…` : text));
        if (count) item.append(make("p", "quiet", words.photos.replace("%s", count)));
        for (const error of one.errors || []) item.append(make("p", "wrong", words[error] || error));
        if (!one.tried && !isBusy(one)) item.append(button(words.change, async () => { await keep(); await fill({ ...one, state: "open" }); await kept.put(row); await draw(); form.elements.namedItem("text").focus(); }));
        if (one.state === "stopped" && (one.errors || []).includes("old")) item.append(button(words.again, async () => { await kept.put({ ...one, ...again(), state: "ready", errors: [] }); await draw(); flush(); }));
      }
      if (!isBusy(one)) item.append(" ", button(words.drop, async () => { await kept.drop(one.id); await draw(); }));
      return item;
    }));
  };
  const again = () => { const { id, bundle } = kept.fresh(); return { id, bundle, tried: 0 }; };
  const line = () => {
    part("line").textContent = navigator.onLine ? words.online : words.offline;
    form.querySelector("[type=submit]").textContent = navigator.onLine ? words.send : words.send_later;
  };
  const flush = async () => {
    line();
    if (sending || !navigator.onLine) return;
    const ready = (await kept.all()).filter((one) => one.state === "ready");
    if (!ready.length) return;
    for (const one of ready) pending.add(one.id);
    sending = true;
    say(words.sending);
    try { await draw(); await kept.send(); } finally { sending = false; }
    await settled();
  };
  /* One was sent while this page stood open: on to its number, or to the code that proves who sent it. */
  const settled = async () => {
    const mine = (await kept.all()).filter((one) => pending.has(one.id)), sent = mine.filter((one) => one.state === "sent");
    say(mine.some((one) => one.state === "ready") ? words.later : mine.some((one) => one.state === "stopped") ? words.stopped : "");
    await draw();
    if (sent.length === 1 && pending.size === 1 && sent[0].url && !kept.isAnything(row)) window.location.assign(sent[0].url);
  };

  // -- what is done -----------------------------------------------------------------------------------------------------
  form.addEventListener("input", () => { named(); window.clearTimeout(typing); typing = window.setTimeout(keep, 300); });
  form.addEventListener("change", named);
  form.querySelectorAll("input[type=file]").forEach((field) => field.addEventListener("change", async () => { await add([...field.files]); field.value = ""; }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = values(), errors = [];
    if (said.text.length < 3) errors.push(words.need_text);
    if (said.who === "NAMED" && (!said.first_name || !said.last_name)) errors.push(words.need_name);
    if (said.who === "NAMED" && !said.email && !said.phone) errors.push(words.need_contact);
    wrong(errors);
    if (errors.length) return;
    await keep();
    await kept.put({ ...row, state: "ready", errors: [] });
    await fill(kept.fresh());
    await draw();
    say(words.later);
    await flush();
    if ((await kept.all()).some((one) => one.state === "ready")) {
      const there = await navigator.serviceWorker?.getRegistration("/basvuru/");
      await there?.sync?.register("basvuru").catch(() => {});
    }
  });
  part("drop").addEventListener("click", async () => { await kept.drop(row.id); await fill(kept.fresh()); await draw(); say(words.dropped); });
  part("locate").addEventListener("click", () => navigator.geolocation.getCurrentPosition(({ coords }) => {
    form.elements.namedItem("latitude").value = coords.latitude.toFixed(6);
    form.elements.namedItem("longitude").value = coords.longitude.toFixed(6);
    part("place-said").textContent = words.located;
    keep();
  }, () => { part("place-said").textContent = words.not_located; }, { enableHighAccuracy: true, timeout: 15000 }));

  // -- beginning --------------------------------------------------------------------------------------------------------
  await kept.tidy();
  part("plain").hidden = true;
  page.hidden = false;
  part("locate").hidden = !("geolocation" in navigator);
  await fill((await kept.all()).find((one) => one.state === "open") || kept.fresh());
  await draw();
  line();
  for (const happened of ["online", "offline", "pageshow"]) window.addEventListener(happened, flush);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); else flush(); });
  navigator.serviceWorker?.addEventListener("message", ({ data }) => { if (data === "sent") settled(); });
  window.setInterval(flush, 15000);
  await flush();
})().catch((fault) => { document.querySelector("[data-plain]").hidden = false; throw fault; });
