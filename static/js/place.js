/* Where it is: a postal code finds associations for the list, and a pin can be set on the map. */

import { openMap, pinIcon, pinOf } from "./map.js";

const toDigits = (text) => text.normalize("NFKC").replace(/[^0-9]/g, "");

export function offerPlaces(box, fields) {
  const field = fields.postal_code;
  const list = fields.place;
  const says = box.querySelector("[data-places-found]");
  let asked = toDigits(field.value);

  function offer({ postal_code: code, towns, places }) {
    list.querySelector("[data-found-now]")?.remove();
    if (!places.length) {
      says.textContent = box.dataset.none;
      return;
    }
    const names = towns.join("、");
    const group = document.createElement("optgroup");
    group.label = `${code} ${names}`;
    group.dataset.foundNow = "";
    for (const { pk, name } of places) group.append(new Option(name, pk));
    list.options[0].after(group);
    if (places.length === 1) list.value = String(places[0].pk);
    else if (!list.value) list.value = "";
    says.textContent = box.dataset.found.replace("{code}", code).replace("{towns}", names);
    list.dispatchEvent(new Event("change", { bubbles: true }));
  }

  field.addEventListener("input", async () => {
    const digits = toDigits(field.value);
    if (digits.length !== 7 || digits === asked) return;
    asked = digits;
    try {
      const answer = await fetch(`${box.dataset.address}?${new URLSearchParams({ postal_code: digits })}`);
      if (answer.ok && !answer.redirected) offer(await answer.json());
    } catch {
      asked = "";
    }
  });
}

export function setPin(tools, fields) {
  if (!tools || !window.L) return;
  tools.hidden = false;
  for (const needless of document.querySelectorAll("[data-without-map]")) needless.hidden = true;
  const box = tools.querySelector("[data-map]");
  const map = openMap(box, { keyboard: true });
  const says = tools.querySelector("[data-pin-says]");
  let marker = null;

  function put(place, { tell = true } = {}) {
    const { lat, lng } = L.latLng(place).wrap();
    if (!marker) {
      marker = L.marker([lat, lng], { icon: pinIcon(), alt: box.dataset.pin, draggable: true, keyboard: false });
      marker.on("dragend", () => put(marker.getLatLng()));
      marker.addTo(map);
    }
    marker.setLatLng([lat, lng]);
    [fields.latitude.value, fields.longitude.value] = [lat.toFixed(5), lng.toFixed(5)];
    if (tell) tellOf(says.dataset.set);
  }

  function tellOf(sentence) {
    says.textContent = sentence;
    fields.latitude.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const there = pinOf(box);
  if (there) put(there, { tell: false });
  map.on("click", (event) => put(event.latlng));
  tools.querySelector("[data-pin-set]").addEventListener("click", () => put(map.getCenter()));
  tools.querySelector("[data-pin-remove]").addEventListener("click", () => {
    marker?.remove();
    marker = null;
    fields.latitude.value = fields.longitude.value = "";
    tellOf(says.dataset.gone);
  });
}
