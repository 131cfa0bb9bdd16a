// An IBAN, checked while it is typed: country, length, key, and the French RIB key. The server checks it again.

const LENGTHS = {
  AD: 24, AL: 28, AT: 20, BE: 16, BG: 22, CH: 21, CY: 28, CZ: 24, DE: 22, DK: 18, EE: 20, ES: 24, FI: 18, FR: 27,
  GB: 22, GI: 23, GR: 27, HR: 21, HU: 28, IE: 22, IS: 26, IT: 27, LI: 21, LT: 20, LU: 20, LV: 21, MC: 27, MD: 24,
  ME: 22, MK: 19, MT: 31, NL: 18, NO: 15, PL: 28, PT: 25, RO: 24, RS: 22, SE: 24, SI: 19, SK: 24, SM: 27, VA: 22,
};
const RIB = new Set(["FR", "MC"]);
const RIB_DIGITS = "12345678912345678923456789"; // A to Z, as the RIB key counts letters

const remainder = (digits, by) => [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % by, 0);
const base36 = (text) => [...text].map((character) => Number.parseInt(character, 36)).join("");

function ribKeyFits(iban) {
  const digits = iban.slice(4).replace(/[A-Z]/g, (letter) => RIB_DIGITS[letter.charCodeAt(0) - 65]);
  const [bank, branch, account, key] = [digits.slice(0, 5), digits.slice(5, 10), digits.slice(10, 21), digits.slice(21)];
  const sum = 89 * remainder(bank, 97) + 15 * remainder(branch, 97) + 3 * remainder(account, 97);
  return 97 - (sum % 97) === Number(key);
}

export const plain = (text) => text.replace(/[\s.-]/g, "").toUpperCase();

// "ok", what is wrong with it, or "" as long as it may still become one.
export function verdict(text) {
  const iban = plain(text);
  if (iban.length < 2) return "";
  const length = LENGTHS[iban.slice(0, 2)];
  if (!/^[A-Z]{2}[A-Z0-9]*$/.test(iban)) return "format";
  if (length === undefined) return "country";
  if (iban.length < length) return "";
  if (iban.length > length) return "length";
  if (remainder(base36(iban.slice(4) + iban.slice(0, 4)), 97) !== 1) return "key";
  if (RIB.has(iban.slice(0, 2)) && !ribKeyFits(iban)) return "key";
  return "ok";
}

const words = {
  ok: "Cet IBAN est bien formé.",
  format: "Un IBAN commence par deux lettres et ne contient que des lettres et des chiffres.",
  country: "Ce pays n'est pas dans la zone où nous pouvons payer.",
  length: "Il y a trop de caractères.",
  key: "L'IBAN contient une erreur : vérifiez chaque caractère.",
};

export function watchIban(place) {
  const input = document.getElementById(place.dataset.iban);
  if (!input) return;
  const show = () => {
    const found = verdict(input.value);
    place.textContent = words[found] ?? "";
    if (found === "") delete place.dataset.met;
    else place.dataset.met = found === "ok" ? "yes" : "no";
  };
  input.addEventListener("input", show);
  show();
}
