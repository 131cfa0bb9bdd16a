// The rules of a personal code, ticked off while it is typed. The server checks them again.

const rules = {
  length: (code) => [...code].length >= 8 && [...code].length <= 50,
  letter: (code) => /\p{Script=Latin}/u.test(code),
  digit: (code) => /[0-9]/.test(code),
  special: (code) => / |[^\p{L}\p{N}\p{C}\p{M}\p{Z}]/u.test(code),
};

const words = { yes: "respecté", no: "non respecté" };

export function brokenRules(code) {
  return Object.keys(rules).filter((name) => !rules[name](code.normalize("NFC")));
}

export function watchCode(list) {
  const input = document.getElementById(list.dataset.codeRules);
  if (!input) return;
  const show = () => {
    const broken = brokenRules(input.value);
    for (const item of list.querySelectorAll("[data-rule]")) {
      const met = broken.includes(item.dataset.rule) ? "no" : "yes";
      if (input.value === "") delete item.dataset.met;
      else item.dataset.met = met;
      item.querySelector("[data-state]").textContent = input.value === "" ? "" : ` (${words[met]})`;
    }
  };
  input.addEventListener("input", show);
  show();
}
