// Makes the kit's components work. Every page works without it.

import { Button, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink, createAll } from "./govuk-frontend.js";

document.documentElement.classList.add("js");
document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Checkboxes, ErrorSummary, Radios, SkipLink]) createAll(component);
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
