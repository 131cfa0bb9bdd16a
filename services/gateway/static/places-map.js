// The same places as in the list, on a map: no tiles are needed. Départements are outlined, towns named, lines of
// latitude and longitude drawn: what is a picture only is hidden from those who listen.

import "./leaflet.js";

const L = globalThis.L;
const TILES =
  "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}";

const NEAREST = 11;

function label(className, content) {
  const words = document.createElement("span");
  words.textContent = content;
  return L.divIcon({ className, html: words, iconSize: null });
}

function towns(map, text) {
  const named = text.split("|").filter(Boolean).map((one) => one.split("~"));
  const layer = L.layerGroup().addTo(map);
  const show = () => {
    layer.clearLayers();
    const taken = [];
    for (const [name, latitude, longitude] of named) {
      const point = map.latLngToContainerPoint([latitude, longitude]);
      if (taken.some((other) => Math.abs(other.x - point.x) < 90 && Math.abs(other.y - point.y) < 22)) continue;
      taken.push(point);
      L.marker([latitude, longitude], { icon: label("site-map__town", name), interactive: false, keyboard: false }).addTo(layer);
    }
  };
  map.on("zoomend", show);
  return show;
}

function backdrop(map, name, zIndex) {
  const pane = map.createPane(name);
  pane.style.zIndex = zIndex;
  pane.setAttribute("aria-hidden", "true");
  return L.svg({ pane: name });
}

async function outlines(map) {
  const renderer = backdrop(map, "outlines", 350);
  // Without a connection the map may do without them.
  const { OUTLINES } = await import("./outlines.js").catch(() => ({ OUTLINES: [] }));
  const rings = OUTLINES.map(([x, y, ...steps]) => {
    const ring = [[y / 1000, x / 1000]];
    for (let at = 0; at < steps.length; at += 2) {
      x += steps[at];
      y += steps[at + 1];
      ring.push([y / 1000, x / 1000]);
    }
    return ring;
  });
  const style = { renderer, className: "site-map__border", weight: 1.5, fill: false, interactive: false };
  const attribution = "Contours approximatifs : Natural Earth";
  const borders = L.polygon(rings.map((ring) => [ring]), { ...style, attribution });
  // nearer than this they would be wrong by more than a street
  const show = () => (map.getZoom() <= NEAREST ? borders.addTo(map) : borders.remove());
  map.on("zoomend", show);
  show();
}

function graticule(map) {
  const layer = L.layerGroup().addTo(map);
  const renderer = backdrop(map, "graticule", 300);
  const show = () => {
    layer.clearLayers();
    const bounds = map.getBounds();
    const span = bounds.getNorth() - bounds.getSouth();
    const step = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5].find((one) => span / one <= 6) ?? 10;
    const style = { renderer, className: "site-map__line", weight: 1, interactive: false };
    for (let at = Math.ceil(bounds.getSouth() / step) * step; at <= bounds.getNorth(); at += step)
      L.polyline([[at, bounds.getWest()], [at, bounds.getEast()]], style).addTo(layer);
    for (let at = Math.ceil(bounds.getWest() / step) * step; at <= bounds.getEast(); at += step)
      L.polyline([[bounds.getSouth(), at], [bounds.getNorth(), at]], style).addTo(layer);
  };
  map.on("moveend", show);
  return show;
}

function popup(cards) {
  const list = document.createElement("ul");
  list.className = "site-map__popup";
  for (const card of cards.slice(0, 5)) {
    const item = document.createElement("li");
    item.append(card.querySelector(".site-card__title a").cloneNode(true));
    list.append(item);
  }
  if (cards.length > 5) list.append(Object.assign(document.createElement("li"), { textContent: `et ${cards.length - 5} autres dans la liste` }));
  return list;
}

export function drawMap(place, cards) {
  if (!cards.length) return;
  place.hidden = false;
  const map = L.map(place, { zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, attributionControl: false, maxZoom: 18 });
  map.zoomControl.setPosition("topright");
  place.querySelector(".leaflet-control-zoom-in").title = "Agrandir";
  place.querySelector(".leaflet-control-zoom-in").setAttribute("aria-label", "Agrandir");
  place.querySelector(".leaflet-control-zoom-out").title = "Réduire";
  place.querySelector(".leaflet-control-zoom-out").setAttribute("aria-label", "Réduire");
  L.control.scale({ imperial: false }).addTo(map);
  const shows = place.dataset.tiles ? [] : [graticule(map), towns(map, place.dataset.towns)];
  if (place.dataset.tiles) L.tileLayer(TILES, { maxZoom: 18 }).addTo(map);
  const sources = L.control.attribution({ prefix: false }).addTo(map);
  if (place.dataset.tiles) sources.addAttribution("© IGN, Géoplateforme");
  const points = new Map();
  for (const card of cards) {
    const key = `${card.dataset.lat},${card.dataset.lon}`;
    points.set(key, [...(points.get(key) ?? []), card]);
  }
  const bounds = L.latLngBounds([]);
  for (const [key, here] of points) {
    const point = key.split(",").map(Number);
    bounds.extend(point);
    const name = here.length > 1 ? `${here.length} résultats` : here[0].querySelector(".site-card__title").textContent.trim();
    const kind = here[0].dataset.precision === "address" ? "site-map__pin" : "site-map__pin site-map__pin--coarse";
    L.marker(point, { icon: label(kind, here.length > 1 ? String(here.length) : ""), title: name, alt: name })
      .bindPopup(() => popup(here), { maxWidth: 240 })
      .addTo(map);
  }
  if (place.dataset.hereLat) {
    const here = [Number(place.dataset.hereLat), Number(place.dataset.hereLon)];
    bounds.extend(here);
    L.marker(here, { icon: label("site-map__here", ""), title: "Votre position, à 100 mètres près", alt: "Votre position", keyboard: false }).addTo(map);
  }
  map.fitBounds(bounds.pad(0.1), { maxZoom: 16, animate: false });
  for (const show of shows) show();
  if (!place.dataset.tiles) outlines(map);
}
