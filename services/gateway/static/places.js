// Around the search of places: where one is, what a commune is called, the map, and the last results for later.
// Without it a commune is typed and a list is read.

import { keepPlaces } from "./last-places.js";
import { drawMap } from "./places-map.js";

function say(form, text) {
  form.querySelector("[data-said]").textContent = text;
}

// Beside the field that is left to fill in: on a phone the button is far below it.
function refuse(here, search, text) {
  say(here, "");
  search.querySelector("[data-refused]").textContent = text;
  search.elements.ou.focus();
}

const REFUSED = "Vous n'avez pas donné votre position. Saisissez une commune ou un code postal.";
const UNKNOWN = "Votre position n'a pas pu être trouvée. Saisissez une commune ou un code postal.";

function offerPosition(here, search) {
  if (!("geolocation" in navigator)) return;
  here.hidden = false;
  here.querySelector("[data-locate]").addEventListener("click", () => {
    say(here, "Recherche de votre position…");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        here.elements.lat.value = coords.latitude.toFixed(3); // about 100 metres
        here.elements.lon.value = coords.longitude.toFixed(3);
        for (const [name, value] of new FormData(search)) {
          if (name === "ou" || !value) continue;
          const field = document.createElement("input");
          Object.assign(field, { type: "hidden", name, value });
          here.append(field);
        }
        here.submit();
      },
      (error) => refuse(here, search, error.code === error.PERMISSION_DENIED ? REFUSED : UNKNOWN),
      { maximumAge: 60000, timeout: 15000 },
    );
  });
}

function suggest(field) {
  const list = document.getElementById("communes");
  let asked = 0;
  field.addEventListener("input", async () => {
    const turn = ++asked;
    if (field.value.trim().length < 2) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
    if (turn !== asked) return;
    try {
      const answer = await fetch(`/lieux/communes?texte=${encodeURIComponent(field.value)}`, { credentials: "same-origin" });
      if (!answer.ok || turn !== asked) return;
      list.replaceChildren(...(await answer.json()).map((text) => Object.assign(document.createElement("option"), { value: text })));
    } catch {
      // without suggestions the commune is typed in full
    }
  });
}

const search = document.querySelector("[data-places]");
if (search) {
  offerPosition(document.querySelector("[data-here]"), search);
  suggest(search.elements.ou);
}
const results = document.querySelector("[data-results]");
if (results) {
  keepPlaces(results);
  const map = results.querySelector("[data-map]");
  if (map) drawMap(map, [...results.querySelectorAll("[data-place][data-lat]")]);
}
// What was asked for stands below a long form.
(document.getElementById("resultats") ?? document.getElementById("choix"))?.focus();
