// "Use my location": an addition; without it the street is written.
const part = document.querySelector("[data-place]");
if (part && "geolocation" in navigator && isSecureContext) {
  const said = part.querySelector("[role=status]");
  part.hidden = false;
  part.querySelector("button").addEventListener("click", () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        document.querySelector("[name=latitude]").value = coords.latitude.toFixed(6);
        document.querySelector("[name=longitude]").value = coords.longitude.toFixed(6);
        said.textContent = said.dataset.done;
        document.querySelector("[name=latitude]").form.dispatchEvent(new CustomEvent("map:show", { detail: [coords.latitude, coords.longitude] }));
      },
      () => (said.textContent = said.dataset.failed),
      { enableHighAccuracy: true, timeout: 15000 },
    ),
  );
}
