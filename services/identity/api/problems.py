"""How identity's refusals are answered: status and French title, chosen once."""

from collections.abc import Sequence
from typing import Final

from fastapi import Request, Response

from services.identity.api import rights_problems
from shared.feeds import entry as feed_entry
from shared.problems import FieldError, ProblemCatalogue, response
from shared.sign_in.gates import TooMany

PROBLEMS: Final = ProblemCatalogue(
    statuses={
        **feed_entry.STATUSES,
        "facts-do-not-match": 422,
        "enrolment-expired": 410,
        "link-invalid": 404,
        "link-expired": 410,
        "link-replaced": 410,
        "link-already-used": 410,
        "sign-in-refused": 401,
        "contest-refused": 422,
        "totp-unknown": 404,
        "provisional-code-invalid": 410,
        "second-agent-required": 403,
        "account-not-allowed": 422,
        **rights_problems.STATUSES,
        "code-wrong": 422,
        "one-time-code-wrong": 422,
        "one-time-code-unknown": 404,
        "one-time-code-expired": 410,
        "one-time-code-used": 410,
        "one-time-code-exhausted": 410,
        "try-later": 429,
        "tries-exhausted": 429,
        "email-pending": 403,
        "nir-length": 422,
        "nir-format": 422,
        "nir-key": 422,
        "email-format": 422,
        "postcode-unknown": 422,
        "iban-last7-format": 422,
        "serial-format": 422,
        "code-too-short": 422,
        "code-too-long": 422,
        "code-without-letter": 422,
        "code-without-digit": 422,
        "code-without-special": 422,
        "code-other-alphabet": 422,
        "code-unprintable": 422,
        "code-known": 422,
        "code-personal": 422,
    },
    titles={
        **rights_problems.TITLES,
        **feed_entry.TITLES,
        "facts-do-not-match": "Les informations saisies ne permettent pas de vous identifier",
        "enrolment-expired": "La création du compte a pris trop de temps, veuillez recommencer",
        "link-invalid": "Ce lien n'est pas valable",
        "link-expired": "Ce lien n'est plus valable, demandez-en un nouveau",
        "link-replaced": "Un lien plus récent vous a été envoyé",
        "link-already-used": "Ce lien a déjà servi : votre adresse est confirmée",
        "link-just-sent": "Un message vient de vous être envoyé, patientez une minute",
        "email-already-validated": "Votre adresse est déjà confirmée",
        "sign-in-refused": "Numéro de sécurité sociale ou code personnel incorrect",
        "totp-unknown": "Recommencez l'activation de l'application de codes",
        "contest-refused": "Ce numéro et ce code ne vont pas ensemble",
        "provisional-code-invalid": "Ce code provisoire n'est plus valable",
        "second-agent-required": "Un compte existe déjà : un second agent doit donner son accord",
        "account-not-allowed": "Cette personne ne peut pas avoir de compte",
        "code-wrong": "Ce n'est pas votre code personnel",
        "one-time-code-wrong": "Ce n'est pas le code qui vous a été envoyé",
        "one-time-code-unknown": "Aucun code n'est attendu ici",
        "one-time-code-expired": "Ce code n'est plus valable, demandez-en un nouveau",
        "one-time-code-used": "Ce code a déjà servi",
        "one-time-code-exhausted": "Trop d'essais : ce code n'est plus valable",
        "one-time-code-just-sent": "Le code vient de vous être envoyé, patientez une minute",
        "one-time-code-sent-enough": "Trop de codes vous ont été envoyés, patientez une heure",
        "try-later": "Essais trop rapprochés, patientez quelques secondes",
        "tries-exhausted": "Trop d'essais : cette voie est fermée pour un jour",
        "email-pending": "Confirmez d'abord votre adresse électronique",
        "nir-length": "Le numéro de sécurité sociale compte 13 ou 15 caractères",
        "nir-format": "Ce numéro de sécurité sociale n'existe pas",
        "nir-key": "La clé du numéro de sécurité sociale ne correspond pas",
        "email-format": "Cette adresse électronique n'est pas valable",
        "postcode-unknown": "Ce code postal n'existe pas",
        "iban-last7-format": "Saisissez les 7 derniers caractères de l'IBAN",
        "serial-format": "Le numéro de série compte de 8 à 13 chiffres",
        "code-too-short": "Le code compte au moins 8 caractères",
        "code-too-long": "Le code compte au plus 50 caractères",
        "code-without-letter": "Il manque une lettre au code",
        "code-without-digit": "Il manque un chiffre au code",
        "code-without-special": "Il manque un caractère spécial au code",
        "code-other-alphabet": "Le code s'écrit en lettres latines",
        "code-known": "Ce code est parmi les plus courants, choisissez-en un autre",
        "code-personal": "Ce code contient une information qui vous concerne, choisissez-en un autre",
        "email-unchanged": "C'est déjà votre adresse",
        "account-locked": "Ce compte est bloqué : adressez-vous à la caisse",
        "account-closed": "Ce compte est fermé",
        "code-unprintable": "Le code contient un caractère invisible",
    },
)


def broken_code(request: Request, rules: Sequence[str]) -> Response:
    """Every rule that a code breaks, the first one in front."""
    request.state.problem = rules[0]
    errors = [FieldError(pointer="#/code", code=rule, message=PROBLEMS.titles[rule]) for rule in rules]
    return response(PROBLEMS.problem(rules[0], errors=errors))


def too_many(request: Request, refused: TooMany) -> Response:
    """A refusal that says how long to wait."""
    request.state.problem = refused.code
    answer = response(PROBLEMS.problem(refused.code))
    answer.headers["Retry-After"] = str(refused.seconds)
    return answer
