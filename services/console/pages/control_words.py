"""What codes are called on the pages of auditors."""

from collections.abc import Mapping
from typing import Final

PARTS: Final[Mapping[str, str]] = {
    "account": "état du compte",
    "profile": "identité et adresse",
    "cards": "cartes",
    "messages": "messages",
    "reimbursements": "remboursements",
    "documents": "documents envoyés",
    "events": "événements, sans valeur",
    "values": "valeurs, 15 minutes",
    "access": "qui a consulté",
    "card-dossier": "historique des cartes",
}
CLASSES: Final[Mapping[str, str]] = {
    "account": "Compte en ligne",
    "messages": "Messages",
    "care": "État civil, droits, compte bancaire, soins",
    "cards": "Cartes et déclarations",
    "access": "Connexions de l'assuré, et consultations de son dossier",
    "staff": "Personnel de la console",
    "directory": "Professionnels de l'annuaire",
}
STARTS: Final[Mapping[str, str]] = {
    "erasure": "après l'effacement du compte",
    "cover": "après la fin des droits",
}
REACHED: Final[Mapping[str, str]] = {
    "keys": "clés",
    "credentials": "codes",
    "devices": "appareils",
    "totp": "applications de codes",
    "challenges": "codes à usage unique",
    "enrolments": "inscriptions",
    "claims": "repères",
    "files": "documents",
    "messages": "messages",
    "letters": "lettres",
}
ALARMS: Final[Mapping[str, str]] = {
    "not-signed": "aucun point de contrôle signé",
    "no-witness": "aucun témoin hors de la base",
    "foreign-signature": "un point de contrôle n'est pas signé par cette clé",
    "inconsistent": "le dernier point de contrôle ne prolonge pas le précédent",
    "witness-differs": "le témoin a vu un autre journal",
    "log-shorter": "le journal est plus court que ce qui a été signé",
}
