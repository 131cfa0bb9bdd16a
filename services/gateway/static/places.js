// Around the search of places: where one is, what a commune is called, the map, and the last results for later.
// Without it a commune is typed and a list is read.

import { drawMap } from "./places-map.js";

const LAST = "lieux:derniers";

function say(form, text) {
  form.querySelector("[data-said]").textContent = text;
}

const REFUSED = "Vous n'avez pas donné votre position. Saisissez une commune ou un code postal ci-dessus.";
const UNKNOWN = "Votre position n'a pas pu être trouvée. Saisissez une commune ou un code postal ci-dessus.";

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
      (error) => {
        say(here, error.code === error.PERMISSION_DENIED ? REFUSED : UNKNOWN);
        search.elements.ou.focus();
      },
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

function text(element) {
  return element ? element.textContent.replace(/\s+/g, " ").trim() : "";
}

// Public facts alone: no distance, no order, nothing that tells where somebody was.
function keep(results) {
  const cards = [...results.querySelectorAll("[data-place]")].map((card) => ({
    name: text(card.querySelector(".site-card__title")),
    lines: [...card.querySelectorAll(".govuk-body-s")].map((line) => {
      const copy = line.cloneNode(true);
      for (const part of copy.querySelectorAll(".site-small")) part.remove();
      for (const part of copy.querySelectorAll("br")) part.replaceWith(", ");
      return text(copy).replace(/^[, ]+|[, ]+$/g, "");
    }),
    phone: card.querySelector('a[href^="tel:"]')?.getAttribute("href").slice(4) ?? "",
  }));
  cards.sort((one, other) => one.name.localeCompare(other.name, "fr"));
  try {
    localStorage.setItem(LAST, JSON.stringify(cards));
  } catch {
    // a browser that keeps nothing shows nothing offline
  }
}

function element(name, className, content) {
  return Object.assign(document.createElement(name), { className, textContent: content });
}

function showLast(place) {
  const cards = JSON.parse(localStorage.getItem(LAST) ?? "[]");
  if (!cards.length) return;
  const list = element("ul", "site-places__cards", "");
  for (const card of cards) {
    const item = element("li", "site-card", "");
    item.append(element("h2", "site-card__title", card.name), ...card.lines.map((line) => element("p", "govuk-body-s", line)));
    if (card.phone) {
      const call = element("a", "govuk-button govuk-button--secondary", `Appeler ${card.phone.replace(/(..)(?=.)/g, "$1\u00a0")}`);
      call.href = `tel:${card.phone}`;
      item.append(call);
    }
    list.append(item);
  }
  place.replaceChildren(list);
}

const search = document.querySelector("[data-places]");
if (search) {
  offerPosition(document.querySelector("[data-here]"), search);
  suggest(search.elements.ou);
}
const results = document.querySelector("[data-results]");
if (results) {
  keep(results);
  const map = results.querySelector("[data-map]");
  if (map) drawMap(map, [...results.querySelectorAll("[data-place][data-lat]")]);
  if (results.querySelector("[data-place]")) document.getElementById("resultats").focus();
}
const last = document.querySelector("[data-last-results]");
if (last) showLast(last);
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/lieux/service.js", { scope: "/lieux/" }).catch(() => {});
