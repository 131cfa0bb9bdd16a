// The rules of a personal code, ticked off while it is typed. The server checks them again.

const rules = {
  length: (code) => [...code].length >= 8 && [...code].length <= 50,
  letter: (code) => /\p{Script=Latin}/u.test(code),
  digit: (code) => /[0-9]/.test(code),
  special: (code) => / |[^\p{L}\p{N}\p{C}\p{M}\p{Z}]/u.test(code),
};

const PATIENCE = 600; // milliseconds without a key

const words = { yes: "respecté", no: "non respecté" };

export function brokenRules(code) {
  return Object.keys(rules).filter((name) => !rules[name](code.normalize("NFC")));
}

function mark(item, met) {
  if (met === undefined) delete item.dataset.met;
  else item.dataset.met = met ? "yes" : "no";
  item.querySelector("[data-state]").textContent = met === undefined ? "" : ` (${words[item.dataset.met]})`;
}

// What only the server knows: whether everybody tries this code, and whether it is made of one's own data.
async function ask(list, input) {
  const body = new URLSearchParams({ jeton: input.form.elements.jeton.value, code: input.value });
  try {
    const answer = await fetch(list.dataset.codeHints, { method: "POST", body, credentials: "same-origin", cache: "no-store" });
    return answer.ok ? await answer.json() : {};
  } catch {
    return {}; // a hint less: the form is checked when it is sent
  }
}

export function watchCode(list) {
  const input = document.getElementById(list.dataset.codeRules);
  if (!input) return;
  let waiting = 0;
  const show = () => {
    const broken = brokenRules(input.value);
    for (const item of list.querySelectorAll("[data-rule]")) {
      mark(item, input.value === "" ? undefined : !broken.includes(item.dataset.rule));
    }
    clearTimeout(waiting);
    for (const item of list.querySelectorAll("[data-hint]")) mark(item);
    if (broken.length === 0 && list.dataset.codeHints) waiting = setTimeout(hint, PATIENCE);
  };
  const hint = async () => {
    const typed = input.value;
    const said = await ask(list, input);
    if (typed !== input.value) return; // another one meanwhile
    for (const item of list.querySelectorAll("[data-hint]")) {
      const found = said[item.dataset.hint];
      mark(item, found === undefined || found === null ? undefined : !found);
    }
  };
  input.addEventListener("input", show);
  show();
}
