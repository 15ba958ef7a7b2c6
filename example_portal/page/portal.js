// The page of the example portal. It knows no secret: it asks its own server, which asks the municipality's API.
const by = (id) => document.getElementById(id);
const DRAFT = "ornek-portal-taslak";
const FIELDS = ["text", "category", "neighbourhood", "place", "first_name", "last_name", "phone", "email"];
const CONTACT = ["first_name", "last_name", "phone", "email"];
const LARGEST_PHOTO = 20 * 1024 * 1024;
let notice = null;

// -- asking ----------------------------------------------------------------------------------------------------
const documents = fetch("belgeler.json").then((found) => found.json());

class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}
const SORRY = {
  RATE_LIMITED: "Şu anda çok istek var. Biraz sonra yeniden deneyiniz.",
  TOO_LARGE: "Fotoğraf çok büyük; en çok 20 MB olabilir. Daha küçük bir fotoğraf seçiniz.",
  UNREACHABLE: "Belediyenin sistemine ulaşılamıyor. Yazdıklarınız duruyor; biraz sonra yeniden deneyiniz.",
  OFFLINE: "Bağlantı yok. Yazdıklarınız duruyor; bağlantı gelince yeniden gönderiniz.",
};

async function ask(name, variables = {}, key = "") {
  const documentId = `sha256:${(await documents)[name]}`;
  const headers = { "Content-Type": "application/json", ...(key && { "Idempotency-Key": key }) };
  const answer = await send("sor/", { headers, body: JSON.stringify({ documentId, variables }) });
  if (answer.errors) throw new Refused(answer.errors[0].extensions?.code, answer.errors[0].message);
  return Object.values(answer.data)[0];
}

async function send(path, options) {
  let found;
  try {
    found = await fetch(path, { method: "POST", ...options });
  } catch {
    throw new Refused("OFFLINE", SORRY.OFFLINE);
  }
  by("line").hidden = true;
  try {
    return await found.json();
  } catch {
    throw new Refused("UNREACHABLE", SORRY.UNREACHABLE);
  }
}

const told = (error) => SORRY[error.code] || error.message || SORRY.UNREACHABLE;

// One deed has one key, however often it is sent; another content is another deed.
const keys = new Map();
function keyOf(deed, content) {
  const said = JSON.stringify(content);
  if (keys.get(deed)?.said !== said) keys.set(deed, { said, key: crypto.randomUUID() });
  return keys.get(deed).key;
}

// While a form is on its way a second click is none.
function once(form, act) {
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const button = form.querySelector("button[type=submit]");
    button.setAttribute("aria-disabled", "true");
    try {
      await act();
    } finally {
      busy = false;
      button.removeAttribute("aria-disabled");
    }
  });
}

// -- faults at their fields ------------------------------------------------------------------------------------
function fault(field, message) {
  const [at, error] = [by(field), by(`${field}-error`)];
  if (!error) return false;
  error.textContent = message;
  error.hidden = !message;
  if (at) {
    message ? at.setAttribute("aria-invalid", "true") : at.removeAttribute("aria-invalid");
    if (message) {
      const folded = at.closest("details");
      if (folded) folded.open = true;
      at.focus();
    }
  }
  return true;
}
const clear = (...fields) => fields.forEach((field) => fault(field, ""));
function say(id, message) {
  by(id).textContent = message;
  by(id).hidden = !message;
}

// -- the report ------------------------------------------------------------------------------------------------
function keep() {
  const draft = Object.fromEntries(FIELDS.map((name) => [name, by(name).value]));
  try {
    sessionStorage.setItem(DRAFT, JSON.stringify(draft));
  } catch { /* a browser that keeps nothing: the page itself still does */ }
}
function restore() {
  let draft = {};
  try {
    draft = JSON.parse(sessionStorage.getItem(DRAFT)) || {};
  } catch { /* as above */ }
  for (const name of FIELDS) if (draft[name]) by(name).value = draft[name];
  by("contact").open ||= CONTACT.some((name) => draft[name]);
}
const forget = () => {
  try {
    sessionStorage.removeItem(DRAFT);
  } catch { /* as above */ }
};

function option(value, name) {
  const made = document.createElement("option");
  made.value = value;
  made.textContent = name;
  return made;
}

async function choices() {
  let after = null;
  const groups = new Map();
  do {
    const page = await ask("categories", { after });
    for (const one of page.nodes.filter((row) => row.group)) {
      if (!groups.has(one.groupName)) groups.set(one.groupName, document.createElement("optgroup"));
      groups.get(one.groupName).append(option(one.code, one.name));
    }
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after);
  for (const [name, group] of [...groups].sort(([a], [b]) => a.localeCompare(b, "tr"))) {
    group.label = name;
    by("category").append(group);
  }
  const places = (await ask("neighbourhoods")).nodes.sort((a, b) => a.name.localeCompare(b.name, "tr"));
  by("neighbourhood").append(...places.map((one) => option(one.code, one.name)));
  by("category").value = "kaldirim-ve-bordur";
  notice = await ask("notice");
  by("notice").textContent = notice?.text || "";
}

function said() {
  const value = (name) => by(name).value.trim().normalize("NFC");
  const text = value("text");
  const line = text.split(/(?<=[.!?])\s|\n/u)[0];
  const subject = line.length > 120 ? `${line.slice(0, 119).replace(/\s\S*$/u, "")}…` : line;
  const input = { kind: "COMPLAINT", channel: "E_MUNICIPALITY", subject, text };
  for (const name of ["category", "neighbourhood", "place"]) if (value(name)) input[name] = value(name);
  if (notice && CONTACT.some(value)) {
    const [firstName, lastName, phone, email] = CONTACT.map(value);
    input.contact = { firstName, ...(lastName && { lastName }), ...(phone && { phone }), ...(email && { email }) };
    input.privacyNotice = notice?.code;
  }
  return input;
}

// Where a fault of the API belongs on this page.
const AT = { subject: "text", body: "text", "contact.firstName": "first_name", "contact.lastName": "last_name", "contact.phone": "phone", "contact.email": "email" };

async function report() {
  clear(...FIELDS, "photo");
  say("report-error", "");
  const input = said();
  if (!input.text) return fault("text", "Sorunun ne olduğunu yazınız.");
  if (by("photo").files[0]?.size > LARGEST_PHOTO) return fault("photo", SORRY.TOO_LARGE);
  if (input.contact && !input.contact.firstName) return fault("first_name", "Adınızı yazınız.");
  try {
    const done = await ask("submit", { input }, keyOf("submit", input));
    if (done.errors.length) {
      const [first] = done.errors;
      if (!fault(AT[first.field] || first.field, first.message)) say("report-error", first.message);
      return;
    }
    forget();
    await receipt(done);
  } catch (error) {
    say("report-error", told(error));
  }
}

async function receipt({ reference, trackingCode }) {
  by("receipt-number").textContent = reference;
  by("receipt-code").textContent = trackingCode;
  by("code").value = trackingCode;
  by("report").hidden = true;
  by("receipt").hidden = false;
  by("receipt").querySelector("h2").focus();
  const photo = by("photo").files[0];
  if (photo) await sendPhoto(photo, trackingCode);
}

async function sendPhoto(photo, code) {
  const state = by("photo-state");
  state.classList.add("good");
  say("photo-state", "Fotoğraf gönderiliyor …");
  by("photo-again").hidden = true;
  try {
    const form = new FormData();
    form.append("file", photo);
    const answer = await send("dosya/", { headers: { "Tracking-Code": code }, body: form });
    if (answer.errors) throw new Refused(answer.errors[0].code || answer.errors[0].extensions?.code, answer.errors[0].message);
    say("photo-state", "Fotoğraf eklendi.");
  } catch (error) {
    state.classList.remove("good");
    say("photo-state", `Bildiriminiz alındı, fotoğraf gönderilemedi. ${told(error)}`);
    by("photo-again").hidden = false;
    by("photo-again").onclick = () => sendPhoto(photo, code);
  }
}

// -- the story -------------------------------------------------------------------------------------------------
const moment = (text) => new Intl.DateTimeFormat("tr-TR", { dateStyle: "long", timeStyle: "short", timeZone: "Europe/Istanbul" }).format(new Date(text));
function element(tag, text, name = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) made.className = name;
  return made;
}
function timed(tag, text, at, name = "") {
  const made = element(tag, text, name);
  const time = element("time", ` ${moment(at)}`);
  time.dateTime = at;
  made.append(document.createElement("br"), time);
  return made;
}

async function follow() {
  clear("code");
  const code = by("code").value.trim();
  if (!code) return fault("code", "Takip kodunu yazınız.");
  try {
    const found = await ask("follow", { code });
    if (!found) {
      by("story").hidden = true;
      return fault("code", "Bu kodla bir bildirim bulunamadı. Harf harf denetleyiniz.");
    }
    show(found);
  } catch (error) {
    fault("code", told(error));
  }
}

function show(found) {
  by("story-title").textContent = found.reference;
  by("story-status").textContent = found.status;
  say("story-files", found.attachments.length ? `Eklediğiniz dosya: ${found.attachments.length}` : "");
  by("story-steps").replaceChildren(...found.steps.map((step) => timed("li", step.label, step.at)));
  const told = [...found.questions, ...found.replies].sort((a, b) => a.notifiedAt.localeCompare(b.notifiedAt));
  by("story-replies").replaceChildren(...told.map((one) => timed("div", one.body, one.notifiedAt, "reply")));
  by("add").hidden = !found.canAdd;
  by("rate").hidden = !found.canRate;
  if (found.rating) by("rate").elements.rating.value = String(found.rating);
  if (found.ratingRemark) by("remark").value = found.ratingRemark;
  say("rated", found.rating ? `Değerlendirmeniz: 5 üzerinden ${found.rating}. Teşekkür ederiz.` : "");
  by("story").hidden = false;
  by("story-title").focus();
}

async function deed(name, input, field) {
  clear(field);
  const code = by("code").value.trim();
  try {
    const done = await ask(name, { input: { code, ...input } }, keyOf(name, { code, ...input }));
    if (done.errors.length) return fault(field, done.errors[0].message);
    keys.delete(name); // it is done: the same words another time are another deed
    if (name === "add") by("more").value = "";
    return await follow();
  } catch (error) {
    return fault(field, told(error));
  }
}

// -- beginning -------------------------------------------------------------------------------------------------
once(by("report"), report);
once(by("follow"), follow);
once(by("add"), async () => {
  const text = by("more").value.trim();
  return text ? deed("add", { text }, "more") : fault("more", "Eklemek istediğinizi yazınız.");
});
once(by("rate"), async () => {
  const rating = Number(by("rate").elements.rating.value);
  const remark = by("remark").value.trim();
  return rating ? deed("rate", { rating, ...(remark && { remark }) }, "rating") : fault("rating", "1 ile 5 arasında bir puan seçiniz.");
});
by("report").addEventListener("input", keep);
by("photo").addEventListener("change", () => {
  const [photo] = by("photo").files;
  by("preview").hidden = !photo;
  if (photo) by("preview").src = URL.createObjectURL(photo);
});
by("another").addEventListener("click", () => {
  keys.delete("submit");
  by("report").reset();
  by("preview").hidden = true;
  by("category").value = "kaldirim-ve-bordur";
  by("receipt").hidden = true;
  by("report").hidden = false;
  by("text").focus();
});
addEventListener("offline", () => (by("line").hidden = false));
addEventListener("online", () => (by("line").hidden = true));
choices().catch(() => {}).then(() => {
  restore();
  // Nobody is asked who they are without the notice that says what for (KVKK m.10).
  by("contact").hidden = !notice;
  say("no-contact", notice ? "" : "Aydınlatma metni yüklenemediği için şu anda ad ve iletişim bilgisi alınmıyor. Bildirimi bunlar olmadan gönderebilir veya sayfayı biraz sonra yenileyebilirsiniz.");
});
