"use strict";
/* Where applications come from: by mahalle or by cell. Each place bears its number, so that the colour is not alone; the
   table of the page says the same. */
okMap.part("heat", async (part) => {
  const frame = part.querySelector("[data-map]"), { areas, cells: given, address } = JSON.parse(part.querySelector("script[type='application/json']").textContent);
  const { map, places, words } = await okMap.create(frame, { places: true, wheel: false });
  map.createPane("heat").style.zIndex = 240;
  const renderer = L.svg({ pane: "heat", padding: 0.3 });
  const layer = L.featureGroup().addTo(map), number = (value) => value.toLocaleString();
  const whole = okMap.around(places);
  if (whole) map.fitBounds(whole, { animate: false });
  const steps = (values) => { const sorted = [...values].sort((a, b) => a - b); return [0.2, 0.4, 0.6, 0.8].map((share) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0); };
  const shade = (value, edges) => 1 + edges.filter((edge) => value > edge).length;
  const label = (at, text, said, css = "") => {
    const one = L.marker(at, { keyboard: false, interactive: Boolean(said), icon: L.divIcon({ className: `okm-number ${css}`, html: okMap.escaped(text), iconSize: null }) });
    one.on("add", () => { if (said) { one.getElement().title = said; one.getElement().setAttribute("role", "img"); one.getElement().setAttribute("aria-label", said); } });
    return one;
  };
  const by_mahalle = () => {
    layer.clearLayers();
    const values = new Map(areas.map((one) => [one.code, one])), edges = steps(areas.map((one) => one.value || 0));
    for (const place of places) {
      const one = values.get(place.code), value = one?.value;
      const text = value === null ? words.few : value === undefined ? "0" : number(value), said = `${place.name}: ${text}`;
      const css = `okm-heat okm-heat-${value ? shade(value, edges) : 0}`;
      for (const polygon of place.rings) {
        const drawn = L.polygon(polygon.map((ring) => ring.map(([x, y]) => [y, x])), { pane: "heat", renderer, className: css, interactive: Boolean(one?.url) }).addTo(layer);
        if (one?.url) drawn.on("click", () => { window.location.href = one.url; });
      }
      if (place.middle) label(place.middle, text, said).addTo(layer);
    }
  };
  const draw_cells = (rows) => {
    layer.clearLayers();
    const edges = steps(rows.map((one) => one.value));
    for (const one of rows) {
      const [south, west, north, east] = one.box;
      L.rectangle([[south, west], [north, east]], { className: `okm-heat okm-heat-${shade(one.value, edges)}`, pane: "heat", renderer, interactive: false }).addTo(layer);
      label([(south + north) / 2, (west + east) / 2], number(one.value), one.label, "okm-inside").addTo(layer);
    }
  };
  let asking = null;
  const by_cell = async () => {
    if (given) { draw_cells(given); return; }
    asking?.abort(); asking = new AbortController();
    const bounds = map.getBounds();
    const query = new URLSearchParams({ bbox: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((one) => one.toFixed(6)).join(","), zoom: Math.round(map.getZoom()) });
    try { draw_cells((await okMap.json(`${address}${address.includes("?") ? "&" : "?"}${query}`, asking.signal)).heat); } catch (fault) { if (fault.name !== "AbortError") layer.clearLayers(); }
  };
  const buttons = [...part.querySelectorAll("[data-by]")];
  const choose = (name) => { for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.by === name)); return name === "cell" ? by_cell() : by_mahalle(); };
  for (const one of buttons) one.addEventListener("click", () => choose(one.dataset.by));
  map.on("moveend", () => { if (!given && buttons.some((one) => one.dataset.by === "cell" && one.getAttribute("aria-pressed") === "true")) by_cell(); });
  await choose(places.some((one) => one.rings.length) ? "mahalle" : "cell");
});
