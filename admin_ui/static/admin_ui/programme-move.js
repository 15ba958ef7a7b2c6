"use strict";
/* Moving an entry of the calendar: the questions that come first, what is refused, and how it is undone. */
window.programmeMover = (place, words, moment, redraw) => {
  const dialog = (name) => document.getElementById(`programme-${name}`);
  const refusal = dialog("refusal"), reach = dialog("reach"), confirmation = dialog("confirm"), done = dialog("done");
  /* One answer of a dialog: the name of the button's wish, or null where it was left. */
  const ask = (box, wishes) => new Promise((resolve) => {
    let answer = null;
    const settle = (value) => { answer = value; box.close(); };
    wishes.forEach(([button, value]) => { button.onclick = () => settle(value()); });
    box.querySelector("[data-leave]").onclick = () => settle(null);
    box.addEventListener("close", () => resolve(answer), { once: true });
    box.showModal();
  });
  const refused = (answer) => {
    refusal.querySelector("[data-sentence]").textContent = answer.sentence;
    const accept = refusal.querySelector("[data-accept]"), free = refusal.querySelector("[data-free]");
    accept.hidden = !answer.isUnusual;
    free.replaceChildren();
    const wishes = [[accept, () => ({ accept_unusual: "on" })]];
    (answer.free || []).forEach((one) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "ok-button";
      button.textContent = one.text;
      free.append(button);
      wishes.push([button, () => ({ starts_at: one.start, ends_at: one.end, accept_unusual: "" })]);
    });
    refusal.querySelector("[data-offers]").hidden = !free.children.length;
    return ask(refusal, wishes);
  };
  const asked = (answer) => {
    const box = answer.ask === "reach" ? reach : confirmation;
    box.querySelector("[data-question]").textContent = answer.question;
    if (answer.ask === "reach") return ask(box, [...box.querySelectorAll("[data-reach]")].map((button) => [button, () => ({ reach: button.dataset.reach })]));
    const means = box.querySelector("select");
    box.querySelector("[data-text]").textContent = answer.text;
    box.querySelector("[data-message]").hidden = !answer.means;
    means.value = answer.means;
    return ask(box, [[box.querySelector("[data-move]"), () => ({ confirmed: "on", ...(answer.means ? { means: means.value } : {}) })]]);
  };
  const send = async (id, values) => {
    const body = new URLSearchParams(values);
    body.set("csrfmiddlewaretoken", document.querySelector("#programme-token input").value);
    try {
      const answer = await fetch(`${place.dataset.entries}${id}/drag/`, { method: "POST", body, credentials: "same-origin", redirect: "error" });
      return answer.ok || answer.status === 409 ? await answer.json() : { sentence: words.unsaved };
    } catch { return { sentence: words.unsaved }; }
  };
  const say = (sentence, undo) => {
    const button = done.querySelector("[data-undo]"), close = done.querySelector("[data-close]");
    done.querySelector("[data-sentence]").textContent = sentence;
    button.hidden = !undo;
    close.hidden = !sentence;
    button.onclick = () => { say(""); undo(); };
    close.onclick = () => say("");
  };
  /* What was dragged is put back at once and stands at its new time only when the server has said so. */
  const run = async (id, values) => {
    for (;;) {
      const answer = await send(id, values);
      if (answer.done) { say(answer.sentence, answer.undo ? () => run(id, { ...answer.undo }) : null); break; }
      const wish = await (answer.ask ? asked(answer) : refused(answer));
      if (!wish) { say(""); break; }
      Object.assign(values, wish);
    }
    redraw();
  };
  return { say, move: (event, times) => run(event.id, { ...times, version: event.extendedProps.version }) };
};
