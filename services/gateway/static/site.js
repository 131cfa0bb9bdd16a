// Makes the kit's components work, says how far a personal code or an IBAN is, looks again while an answer is on its way,
// warns before the connection closes, and keeps the page that is shown without a connection.
// Every page works without it.

import { Button, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, SkipLink, createAll } from "./govuk-frontend.js";
import { watchCode } from "./code-rules.js";
import { watchIban } from "./iban.js";
import { showPlaces } from "./last-places.js";
import { watchPending } from "./pending.js";
import { watchSession } from "./session-end.js";
import { verifyPage } from "./verify.js";

document.documentElement.classList.add("js");
document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Checkboxes, ErrorSummary, NotificationBanner, Radios, SkipLink]) createAll(component);
createAll(Button, { preventDoubleClick: true });
createAll(PasswordInput, {
  i18n: {
    showPassword: "Afficher",
    hidePassword: "Masquer",
    showPasswordAriaLabel: "Afficher le code",
    hidePasswordAriaLabel: "Masquer le code",
    passwordShownAnnouncement: "Votre code est affiché",
    passwordHiddenAnnouncement: "Votre code est masqué",
  },
});

for (const list of document.querySelectorAll("[data-code-rules]")) watchCode(list);
for (const place of document.querySelectorAll("[data-iban]")) watchIban(place);
for (const place of document.querySelectorAll("[data-pending]")) watchPending(place);
for (const place of document.querySelectorAll("[data-session-end]")) watchSession(place);
for (const place of document.querySelectorAll("[data-verify]")) verifyPage(place);
for (const place of document.querySelectorAll("[data-last-places]")) showPlaces(place);
if ("serviceWorker" in navigator) {
  window.addEventListener("load", () => navigator.serviceWorker.register("/service.js").catch(() => {}));
}
