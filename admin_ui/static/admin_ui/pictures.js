"use strict";
/* Pictures of a page: shown large one after the other by keyboard or thumb; chosen, dropped or pasted ones are sent, each by
   itself. Without this file a picture opens by its link, and the form sends what was chosen. */
document.addEventListener("DOMContentLoaded", () => {
  pictures();
  document.addEventListener("htmx:load", pictures);
});
const prepared = new WeakSet();

function pictures() {
  gallery();
  const form = document.querySelector("form[data-files]");
  if (form && !prepared.has(form)) { prepared.add(form); files(form); }
}

function gallery() {
  const pictures = [...document.querySelectorAll("a[data-picture]")], dialog = document.getElementById("gallery");
  if (dialog && pictures.length && !prepared.has(dialog)) {
    prepared.add(dialog);
    const image = dialog.querySelector("img"), place = dialog.querySelector("[data-place]");
    let at = 0;
    const show = (next) => {
      at = (next + pictures.length) % pictures.length;
      image.src = pictures[at].href;
      image.alt = pictures[at].querySelector("img").alt;
      place.textContent = `${at + 1} / ${pictures.length}`;
    };
    pictures.forEach((link, index) => link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(index);
      dialog.showModal();
    }));
    dialog.querySelector("[data-next]").addEventListener("click", () => show(at + 1));
    dialog.querySelector("[data-previous]").addEventListener("click", () => show(at - 1));
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowRight") show(at + 1);
      if (event.key === "ArrowLeft") show(at - 1);
    });
    dialog.addEventListener("close", () => { image.removeAttribute("src"); pictures[at].focus(); });
  }
}

function files(form) {
  const field = form.querySelector("input[type=file]"), said = form.querySelector("[data-said]");
  form.querySelector("[data-send]").hidden = true;
  let sending = false;
  const send = async (chosen) => {
    const files = [...chosen];  // the list of a field is emptied with it
    if (sending || !files.length) return;
    sending = true;
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value, refused = [];
    for (const [index, file] of files.entries()) {
      said.textContent = `${index + 1} / ${files.length}`;
      const data = new FormData();
      data.append("file", file, file.name || "foto.png");
      const place = form.querySelector("[name=use_place]");
      if (place && place.checked) data.append("use_place", "1");
      try {
        const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin", headers: { "X-CSRFToken": token, Accept: "text/plain" } });
        if (!answer.ok || answer.redirected) {
          const words = (await answer.text()).slice(0, 200);  // most begin with the name of the file
          refused.push(words.startsWith(`${file.name}: `) ? words : `${file.name}: ${words}`);
        }
      } catch { refused.push(`${file.name}: ${form.dataset.offline}`); }
    }
    sending = false;
    field.value = "";
    said.textContent = refused.join(" ");
    if (refused.length) return;
    const pane = form.closest("#pane");
    if (window.htmx) window.htmx.ajax("GET", form.action, { source: form, target: pane || "#work", swap: "innerHTML show:none" });
    else window.location.reload();
  };
  // On the window: office.js keeps the choice of a file from all that listens further down.
  window.addEventListener("change", (event) => { if (event.target === field) send(field.files); }, true);
  const page = document.querySelector("main"), isHere = () => form.isConnected;
  page.addEventListener("dragover", (event) => { if (isHere() && [...event.dataTransfer.types].includes("Files")) { event.preventDefault(); form.classList.add("ok-over"); } });
  page.addEventListener("dragleave", () => form.classList.remove("ok-over"));
  page.addEventListener("drop", (event) => {
    if (!isHere() || !event.dataTransfer.files.length) return;
    event.preventDefault();
    form.classList.remove("ok-over");
    send(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (isHere() && event.clipboardData.files.length) { event.preventDefault(); send(event.clipboardData.files); }
  });
}
