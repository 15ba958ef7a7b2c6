"use strict";
/* While one types: who has this number, and whose the matter may be. Nothing is chosen where it is ambiguous. */
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("call");
  if (!form) return;
  const field = (name) => form.elements.namedItem(name);
  const words = form.dataset;
  form.querySelectorAll("[data-look]").forEach((button) => { button.hidden = true; button.style.display = "none"; });

  const element = (tag, text, css) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (css) made.className = css;
    return made;
  };
  const ask = async (url, names) => {
    const data = new URLSearchParams();
    names.forEach((name) => data.set(name, field(name) ? field(name).value : ""));
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(url, { method: "POST", body: data, headers: { "X-CSRFToken": token }, credentials: "same-origin" });
    return answer.ok ? answer.json() : null;
  };

  // -- who calls
  const people = document.getElementById("people");
  let asked = "";
  const choose = (person) => {
    field("citizen").value = person ? person.key : "";
    ["first_name", "last_name", "email", "home", "address"].forEach((name) => {
      field(name).disabled = Boolean(person);
      if (person) field(name).closest(".ok-field").classList.remove("ok-wrong");
    });
    if (person && person.neighbourhood && !field("neighbourhood").value) field("neighbourhood").value = person.neighbourhood;
    if (person) field("subject").focus(); else field("first_name").focus();
  };
  const showPerson = (person) => {
    const block = element("div", "", "ok-form");
    block.append(element("h3", person.name));
    if (person.note) block.append(element("p", person.note, "ok-small"));
    const actions = element("div", "", "ok-actions");
    const pick = element("button", words.choose, "ok-button");
    pick.type = "button";
    const other = element("button", words.new, "ok-button");
    other.type = "button";
    pick.addEventListener("click", () => { choose(person); pick.setAttribute("aria-current", "true"); other.removeAttribute("aria-current"); });
    other.addEventListener("click", () => { choose(null); pick.removeAttribute("aria-current"); other.setAttribute("aria-current", "true"); });
    actions.append(pick, other);
    block.append(actions);
    block.append(element("p", person.open.length ? words.open : words.none, "ok-small"));
    const list = element("ul", "", "ok-rows");
    person.open.forEach((row) => {
      const line = element("li"), link = element("a"), main = element("span", "", "ok-row-main");
      link.href = row.url;
      link.target = "_blank";
      main.append(element("span", row.reference, "ok-reference"), ` ${row.subject}`);
      link.append(main, element("span", row.status, "ok-row-side"));
      line.append(link);
      list.append(line);
    });
    block.append(list);
    return [block, pick];
  };
  const who = async () => {
    const number = field("phone").value.trim();
    if (number === asked) return;
    asked = number;
    const found = number ? await ask(words.who, ["phone"]) : { people: [], message: "" };
    if (!found || number !== field("phone").value.trim()) return;
    people.replaceChildren();
    if (found.message) people.append(element("p", found.message, "ok-small"));
    const shown = found.people.map(showPerson);
    shown.forEach(([block]) => people.append(block));
    if (found.people.length === 1) { shown[0][1].click(); } else if (field("citizen").value) { choose(null); }
  };
  field("phone").addEventListener("change", who);
  field("phone").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey) { event.preventDefault(); who(); }
  });

  // -- whose it may be
  const proposal = document.getElementById("proposal"), proposed = document.getElementById("proposed");
  let touched = Boolean(field("category").value), timer = 0;
  const suggest = async () => {
    const found = await ask(words.suggest, ["subject", "body", "place"].concat(touched ? ["category"] : []));
    if (!found) return;
    proposal.replaceChildren();
    if (found.message) proposal.append(element("p", found.message));
    const row = element("div", "", "ok-actions");
    found.categories.forEach((category) => {
      const button = element("button", category.name, "ok-button");
      button.type = "button";
      button.addEventListener("click", () => { field("category").value = category.code; touched = true; proposed.textContent = ""; suggest(); });
      row.append(button);
    });
    proposal.append(row);
    if (!touched) {
      const certain = found.categories.length === 1 && !found.is_ambiguous;
      field("category").value = certain ? found.categories[0].code : "";
      proposed.textContent = certain ? words.proposed : "";
    }
  };
  const soon = () => { window.clearTimeout(timer); timer = window.setTimeout(suggest, 400); };
  ["subject", "body", "place"].forEach((name) => field(name).addEventListener("input", soon));
  field("category").addEventListener("change", () => { touched = Boolean(field("category").value); proposed.textContent = ""; suggest(); });
  form.addEventListener("submit", () => form.querySelectorAll(":disabled").forEach((item) => { item.disabled = false; }));
});
