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

// What moves is fetched again while somebody looks; not while he types in it or has opened something there.
for (const part of document.querySelectorAll("[data-refresh]")) {
  setInterval(async () => {
    const here = document.getElementById(part.id);
    if (document.hidden || !here?.dataset.refresh || here.contains(document.activeElement) || here.querySelector("details[open] form")) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
      if (!fresh) return;
      // What somebody has opened or folded stays so, unless what it says of itself has changed.
      for (const one of fresh.querySelectorAll("details[id]")) {
        const before = document.getElementById(one.id);
        if (before?.dataset.state === one.dataset.state) one.open = before.open;
      }
      here.replaceWith(fresh);
    } catch {
      // the next time
    }
  }, Number(part.dataset.refresh) * 1000);
}
