"use strict";
/* An application written without a line: kept on this device as it is typed, sent once when there is a line and it was said so. */
(async () => {
  const page = document.querySelector("[data-kept]");
  if (!page || !window.indexedDB || !window.isSecureContext) return;
  const words = JSON.parse(document.getElementById("kept-words").textContent);
  const part = (name) => document.querySelector(`[data-${name}]`);
  const form = page.querySelector("form"), submit = form.querySelector("[type=submit]");
  const pending = new Set();  // what was to be sent while this page stood open
  const sendsItself = "SyncManager" in window && Boolean(navigator.serviceWorker);  // else only while a page of ours is open
  let row = null, typing = 0, sending = false;

  const make = (name, css, text = "") => { const one = document.createElement(name); if (css) one.className = css; one.textContent = text; return one; };
  const button = (text, press, css = "linklike") => { const one = make("button", css, text); one.type = "button"; one.addEventListener("click", press); return one; };
  const write = (part, text) => { if (part.textContent !== text) part.textContent = text; };  // the same is not read out again
  const say = (text) => write(part("said"), text);
  const field = (name) => form.elements.namedItem(name);
  const values = () => Object.fromEntries(kept.FIELDS.map((name) => [name, field(name).type === "checkbox" ? (field(name).checked ? "on" : "") : field(name).value.trim()]));
  const isChanged = (next) => kept.FIELDS.some((name) => name !== "privacy_notice" && (next[name] || "") !== (row.fields[name] || "") && !(name === "who" && !row.fields.who && next.who === "NAMELESS"));
  /* Put what is written here onto the device, where it is not sent or deleted there already. Whether it is kept. */
  const keep = async () => {
    window.clearTimeout(typing);
    const next = values();
    if (isChanged(next)) row.at = Date.now();
    row.fields = next;
    try {
      if (!kept.isAnything(row)) { await kept.drop(row.id, "open"); return true; }
      const made = await kept.change(row.id, (there) => (there && there.state !== "open" ? null : row));
      if (!made) { await fill(kept.fresh()); await draw(); }
      return Boolean(made);
    } catch { say(words.full); return false; }
  };
  const fill = async (next) => {
    row = next;
    for (const name of kept.FIELDS) {
      const value = row.fields[name];
      if (field(name).type === "checkbox") field(name).checked = Boolean(value);
      else if (name !== "privacy_notice") field(name).value = value || (name === "who" ? "NAMELESS" : "");  // what is sent is what is read now
    }
    part("place-said").textContent = row.fields.latitude ? words.located : "";
    await drawPhotos();
    named();
    wrong(row.errors || []);
  };
  const named = () => { part("named").hidden = field("who").value !== "NAMED"; };
  /* What is wrong: [id of the field, sentence or its name] of each, above and at its field. */
  const wrong = (errors) => {
    const box = part("errors");
    for (const one of form.querySelectorAll(".field.bad")) {
      one.classList.remove("bad");
      one.querySelectorAll(".wrong").forEach((text) => text.remove());
      one.querySelectorAll("[aria-invalid]").forEach((other) => {
        other.removeAttribute("aria-invalid");
        if (other.dataset.described) other.setAttribute("aria-describedby", other.dataset.described); else other.removeAttribute("aria-describedby");
      });
    }
    box.hidden = !errors.length;
    box.querySelector("ul").replaceChildren(...errors.map(([at, text]) => {
      const item = make("li"), said = words[text] || text, there = at && document.getElementById(at);
      if (!there || !form.contains(there)) { item.textContent = said; return item; }
      const link = make("a", "", said), around = there.closest(".field"), message = make("p", "wrong", said);
      link.href = `#${at}`;
      message.id = `${at}_error`;
      there.before(message);
      if (!there.hasAttribute("aria-invalid")) there.dataset.described = there.getAttribute("aria-describedby") || "";
      around.classList.add("bad");
      there.setAttribute("aria-invalid", "true");
      there.setAttribute("aria-describedby", `${at}_error ${there.dataset.described}`.trim());
      item.append(link);
      return item;
    }));
    if (errors.length) box.focus();
  };
  const drawPhotos = async () => {
    part("photos").replaceChildren(...row.photos.map((one) => {
      const item = make("li"), image = make("img"), off = button(words.remove, async () => {
        row.photos = row.photos.filter((other) => other !== one);
        row.at = Date.now();
        await keep();
        await drawPhotos();
        (part("photos").querySelector("button") || document.getElementById("id_file")).focus();
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
    say("");
    for (const file of files) {
      if (row.photos.length >= kept.MOST) { say(words.many); break; }
      const photo = await kept.photo(file);
      if (!photo) { say(`${file.name}: ${words.large}`); continue; }
      row.photos.push(photo);
      row.at = Date.now();
      if (await keep() || !row.photos.includes(photo)) continue;
      row.photos = row.photos.filter((one) => one !== photo);  // the device is full: what is written goes before it
      if (await keep()) say(words.full_photo);
      break;
    }
    await drawPhotos();
  };

  // -- what waits -------------------------------------------------------------------------------------------------------
  const isBusy = (one) => sending && one.state === "ready";
  const draw = async () => {
    const others = (await kept.all()).filter((one) => one.id !== row.id), held = document.activeElement?.dataset.deed;
    part("outbox").hidden = !others.length;
    part("rows").replaceChildren(...others.map((one) => {
      const item = make("li"), head = make("p");
      const offer = (name, press) => { const made = button(words[name], press); made.dataset.deed = `${name} ${one.id}`; item.append(made, " "); };
      head.append(make("strong", "", words[one.state]));
      item.append(head);
      if (one.state === "sent") {
        const { reference, code } = one.result;
        if (reference) item.append(make("p", "", `${words.number} ${reference}`));
        if (code) { const line = make("p", "", `${words.code} `); line.append(make("strong", "code", code)); item.append(line); }
        offer(code ? "look" : "confirm", () => show(one));
      } else {
        const text = one.fields.text || one.fields.place || "", count = one.photos.length;
        item.append(make("p", "", text.length > 120 ? `${text.slice(0, 120)}…` : text));
        if (count) item.append(make("p", "quiet", words.photos.replace("%s", count)));
        for (const [, error] of one.errors || []) item.append(make("p", "wrong", words[error] || error));
        if (!one.tried && !isBusy(one)) offer("change", async () => {
          await keep();
          const made = await kept.anew(one.id, "open");
          if (made) { say(""); await fill(made); } else say(words.sending);
          await draw();
          if (made && !(made.errors || []).length) field("text").focus();
        });
        if (one.state === "stopped" && kept.isOld(one)) offer("again", async () => { await kept.anew(one.id, "ready"); await draw(); await flush(); });
      }
      if (!isBusy(one)) offer("drop", async () => { if (one.state !== "ready") await kept.drop(one.id); else if (await kept.alone(() => kept.drop(one.id).then(() => true)) === null) say(words.sending); await draw(); });
      return item;
    }));
    if (!held || document.activeElement?.dataset.deed === held) return;
    const same = [...part("rows").querySelectorAll("button")].find((one) => one.dataset.deed === held);
    (same || (others.length ? part("outbox").querySelector("h2") : field("text"))).focus();
  };
  const show = async (one) => {
    const url = await kept.open(one);
    if (url) window.location.assign(url); else say(words.no_line);
  };
  const line = () => {
    write(part("line"), navigator.onLine ? words.online : sendsItself ? words.offline : words.offline_here);
    write(submit, navigator.onLine ? words.send : words.send_later);
  };
  const later = () => say(sendsItself ? words.later : words.later_here);
  const flush = async (isAgain) => {
    line();
    if (sending || !navigator.onLine) return;
    const ready = (await kept.all()).filter((one) => one.state === "ready");
    if (sending || !ready.length) return;
    for (const one of ready) pending.add(one.id);
    sending = true;
    if (!isAgain) say(words.sending);
    try { await draw(); await kept.send(); } finally { sending = false; }
    await settled();
  };
  /* One was sent while this page stood open: on to its number, or to the code that proves who sent it. */
  const settled = async () => {
    const mine = (await kept.all()).filter((one) => pending.has(one.id)), sent = mine.filter((one) => one.state === "sent");
    if (mine.some((one) => one.state === "ready")) later(); else say(mine.some((one) => one.state === "stopped") ? words.stopped : "");
    await draw();
    if (sent.length === 1 && mine.length === 1 && !kept.isAnything(row)) await show(sent[0]);
  };

  // -- what is done -----------------------------------------------------------------------------------------------------
  form.addEventListener("input", () => { named(); window.clearTimeout(typing); typing = window.setTimeout(keep, 300); });
  form.addEventListener("change", named);
  form.querySelectorAll("input[type=file]").forEach((one) => one.addEventListener("change", async () => { await add([...one.files]); one.value = ""; }));
  const finish = async () => {
    const said = values(), errors = [];
    if (said.text.length < 3) errors.push(["id_text", "need_text"]);
    if (said.who === "NAMED" && !said.first_name) errors.push(["id_first_name", "need_first_name"]);
    if (said.who === "NAMED" && !said.last_name) errors.push(["id_last_name", "need_last_name"]);
    if (said.who === "NAMED" && !said.email && !said.phone) errors.push(["id_email", "need_contact"]);
    wrong(errors);
    if (errors.length || !await keep()) return;
    await kept.change(row.id, (there) => there && there.state === "open" && { ...there, state: "ready", errors: [] });
    await fill(kept.fresh());
    await draw();
    later();
    await flush();
    if ((await kept.all()).some((one) => one.state === "ready")) {
      const there = await navigator.serviceWorker?.getRegistration("/basvuru/");
      await there?.sync?.register("basvuru").catch(() => {});
    }
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    submit.disabled = true;
    try { await finish(); } finally { submit.disabled = false; }
  });
  part("drop").addEventListener("click", async () => { await kept.drop(row.id); await fill(kept.fresh()); await draw(); say(words.dropped); });
  part("locate").addEventListener("click", () => navigator.geolocation.getCurrentPosition(({ coords }) => {
    field("latitude").value = coords.latitude.toFixed(6);
    field("longitude").value = coords.longitude.toFixed(6);
    part("place-said").textContent = words.located;
    keep();
  }, () => { part("place-said").textContent = words.not_located; }, { enableHighAccuracy: true, timeout: 15000 }));

  // -- beginning --------------------------------------------------------------------------------------------------------
  await kept.tidy();
  const from = window.location.hash.slice(1), open = (await kept.all()).filter((one) => one.state === "open");  // the form that met no line
  part("plain").hidden = true;
  page.hidden = false;  // with what is kept at once: nothing that is typed is written over
  part("locate").hidden = !("geolocation" in navigator);
  await fill((from ? open.find((one) => one.form === from) : open.pop()) || { ...kept.fresh(), form: from });
  await draw();
  line();
  for (const happened of ["online", "offline", "pageshow"]) window.addEventListener(happened, () => flush());
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); else flush(); });
  navigator.serviceWorker?.addEventListener("message", ({ data }) => { if (data === "sent") settled(); });
  window.setInterval(() => flush(true), 15000);
  await flush();
})().catch((fault) => { document.querySelector("[data-plain]").hidden = false; throw fault; });
