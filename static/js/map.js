/* Maps: boxes of templates/components/map.html, drawn by Leaflet (the global L of map_assets.html).

   data-map="still" shows its pin by itself. For anything else a module of the page imports:

     import { openMap, pinIcon } from "./map.js";
     const map = openMap(document.querySelector("[data-map=own]"));   // null where there is no map
     L.marker([36.56, 136.65], { icon: pinIcon(), alt: "…" }).addTo(map);
     const cluster = L.markerClusterGroup({ iconCreateFunction: clusterIcon });  // map_assets with clusters=True
*/

const CITY_ZOOM = 12;
const STREET_ZOOM = 16;
// 地理院タイル 淡色地図 has these; whoever sets other tiles has at least them.
const ZOOMS = { minZoom: 5, maxZoom: 18 };

const number = (text) => (text === undefined || text.trim() === "" ? NaN : Number(text));

/** The drawing of a pin; Leaflet's own pictures would not be found under hashed names. */
export const pinIcon = () =>
  L.divIcon({
    className: "map-pin",
    html: '<svg viewBox="0 0 32 44" aria-hidden="true"><path d="M16 1C7.7 1 1 7.6 1 15.8 1 27 16 43 16 43s15-16 15-27.2C31 7.6 24.3 1 16 1z"/><circle cx="16" cy="16" r="6"/></svg>',
    iconSize: [44, 44],
    iconAnchor: [22, 43],
    popupAnchor: [0, -36],
  });

/** Several pins as one: a ring with their number. For L.markerClusterGroup({ iconCreateFunction }). */
export const clusterIcon = (cluster) =>
  L.divIcon({ className: "map-cluster", html: `<b>${cluster.getChildCount()}</b>`, iconSize: [48, 48] });

/** Where the pin of a box stands as [latitude, longitude], or null. */
export function pinOf(box) {
  const place = [number(box.dataset.latitude), number(box.dataset.longitude)];
  return place.every(Number.isFinite) ? place : null;
}

/** Opens the map in a box and shows it; gives the Leaflet map, or null where Leaflet is missing. */
export function openMap(box, options = {}) {
  if (!box || !window.L) return null;
  box.hidden = false;
  const { tiles, centre, credit, zoomIn, zoomOut } = box.dataset;
  const map = L.map(box.querySelector(".map"), {
    zoomControl: false,
    // One finger scrolls the page; the map is moved with two, or by its buttons and the arrow keys.
    dragging: !L.Browser.mobile,
    scrollWheelZoom: false,
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    ...ZOOMS,
    ...options,
  });
  map.attributionControl.setPrefix("Leaflet");
  L.control.zoom({ zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
  const layer = L.tileLayer(tiles, { ...ZOOMS, attribution: credit });
  const fails = box.querySelector("[data-map-fails]");
  layer.on("tileerror", () => (fails.hidden = false));
  layer.on("tileload", () => (fails.hidden = true));
  layer.addTo(map);
  const pin = pinOf(box);
  map.setView(pin ?? centre.split(",").map(Number), pin ? STREET_ZOOM : CITY_ZOOM);
  return map;
}

for (const box of document.querySelectorAll("[data-map=still]")) {
  const map = openMap(box);
  const pin = pinOf(box);
  if (map && pin) L.marker(pin, { icon: pinIcon(), alt: box.dataset.pin, keyboard: false, interactive: false }).addTo(map);
}
