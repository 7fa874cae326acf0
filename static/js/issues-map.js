/* The issues of a list on the map: asks for what stands in the part that is shown, whenever it moves. */
import { clusterIcon, openMap, pinIcon } from "./map.js";

const frame = document.querySelector("[data-pins]");
const map = openMap(frame?.querySelector("[data-map=own]"));

if (map) start();

function start() {
  const pins = L.markerClusterGroup({ iconCreateFunction: clusterIcon, showCoverageOnHover: false, maxClusterRadius: 48 });
  // What the server has counted already must not be counted again.
  const rings = L.layerGroup();
  map.addLayer(pins).addLayer(rings);
  let asked = new AbortController();

  async function load() {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    const address = new URL(frame.dataset.pins, location.href);
    // Whole hundredths of a degree, so that neighbours ask for the same and caches can answer.
    const down = (degrees) => Math.floor(degrees * 100) / 100;
    const up = (degrees) => Math.ceil(degrees * 100) / 100;
    const box = map.getBounds();
    const bbox = [Math.max(down(box.getWest()), -180), Math.max(down(box.getSouth()), -90), Math.min(up(box.getEast()), 180), Math.min(up(box.getNorth()), 90)];
    address.searchParams.set("bbox", bbox.map((degrees) => degrees.toFixed(2)).join(","));
    try {
      const answer = await fetch(address, { signal });
      if (!answer.ok) throw new Error(answer.status);
      show((await answer.json()).features);
      frame.querySelector("[data-pins-fail]").hidden = true;
    } catch (error) {
      if (error.name !== "AbortError") frame.querySelector("[data-pins-fail]").hidden = false;
    }
  }

  function show(features) {
    pins.clearLayers();
    rings.clearLayers();
    pins.addLayers(features.filter((one) => one.properties.title).map(pin));
    for (const one of features.filter((one) => one.properties.count)) rings.addLayer(ring(one));
    frame.querySelector("[data-pins-none]").hidden = features.length > 0;
  }

  const place = (feature) => [feature.geometry.coordinates[1], feature.geometry.coordinates[0]];

  function pin(feature) {
    const { title, address } = feature.properties;
    const link = document.createElement("a");
    link.href = address;
    link.textContent = title;
    return L.marker(place(feature), { icon: pinIcon(), title }).bindPopup(link);
  }

  function ring(feature) {
    const { count } = feature.properties;
    const icon = clusterIcon({ getChildCount: () => count });
    const marker = L.marker(place(feature), { icon, title: `${frame.dataset.here}: ${count}` });
    return marker.on("click", () => map.setView(place(feature), map.getZoom() + 2));
  }

  let soon;
  map.on("moveend", () => {
    clearTimeout(soon);
    soon = setTimeout(load, 150);
  });
  load();
}
