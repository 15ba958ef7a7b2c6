"use strict";
/* The place of one case, and what is open near it; the same as a list below the map. */
okMap.part("case", async (part) => {
  const frame = part.querySelector("[data-map]"), list = part.querySelector("[data-near]"), { latitude, longitude, reference } = part.dataset;
  const at = [Number(latitude), Number(longitude)];
  const { map } = await okMap.create(frame, { center: at, zoom: 17, wheel: false });
  okMap.mark(at, "here", reference, { keyboard: false, sign: "★", zIndexOffset: 1000 }).addTo(map);
  const { near } = await okMap.json(part.dataset.address);
  for (const one of near) {
    okMap.mark(one.at, one.state, one.label).addTo(map).on("click", () => { window.location.href = one.url; });
    const item = document.createElement("li"), link = document.createElement("a"), sign = document.createElement("span");
    sign.className = `okm-sign okm-${one.state}`; sign.textContent = okMap.SIGNS[one.state]; sign.setAttribute("aria-hidden", "true");
    link.href = one.url; link.className = "ok-link"; link.textContent = one.reference;
    item.append(sign, " ", link, ` · ${one.way} · ${one.subject} · ${one.status}`);
    list.append(item);
  }
  part.querySelector("[data-none]").hidden = near.length > 0 || "approximate" in part.dataset;
});
