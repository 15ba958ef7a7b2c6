"use strict";
/* The map of a list: cells with their numbers from afar, the cases themselves where they are few. */
okMap.part("list", async (part) => {
  const frame = part.querySelector("[data-map]"), said = part.querySelector("[role=status]");
  const start = /^#(\d{1,2}(?:\.\d+)?)\/(-?\d+\.?\d*)\/(-?\d+\.?\d*)$/.exec(window.location.hash);
  const { map, places, words } = await okMap.create(frame, { places: true, ...(start ? { center: [Number(start[2]), Number(start[3])], zoom: Number(start[1]) } : {}) });
  const whole = okMap.around(places);
  if (!start && whole) map.fitBounds(whole, { animate: false });
  const layer = L.layerGroup().addTo(map), worst = (cell) => ["late", "due", "way", "closed"].find((state) => cell[state]) || "closed";
  let asking = null;
  const cell = (one) => {
    const state = worst(one), size = Math.round(28 + 4 * Math.log2(Math.max(one.total, 1)));
    const extra = state === "late" || state === "due" ? `<small>${okMap.SIGNS[state]} ${one[state].toLocaleString()}</small>` : "";
    const drawn = L.marker(one.at, { icon: L.divIcon({ className: `okm-cell okm-${state}`, html: `<span aria-hidden="true"><b>${one.total.toLocaleString()}</b>${extra}</span>`, iconSize: [size, size] }) });
    drawn.on("add", () => { const element = drawn.getElement(); element.setAttribute("role", "button"); element.setAttribute("aria-label", one.label); element.title = one.label; });
    const [south, west, north, east] = one.box;
    drawn.on("click", () => { if (map.getZoom() >= map.getMaxZoom()) window.location.href = part.dataset.list; else map.fitBounds([[south, west], [north, east]], { maxZoom: map.getMaxZoom() }); });
    return drawn;
  };
  const window_of = (rows) => rows.map((one) => `<li><span class="okm-sign okm-${one.state}" aria-hidden="true">${okMap.SIGNS[one.state]}</span> <a href="${okMap.escaped(one.url)}">${okMap.escaped(one.reference)}</a> ${okMap.escaped(one.subject)}<br><small>${okMap.escaped([one.place, one.status, one.target].filter(Boolean).join(" · "))}</small></li>`).join("");
  const point = (rows) => {
    const state = ["late", "due", "way", "closed"].find((one) => rows.some((row) => row.state === one)), first = rows[0];
    const text = rows.length === 1 ? first.label : words.several.replace("%s", rows.length);
    return okMap.mark(first.at, state, text, rows.length > 1 ? { sign: String(rows.length) } : {}).bindPopup(`<ul class="okm-window">${window_of(rows)}</ul>`, { maxWidth: 320, maxHeight: 280, autoPanPadding: [20, 20] });
  };
  const draw = async () => {
    const bounds = map.getBounds(), zoom = Math.round(map.getZoom()), middle = map.getCenter();
    window.history.replaceState(window.history.state, "", `#${map.getZoom()}/${middle.lat.toFixed(5)}/${middle.lng.toFixed(5)}`);
    asking?.abort();
    asking = new AbortController();
    const query = new URLSearchParams({ bbox: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((one) => one.toFixed(6)).join(","), zoom });
    frame.setAttribute("aria-busy", "true");
    try {
      const found = await okMap.json(`${part.dataset.address}${part.dataset.address.includes("?") ? "&" : "?"}${query}`, asking.signal);
      layer.clearLayers();
      const same = new Map();
      for (const one of found.points) { const at = one.at.join(); same.set(at, [...(same.get(at) || []), one]); }
      for (const rows of same.values()) point(rows).addTo(layer);
      for (const one of found.cells) cell(one).addTo(layer);
      said.textContent = found.label;
    } catch (fault) {
      if (fault.name === "AbortError") return;
      layer.clearLayers();
      said.textContent = fault.message;
    }
    frame.removeAttribute("aria-busy");
  };
  map.on("moveend", (event) => { if (!event.target._popup?.isOpen()) draw(); });
  map.on("popupclose", () => window.setTimeout(() => { if (!map._popup?.isOpen()) draw(); }, 50));
  draw();
});
