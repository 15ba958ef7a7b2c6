"use strict";
/* A point put on the map by mouse, touch or keyboard, into the fields latitude and longitude of the form around it. It is
   never required; without this file the street is written. */
okMap.part("pin", async (part) => {
  const form = part.closest("form"), field = (name) => form.elements.namedItem(name);
  const latitude = field("latitude"), longitude = field("longitude"), place = field("neighbourhood");
  const said = part.querySelector("[role=status]"), put = part.querySelector("[data-put]"), take = part.querySelector("[data-take]");
  const known = () => (latitude.value && longitude.value ? [Number(latitude.value), Number(longitude.value)] : null);
  part.querySelector("[data-map-box]").hidden = false;
  put.disabled = true;
  const { map, places, words } = await okMap.create(part.querySelector("[data-map]"), { places: true, center: known() || undefined, zoom: known() ? 17 : 13, wheel: false });
  const chosen = () => places.find((one) => one.code === place?.value);
  const look = () => {
    const one = chosen();
    if (one) map.fitBounds(okMap.around([one]), { animate: false, maxZoom: 16 });
    else if (!known() && okMap.around(places)) map.fitBounds(okMap.around(places), { animate: false });
  };
  let pin = null;
  const write = (at, quiet) => {
    latitude.value = at ? at.lat.toFixed(6) : ""; longitude.value = at ? at.lng.toFixed(6) : "";
    take.hidden = !at;
    if (!quiet) said.textContent = at ? words.pinned.replace("%s", `${latitude.value}, ${longitude.value}`) : words.unpinned;
    if (!quiet) form.dispatchEvent(new CustomEvent("map:pin", { bubbles: true, detail: at }));
  };
  const set = (at, quiet) => {
    const to = L.latLng(at);
    if (pin) pin.setLatLng(to);
    else {
      pin = okMap.mark(to, "here", words.pin, { draggable: true, sign: "★" }).addTo(map);
      pin.on("dragend", () => write(pin.getLatLng()));
      pin.getElement().addEventListener("keydown", (event) => {
        const step = event.shiftKey ? 40 : 8, way = { ArrowUp: [0, -step], ArrowDown: [0, step], ArrowLeft: [-step, 0], ArrowRight: [step, 0] }[event.key];
        if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); clear(); }
        if (!way) return;
        event.preventDefault(); event.stopPropagation();
        const to = map.containerPointToLatLng(map.latLngToContainerPoint(pin.getLatLng()).add(way));
        set(to); map.panInside(to, { padding: [30, 30], animate: false });
      });
    }
    write(to, quiet);
  };
  const clear = () => { pin?.remove(); pin = null; write(null); put.focus(); };
  if (known()) set(known(), true); else look();
  put.disabled = false;
  map.on("click", (event) => set(event.latlng));
  put.addEventListener("click", () => { set(map.getCenter()); pin.getElement().focus(); });
  take.addEventListener("click", clear);
  place?.addEventListener("change", look);
  form.addEventListener("map:show", (event) => { set(event.detail, true); map.setView(event.detail, Math.max(map.getZoom(), 17), { animate: false }); });
});
