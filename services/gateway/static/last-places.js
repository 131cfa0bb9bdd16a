// The last places that were found, for when there is no connection: public facts alone.

const LAST = "lieux:derniers";

function text(element) {
  return element ? element.textContent.replace(/\s+/g, " ").trim() : "";
}

// No distance, no order, nothing that tells where somebody was.
export function keepPlaces(results) {
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

export function showPlaces(place) {
  const cards = JSON.parse(localStorage.getItem(LAST) ?? "[]");
  if (!cards.length) return;
  const list = element("ul", "site-grid", "");
  for (const card of cards) {
    const item = element("li", "site-card", "");
    item.append(element("h3", "site-card__title", card.name), ...card.lines.map((line) => element("p", "govuk-body-s", line)));
    if (card.phone) {
      const call = element("a", "govuk-button govuk-button--secondary", `Appeler ${card.phone.replace(/(..)(?=.)/g, "$1\u00a0")}`);
      call.href = `tel:${card.phone}`;
      item.append(call);
    }
    list.append(item);
  }
  place.querySelector("[data-places-list]").replaceChildren(list);
  place.hidden = false;
}
