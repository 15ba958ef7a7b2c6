"use strict";
/* A page without Unfold's frame is light or dark as the admin is in this browser, or as the device is. */
(() => {
  let chosen = "";
  try { chosen = JSON.parse(localStorage.getItem("_x_adminTheme")) || ""; } catch { /* a private window, or another value */ }
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const draw = () => document.documentElement.classList.toggle("dark", chosen === "dark" || (chosen !== "light" && dark.matches));
  dark.addEventListener("change", draw);
  draw();
})();
