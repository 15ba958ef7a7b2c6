"use strict";
/* The picker of persons and organisations as an ARIA combobox: arrows choose, Enter takes, Escape closes; the last rows of
   the list record somebody new, in a dialog. Without this file the form asks the same when it is sent. */
document.addEventListener("DOMContentLoaded", () => pickers(document));
document.addEventListener("htmx:load", (event) => pickers(event.target));

function pickers(root) {
  root.querySelectorAll("[data-picker]:not([data-ready])").forEach(picker);
  root.querySelectorAll("[data-finds]:not([data-ready])").forEach(finder);
}

// Many boxes: a name finds one, who is chosen stands first and stays in sight.
function finder(boxes) {
  boxes.dataset.ready = "1";
  const search = document.createElement("input"), labels = [...boxes.querySelectorAll("label")];
  const fold = (text) => text.toLocaleLowerCase("tr").normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/ı/g, "i");
  search.type = "search";
  search.autocomplete = "off";
  search.placeholder = boxes.dataset.finds;
  search.setAttribute("aria-label", boxes.dataset.finds);
  const show = () => {
    const wanted = fold(search.value.trim()).split(/\s+/).filter(Boolean);
    labels.forEach((label) => {
      const is = label.querySelector("input").checked;
      label.hidden = !is && !wanted.every((word) => fold(label.textContent).includes(word));
      label.style.order = is ? "-1" : "";
    });
  };
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();  // takes the only one that is left
    const left = labels.filter((label) => !label.hidden && !label.querySelector("input").checked);
    if (left.length === 1) { left[0].querySelector("input").checked = true; search.value = ""; show(); }
  });
  boxes.addEventListener("change", show);
  boxes.before(search);
  show();
}

function picker(frame) {
  frame.dataset.ready = "1";
  const field = frame.querySelector("input:not([type=hidden], [type=radio])"), linked = frame.querySelector("[data-linked]");
  const key = frame.querySelector("input[data-key]"), of = frame.querySelector("input[data-of]"), card = frame.querySelector("[data-card-of]");
  const box = document.createElement("div"), list = document.createElement("ul"), notes = document.createElement("div"), told = document.createElement("span");
  box.className = "ok-picker-list";
  box.hidden = true;
  list.id = `${field.id}_list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", frame.dataset.list);
  told.className = "ok-hidden";
  told.setAttribute("role", "status");
  box.append(list, notes);
  field.after(box, told);
  field.removeAttribute("list");  // the browser's own list of proposals is for those without this script
  Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id }).forEach(([name, value]) => field.setAttribute(name, value));
  let turn = 0, timer = 0, chosen = -1, listed = "";

  const ask = async (url, data) => {
    const form = new URLSearchParams(data), token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      const answer = await fetch(url, { method: "POST", body: form, headers: { "X-CSRFToken": token }, credentials: "same-origin", cache: "no-store" });
      if (!answer.ok || answer.redirected) return null;
      const piece = document.createElement("template");
      piece.innerHTML = await answer.text();
      return piece.content;
    } catch { return null; }
  };
  const options = () => [...list.querySelectorAll("[role=option]")];
  const show = (open) => {
    box.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) { chosen = -1; field.removeAttribute("aria-activedescendant"); }
  };
  const mark = (to) => {
    const all = options();
    if (!all.length) return;
    chosen = (to + all.length) % all.length;
    all.forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
    field.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  };
  const set = (value, name) => {
    const offered = frame.querySelector("[data-offered]");
    if (offered) offered.remove();
    key.disabled = false;
    key.value = value;
    of.value = name;
    field.value = name;
    linked.hidden = !value;
    const frameOfField = field.closest(".ok-field");
    if (frameOfField && value) frameOfField.classList.remove("ok-wrong");
    show(false);
    describe();
    frame.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: { key: value, name } }));
  };
  const describe = async () => {
    if (!card) return;
    const value = key.value, piece = value ? await ask(frame.dataset.card, { key: value, kinds: frame.dataset.kinds }) : "";
    if (value === key.value) card.replaceChildren(piece || "");
  };
  const look = async () => {
    const mine = ++turn, text = field.value.trim();
    if (text.length < 2) { show(false); return; }
    const piece = await ask(frame.dataset.search, { q: text, kinds: frame.dataset.kinds });
    if (mine !== turn) return;
    if (!piece) { told.textContent = frame.dataset.offline; show(false); return; }
    const found = piece.querySelector("[data-options]");
    listed = text;
    list.replaceChildren(...found.children);
    notes.replaceChildren(...piece.querySelectorAll("[data-note]"));
    options().forEach((option, place) => { option.id = `${list.id}_${place}`; option.setAttribute("aria-selected", "false"); });
    const count = Number(found.dataset.count);
    told.textContent = count ? `${count} ${frame.dataset.found}` : frame.dataset.nothing;
    if (!count) { const none = document.createElement("p"); none.className = "ok-small"; none.textContent = frame.dataset.nothing; notes.prepend(none); }
    chosen = -1;
    show(true);
    if (count) mark(0);
  };
  const take = (option) => {
    if (option.dataset.what) record(option.dataset.what);
    else set(option.dataset.key, option.dataset.name);
  };

  // -- somebody new
  const record = async (what) => {
    const text = field.value.trim();
    show(false);
    const piece = await ask(frame.dataset.new, { what, text, begin: "1", piece: "1" });
    if (!piece) { told.textContent = frame.dataset.offline; return; }
    const dialog = document.createElement("dialog"), title = document.createElement("h2");
    dialog.className = "ok-dialog";
    title.id = `${field.id}_new`;
    title.textContent = frame.dataset[what === "person" ? "newPerson" : "newOrganisation"];
    dialog.setAttribute("aria-labelledby", title.id);
    const body = document.createElement("div");
    dialog.append(title, body);
    (document.querySelector("main.ok-page") || document.body).append(dialog);
    const draw = (content) => {
      body.replaceChildren(content);
      const made = body.querySelector("[data-made]");
      if (made) { dialog.close(); set(made.dataset.made, made.dataset.name); return; }
      body.querySelectorAll("[data-use], [data-leave]").forEach((button) => { button.hidden = false; });
      const wrong = body.querySelector(".ok-wrong :is(input, select)"), first = body.querySelector("input:not([type=hidden]), select");
      if (wrong || first) (wrong || first).focus();
    };
    body.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button && button.dataset.use) { dialog.close(); set(button.dataset.use, button.dataset.name); }
      if (button && "leave" in button.dataset) dialog.close();
    });
    body.addEventListener("submit", async (event) => {
      event.preventDefault();
      const send = event.target.querySelector("[data-main]");
      if (send.disabled) return;
      send.disabled = true;
      const data = [...new FormData(event.target).entries(), ["piece", "1"]];
      const answer = await ask(frame.dataset.new, data);
      send.disabled = false;
      if (answer) draw(answer);
      else told.textContent = frame.dataset.offline;
    });
    dialog.addEventListener("close", () => { dialog.remove(); field.focus(); });
    dialog.showModal();
    draw(piece);
  };

  field.addEventListener("input", () => {
    if (field.value !== of.value) { key.value = ""; linked.hidden = true; if (card) card.replaceChildren(); }
    window.clearTimeout(timer);
    timer = window.setTimeout(look, 200);
  });
  field.addEventListener("keydown", (event) => {
    const all = options();
    if (event.key === "ArrowDown" && box.hidden && !event.altKey) {
      event.preventDefault();
      if (all.length && listed === field.value.trim()) { show(true); mark(0); } else look();
      return;
    }
    if (box.hidden || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); show(false); }
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark(chosen + (event.key === "ArrowDown" ? 1 : -1)); }
    else if (event.key === "Enter" && all[chosen]) { event.preventDefault(); take(all[chosen]); }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  field.addEventListener("blur", () => window.setTimeout(() => { if (!box.contains(document.activeElement)) show(false); }, 150));
  frame.addEventListener("change", (event) => {
    if (event.target.type === "radio") set(event.target.value, event.target.dataset.name);
  });
}
