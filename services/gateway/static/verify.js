// Checks the signed code of a document in the browser: signature, dates, and what is printed. Only whether it was
// revoked is asked of the server, by the document's id; without an answer the page says so.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const base64url = (raw) => btoa(String.fromCharCode(...raw)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const utf8 = (text) => new TextEncoder().encode(text);
const parsed = (part) => JSON.parse(new TextDecoder().decode(bytes(part)));

export class NotSigned extends Error {}
export class CannotCheck extends Error {}

export async function readCode(token, keys) {
  let header, proof, signature, signed;
  try {
    const parts = token.split(".");
    if (parts.length !== 3) throw new NotSigned();
    [header, proof, signature] = [parsed(parts[0]), parsed(parts[1]), bytes(parts[2])];
    signed = utf8(`${parts[0]}.${parts[1]}`);
  } catch {
    throw new NotSigned();
  }
  const jwk = keys.keys.find((one) => one.kid === header.kid);
  if (header.alg !== "EdDSA" || !jwk) throw new NotSigned();
  let key;
  try {
    key = await crypto.subtle.importKey("raw", bytes(jwk.x), { name: "Ed25519" }, false, ["verify"]);
  } catch {
    throw new CannotCheck();
  }
  if (!(await crypto.subtle.verify({ name: "Ed25519" }, key, signature, signed))) throw new NotSigned();
  return proof;
}

export const folded = (text) =>
  text.toUpperCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/[^A-Z0-9]/g, "");

// A date as people type it, 31/12/2027, in the order in which it was signed.
export function dated(text) {
  const found = /^\s*(\d{1,2})\D+(\d{1,2})\D+(\d{4})\s*$/.exec(text);
  return found ? `${found[3]}-${found[2].padStart(2, "0")}-${found[1].padStart(2, "0")}` : text;
}

export async function digest(salt, printed) {
  const text = [salt, ...printed.map(folded)].join("|");
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(text)));
  return base64url(hash.slice(0, 15));
}

const words = {
  stands: ["Valable", "govuk-tag--green", "La signature est la nôtre, et le document n'a pas été annulé."],
  revoked: ["Annulé", "govuk-tag--red", "La signature est la nôtre, mais ce document a été annulé : ne l'acceptez pas."],
  expired: ["Plus valable", "govuk-tag--red", "La signature est la nôtre, mais les droits qu'il atteste ont pris fin."],
  unknown: ["Inconnu", "govuk-tag--red", "La signature est la nôtre, mais ce document ne figure pas dans nos registres."],
  unchecked: ["Authentique", "govuk-tag--yellow", "La signature est la nôtre. Sans connexion, nous n'avons pas pu vérifier s'il a été annulé."],
  forged: ["Non authentique", "govuk-tag--red", "Ce code n'est pas le nôtre, ou il a été modifié. Ne vous fiez pas à ce document."],
};
const kinds = { attestation: "Attestation de droits", ceam: "Certificat provisoire de remplacement de la CEAM" };
const day = (iso) => new Date(`${iso}T12:00:00Z`).toLocaleDateString("fr-FR", { day: "numeric", month: "long", year: "numeric" });

async function statusOf(proof) {
  try {
    const answer = await fetch(`/verifier/etat/${encodeURIComponent(proof.k)}/${encodeURIComponent(proof.i)}`);
    const { status } = answer.ok ? await answer.json() : { status: "unchecked" };
    if (status !== "stands" || !proof.x) return status;
    const today = new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Paris" });
    return proof.x < today ? "expired" : "stands";
  } catch {
    return "unchecked";
  }
}

export function verifyPage(place) {
  const keys = JSON.parse(place.dataset.keys);
  const part = (name) => place.querySelector(`[data-${name}]`);
  const say = (verdict) => {
    const [title, colour, text] = words[verdict] ?? words.unchecked;
    part("verdict").textContent = title;
    part("verdict").className = `govuk-tag ${colour}`;
    part("explain").textContent = text;
    part("result").hidden = false;
  };
  const show = async () => {
    const token = location.hash.slice(1);
    part("result").hidden = part("facts").hidden = part("compare").hidden = true;
    part("by-hand").hidden = token !== "";
    if (token === "") return;
    let proof;
    try {
      proof = await readCode(token, keys);
    } catch (error) {
      if (error instanceof NotSigned) return say("forged");
      place.querySelector("[name=code]").value = location.href; // the server can read it for this browser
      part("by-hand").hidden = false;
      return undefined;
    }
    part("kind").textContent = kinds[proof.k] ?? "Autre document";
    part("number").textContent = proof.n;
    part("made").textContent = day(proof.d);
    part("until").textContent = proof.x ? day(proof.x) : "sans date de fin";
    part("initials").textContent = proof.p.map(([initials]) => initials).join(", ");
    part("facts").hidden = part("compare").hidden = false;
    say("unchecked");
    say(await statusOf(proof));
    part("compare").onsubmit = async (event) => {
      event.preventDefault();
      const typed = (name) => place.querySelector(`[name=${name}]`).value;
      const printed = [typed("surname"), typed("given"), dated(typed("birth")), typed("number"), dated(typed("end"))];
      const found = await digest(proof.s, printed);
      const same = proof.p.some(([, hash]) => hash === found);
      part("compared").textContent = same
        ? "Conforme : c'est bien ce qui a été signé."
        : "Non conforme : ce n'est pas ce qui a été signé. Vérifiez votre saisie avant de conclure.";
    };
    return undefined;
  };
  window.addEventListener("hashchange", show);
  show();
}
