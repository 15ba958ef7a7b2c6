"use strict";
/* Maps: the base that every map stands on. What is shown on it, a page's own script adds (`okMap.create`). Without this file
   the page's list, address and links say the same. Nothing is asked outside unless a background was set. */
window.okMap = (() => {
  let words = {};
  let files = {};  // name -> address, as the page says
  const STREETS_FROM = 14, NAMES_FROM = 17, SQUARE_ZOOM = 15, MOST_SQUARES = 48, DEAD_AFTER = 3;
  const loading = new Map();
  const script = (name) => {
    if (!loading.has(name)) loading.set(name, new Promise((done, failed) => {
      const one = document.createElement("script");
      one.src = files[name]; one.onload = done; one.onerror = failed;
      document.head.append(one);
    }));
    return loading.get(name);
  };
  const sheet = (name) => {
    if (document.querySelector(`link[data-map-sheet="${name}"]`)) return;
    const link = document.createElement("link");
    link.rel = "stylesheet"; link.href = files[name]; link.dataset.mapSheet = name;
    document.head.append(link);
  };
  const ready = () => { sheet("leaflet.css"); return window.L ? Promise.resolve() : script("leaflet.js"); };
  const escaped = (text) => { const one = document.createElement("span"); one.textContent = text ?? ""; return one.innerHTML; };
  const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const json = async (address, signal) => {
    const answer = await fetch(address, { credentials: "same-origin", signal, headers: { Accept: "application/json" } });
    const content = await answer.json().catch(() => ({ message: answer.ok ? "" : words.not_now }));
    if (!answer.ok) throw new Error(content.message || answer.statusText);
    return content;
  };

  // -- the background ----------------------------------------------------------------------------------------------------
  const dark = () => document.documentElement.classList.contains("dark") || (document.documentElement.classList.contains("ok-public") && window.matchMedia("(prefers-color-scheme: dark)").matches);
  const background = async (map, tiles, dead) => {
    const options = { attribution: escaped(tiles.attribution), maxZoom: 19 };
    if (tiles.kind === "XYZ") squares(L.tileLayer(tiles.url, options), dead).addTo(map);
    else if (tiles.kind === "WMS") squares(L.tileLayer.wms(tiles.url, { ...options, layers: tiles.layers, format: "image/png" }), dead).addTo(map);
    else {
      await script("pmtiles.js");
      const file = new pmtiles.PMTiles(tiles.url), { tileType } = await file.getHeader();
      if (tileType === 1) { await script("protomaps-leaflet.js"); protomapsL.leafletLayer({ ...options, url: tiles.url, flavor: dark() ? "dark" : "light", lang: "tr" }).addTo(map); }
      else pmtiles.leafletRasterLayer(file, options).addTo(map);
    }
  };
  /* A host that answers nothing at all is dead; one that lacks a square now and then is not. */
  const squares = (layer, dead) => {
    let failed = 0;
    layer.on("tileerror", () => { failed += 1; if (failed === DEAD_AFTER) { layer.remove(); dead(); } });
    layer.on("tileload", () => { failed = -Infinity; });
    return layer;
  };
  /* The outlines of the mahalle once, streets by fixed squares as they come into view. */
  const ground = async (map, address) => {
    const outlines = await json(`${address}outlines.json`).catch(() => ({ places: [] }));
    map.getPane("tilePane").style.zIndex = 200;
    const pane = map.createPane("ground"); pane.style.zIndex = 250;
    const writing = map.createPane("names"); writing.style.zIndex = 260; writing.classList.add("okm-names");
    const renderer = L.svg({ pane: "ground", padding: 0.3 });
    for (const one of outlines.places) {
      for (const polygon of one.rings) L.polygon(polygon.map((ring) => ring.map(([x, y]) => [y, x])), { pane: "ground", renderer, interactive: false, className: "okm-outline" }).addTo(map);
    }
    const written = L.layerGroup().addTo(map), streets = L.layerGroup().addTo(map);
    const known = new Map();
    const label = (at, text, css) => L.marker(at, { pane: "names", interactive: false, keyboard: false, icon: L.divIcon({ className: `okm-name ${css}`, html: escaped(text), iconSize: null }) });
    /* Where a line comes nearest to the middle of the map. */
    const nearest = (line, middle) => {
      let best = null, least = Infinity;
      for (let i = 1; i < line.length; i += 1) {
        const [x, y] = line[i - 1], [dx, dy] = [line[i][0] - x, line[i][1] - y];
        const share = Math.max(0, Math.min(1, ((middle.lng - x) * dx + (middle.lat - y) * dy) / (dx * dx + dy * dy || 1)));
        const at = [y + share * dy, x + share * dx], way = (at[0] - middle.lat) ** 2 + (at[1] - middle.lng) ** 2;
        if (way < least) { least = way; best = at; }
      }
      return best;
    };
    const square = ({ lat, lng }) => {
      const n = 2 ** SQUARE_ZOOM, turn = (lat * Math.PI) / 180;
      return [Math.floor(((lng + 180) / 360) * n), Math.floor(((1 - Math.asinh(Math.tan(turn)) / Math.PI) / 2) * n)];
    };
    const draw = async () => {
      const zoom = map.getZoom(), bounds = map.getBounds();
      written.clearLayers();
      if (zoom >= 12 && zoom < NAMES_FROM) for (const one of outlines.places) if (one.middle && bounds.contains(one.middle)) label(one.middle, one.name, "okm-mahalle").addTo(written);
      if (zoom < STREETS_FROM) { streets.clearLayers(); known.clear(); return; }
      const [west, north] = square(bounds.getNorthWest()), [east, south] = square(bounds.getSouthEast());
      if ((east - west + 1) * (south - north + 1) > MOST_SQUARES) return;
      const squares = [];
      for (let x = west; x <= east; x += 1) for (let y = north; y <= south; y += 1) squares.push(`${x}/${y}`);
      await Promise.all(squares.map(async (name) => {
        if (known.has(name)) return;
        known.set(name, []);
        const found = await json(`${address}${name}.json`).catch(() => null);
        if (!found) { known.delete(name); return; }
        known.set(name, found.streets);
        for (const street of found.streets) L.polyline(street.line.map(([x, y]) => [y, x]), { pane: "ground", renderer, interactive: false, className: `okm-street okm-${street.kind.toLowerCase()}` }).addTo(streets);
      }));
      if (map.getZoom() < NAMES_FROM) return;
      const said = new Set();
      for (const name of squares) for (const street of known.get(name) || []) {
        const at = nearest(street.line, map.getCenter());
        if (said.has(street.name) || !map.getBounds().pad(-0.1).contains(at)) continue;
        said.add(street.name);
        label(at, street.name, "okm-street-name").addTo(written);
      }
    };
    map.on("moveend", draw);
    await draw();
    return outlines.places;
  };

  /* A map in an element: {ground, tiles, words} in its data-map. Resolves to {map, places}: the mahalle with their middles. */
  const create = async (element, view = {}) => {
    const asked = JSON.parse(element.dataset.map);
    files = asked.files;
    words = asked.words;
    await ready();
    const quiet = still();
    const map = L.map(element, { zoomAnimation: !quiet, fadeAnimation: !quiet, markerZoomAnimation: !quiet, inertia: !quiet, zoomControl: false, minZoom: 9, maxZoom: 19, zoomSnap: asked.tiles ? 1 : 0.25, scrollWheelZoom: view.wheel ?? true, attributionControl: false });
    L.control.zoom({ zoomInTitle: asked.words.closer, zoomOutTitle: asked.words.farther }).addTo(map);
    const owner = L.control.attribution({ prefix: false }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    map.setView(view.center || [41.0, 29.2], view.zoom || 13);
    let places = [], isDead = false;
    const own = async () => { owner.addAttribution(escaped(asked.words.register)); places = await ground(map, asked.ground); };
    /* The register's streets instead of a background that cannot be had. */
    const instead = () => { isDead = true; owner.addAttribution(escaped(asked.words.no_background)); return own(); };
    if (asked.tiles) await background(map, asked.tiles, instead).catch(instead);
    else await own();
    if (asked.tiles && !isDead && view.places) places = (await json(`${asked.ground}outlines.json`).catch(() => ({ places: [] }))).places;
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(element);
    element.classList.add("okm-ready");
    return { map, places, words: asked.words };
  };
  const around = (places) => {
    const points = places.flatMap((one) => (one.rings.length ? one.rings.flatMap((polygon) => polygon[0].map(([x, y]) => [y, x])) : one.middle ? [one.middle] : []));
    return points.length ? L.latLngBounds(points) : null;
  };

  // -- marks ---------------------------------------------------------------------------------------------------------------
  /* Told apart by shape and sign, not by colour alone. */
  const SIGNS = { late: "!", due: "•", way: "→", closed: "✓" };
  const BEFORE = { late: 300, due: 200, way: 100 };  // what is open lies above what is closed
  const mark = (at, state, said, options = {}) => {
    const one = L.marker(at, { keyboard: true, zIndexOffset: BEFORE[state] ?? 0, icon: L.divIcon({ className: `okm-mark okm-${state}`, html: `<span aria-hidden="true">${escaped(options.sign ?? SIGNS[state] ?? "")}</span>`, iconSize: [26, 26] }), ...options });
    one.on("add", () => { const drawn = one.getElement(); drawn.setAttribute("role", options.keyboard === false ? "img" : "button"); drawn.setAttribute("aria-label", said); drawn.title = said; });
    return one;
  };

  // -- whatever the page has -------------------------------------------------------------------------------------------------
  const parts = {};
  const begin = (root = document) => {
    for (const [name, work] of Object.entries(parts)) for (const one of root.querySelectorAll(`[data-map-part="${name}"]:not([data-map-begun])`)) {
      one.dataset.mapBegun = "";
      const start = () => Promise.resolve(work(one)).catch(() => { one.hidden = true; });
      const folded = one.closest("details:not([open])");
      if (folded) folded.addEventListener("toggle", start, { once: true });
      else if (window.IntersectionObserver) { const seen = new IntersectionObserver((found) => { if (found.some((entry) => entry.isIntersecting)) { seen.disconnect(); start(); } }); seen.observe(one); }
      else start();
    }
  };
  document.addEventListener("DOMContentLoaded", () => begin());
  document.addEventListener("htmx:load", (event) => begin(event.target));
  return { create, json, mark, around, escaped, SIGNS, part: (name, work) => { parts[name] = work; if (document.readyState !== "loading") begin(); } };
})();
