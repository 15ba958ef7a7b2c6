// The link of a mail has its code behind “#”, which no server and no log ever sees: it is put into the form, and of a form
// that only shows something sent at once. The address bar forgets it.
const form = document.querySelector("form[data-code]");
const code = decodeURIComponent(location.hash.slice(1));
if (form && /^[0-9A-Za-z-]{6,40}$/.test(code)) {
  history.replaceState(null, "", location.pathname + location.search);
  form.elements.code.value = code;
  if (form.dataset.code === "show") form.requestSubmit();
  else form.querySelector("button[type=submit]").focus();
}
