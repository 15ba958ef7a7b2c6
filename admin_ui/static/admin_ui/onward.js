// The answer of a provider came from another site, without our cookies: it is sent once more from here, with them.
document.querySelector("form[data-onward]").submit();
