/* What helps while one writes an issue. The form works without any of it: buttons that scripts make needless
   are marked data-without-script, what needs scripts is hidden until they run. */

import { keepDrafts } from "./draft.js";
import { offerPlaces, setPin } from "./place.js";
import { describePhotos } from "./photos.js";
import { showSimilar } from "./similar.js";

for (const needless of document.querySelectorAll("[data-without-script]")) needless.hidden = true;

const form = document.querySelector("#compose");
if (form.dataset.draft) keepDrafts(form);
for (const box of form.querySelectorAll("[data-similar]")) showSimilar(box, form.elements.title);
offerPlaces(form.querySelector("[data-places]"), form.elements);
setPin(form.querySelector("[data-pin-tools]"), form.elements);
describePhotos(form.querySelector("[data-photos]"));
