"use strict";
/* While one types: who has this number, who must be called now, whose the matter may be. The server draws the pieces;
   nothing is chosen where it is ambiguous, and a chosen person goes when the number changes. */
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("call");
  if (!form) return;
  const field = (name) => form.querySelector(`[name=${name}]`);
  const values = (name) => [...form.querySelectorAll(`[name=${name}]`)]
    .filter((item) => item.checked || !/^(radio|checkbox)$/.test(item.type)).map((item) => item.value);
  form.querySelectorAll("[data-look]").forEach((button) => { button.hidden = true; button.style.display = "none"; });

  const ask = async (url, names, more = {}) => {
    const data = new URLSearchParams(more);
    names.forEach((name) => values(name).forEach((value) => data.append(name, value)));
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(url, { method: "POST", body: data, headers: { "X-CSRFToken": token }, credentials: "same-origin" }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) return null;  // also without a line
    const piece = document.createElement("template");
    piece.innerHTML = await answer.text();
    return piece.content;
  };

  // -- who calls
  const people = document.getElementById("people");
  const chosen = () => people.querySelector("[name=citizen]:checked");
  let asked = field("phone").value.trim(), looking = true;
  const fill = () => {
    const one = chosen(), known = Boolean(one && one.value);
    ["first_name", "last_name", "email", "home", "address"].forEach((name) => {
      field(name).disabled = known;
      if (known) field(name).closest(".ok-field").classList.remove("ok-wrong");
    });
    if (known && one.dataset.neighbourhood && field("neighbourhood") && !field("neighbourhood").value) field("neighbourhood").value = one.dataset.neighbourhood;
  };
  /* Whether it is still the number of which it was asked. */
  const look = async (number) => {
    const found = await ask(form.dataset.who, ["phone", "first_name", "last_name"]), is = number === field("phone").value.trim();
    if (found && is) { people.replaceChildren(found); fill(); }
    return is;
  };
  const who = async (move) => {
    const number = field("phone").value.trim();
    if (number !== asked) { asked = number; looking = look(number); }
    // Enter waits for an answer that is on its way, too: it says into which field the cursor goes.
    if (await looking && move && document.activeElement === field("phone")) (chosen() && chosen().value ? field("subject") : people.querySelector("[name=citizen]") || field("first_name")).focus();
  };
  let typing = 0;
  field("phone").addEventListener("input", () => {
    if (field("phone").value.trim() === asked) return;
    asked = null;
    people.replaceChildren();
    fill();
    window.clearTimeout(typing);
    if (field("phone").value.replace(/\D/g, "").length >= 10) typing = window.setTimeout(() => who(false), 200);
  });
  // Without a number: known people of the name, until one is chosen.
  const byName = async () => {
    if (chosen() && chosen().value) return;
    const name = field("first_name").value + field("last_name").value;
    const found = await ask(form.dataset.who, ["phone", "first_name", "last_name"]);
    if (!found || name !== field("first_name").value + field("last_name").value || (chosen() && chosen().value)) return;
    people.replaceChildren(found);
    fill();
  };
  ["first_name", "last_name"].forEach((name) => field(name).addEventListener("input", () => {
    window.clearTimeout(typing);
    typing = window.setTimeout(byName, 300);
  }));
  field("phone").addEventListener("change", () => who(false));
  field("phone").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) { event.preventDefault(); who(true); }
  });
  // What one should know of them before one talks on.
  const describe = async () => {
    const one = chosen(), place = one && one.closest(".ok-caller") && one.closest(".ok-caller").querySelector("[data-card-of]");
    people.querySelectorAll("[data-card-of]").forEach((other) => { if (other !== place) other.replaceChildren(); });
    if (!place || place.children.length) return;
    const card = await ask(form.dataset.card, [], { key: one.value, kinds: "person" });
    if (card && chosen() === one) place.replaceChildren(card);
  };
  people.addEventListener("change", () => { fill(); describe(); });
  fill();
  form.addEventListener("submit", () => form.querySelectorAll(":disabled").forEach((item) => { item.disabled = false; }));

  // -- which times are free
  const free = document.getElementById("free");
  if (free) {
    const wishes = ["principal", "starts_at", "wished_from"].map(field).filter(Boolean);
    const look = async () => {
      const found = await ask(free.dataset.free, wishes.map((item) => item.name));
      if (found) free.replaceChildren(found);
    };
    wishes.forEach((item) => item.addEventListener("change", look));
    free.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-at]");
      if (!button) return;
      event.preventDefault();
      field("starts_at").value = button.dataset.at;
      look();
      field("starts_at").focus();
    });
  }
  if (!form.dataset.suggest) return;

  // -- who must be called now, and whose it may be
  const proposal = document.getElementById("proposal"), emergency = document.getElementById("emergency");
  const proposed = document.getElementById("proposed");
  let touched = Boolean(field("category").value), timer = 0, turn = 0;
  const decided = () => ["to", "together", "link_to", "link_as", "apart"].flatMap(values).join();
  const suggest = async () => {
    const mine = ++turn, before = decided();
    const found = await ask(form.dataset.suggest, ["subject", "body", "neighbourhood", "place", "latitude", "longitude", "channel", "to", "together", "link_to", "link_as", "apart"].concat(touched ? ["category"] : []));
    if (!found || mine !== turn) return;
    if (before !== decided()) { suggest(); return; }  // what was chosen meanwhile stays
    const now = found.querySelector("[data-emergency]"), rest = found.querySelector("[data-proposal]");
    if (emergency.textContent.trim() !== now.textContent.trim()) emergency.replaceChildren(...now.childNodes);
    if (!touched) {
      field("category").value = rest.dataset.certain;
      proposed.textContent = rest.dataset.certain ? form.dataset.proposed : "";
    }
    proposal.replaceChildren(...rest.childNodes);
  };
  const soon = () => { window.clearTimeout(timer); timer = window.setTimeout(suggest, 400); };
  ["subject", "body", "place"].forEach((name) => field(name).addEventListener("input", soon));
  ["neighbourhood", "channel"].forEach((name) => field(name) && field(name).addEventListener("change", soon));
  form.addEventListener("map:pin", soon);
  const mark = () => proposal.querySelectorAll("button[data-to]").forEach((button) => {
    const is = field("to").value === button.dataset.to, along = button.parentElement.querySelector("label");
    button.setAttribute("aria-pressed", String(is));
    if (along) { along.hidden = is; if (is) along.querySelector("input").checked = false; }
  });
  // What was learned is taken over by one key or press, category and unit together.
  const accept = () => {
    const learned = proposal.querySelector("[data-router]");
    if (!learned) return false;
    if (learned.dataset.to && field("to")) field("to").value = learned.dataset.to;
    if (learned.dataset.category) { field("category").value = learned.dataset.category; touched = true; proposed.textContent = ""; suggest(); }
    mark();
    return true;
  };
  form.addEventListener("keydown", (event) => { if (event.key === "F8" && accept()) event.preventDefault(); });
  proposal.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("accept" in button.dataset) accept();
    if (button.dataset.category) { field("category").value = button.dataset.category; touched = true; proposed.textContent = ""; suggest(); }
    if (button.dataset.place) {
      field("place").value = button.dataset.place;
      field("neighbourhood").value = button.dataset.neighbourhood;
      field("neighbourhood").dispatchEvent(new Event("change", { bubbles: true }));
      if (button.dataset.at) form.dispatchEvent(new CustomEvent("map:show", { detail: button.dataset.at.split(",").map(Number) }));
      field("place").focus();
      suggest();
    }
    if (button.dataset.to) { field("to").value = button.dataset.to; mark(); }
    if (button.dataset.priority) field("priority").value = button.dataset.priority;
  });
  form.addEventListener("keydown", (event) => {
    const first = proposal.querySelector("[data-place]");
    if (!first || !event.altKey || event.ctrlKey || (event.key.toLowerCase() !== "y" && event.code !== "KeyY")) return;
    event.preventDefault();
    first.click();
  });
  if (field("to")) field("to").addEventListener("change", mark);
  field("category").addEventListener("change", () => { touched = Boolean(field("category").value); proposed.textContent = ""; suggest(); });
});
