"""How refusals about profile, bank details, attestation and erasure are answered."""

from collections.abc import Mapping
from typing import Final

STATUSES: Final[Mapping[str, int]] = {
    "iban-format": 422,
    "iban-country": 422,
    "iban-length": 422,
    "iban-key": 422,
    "iban-rib-key": 422,
    "iban-unchanged": 422,
    "iban-holder-mismatch": 422,
    "bank-change-unknown": 404,
    "attestation-unknown": 404,
    "attestation-day-future": 422,
}
TITLES: Final[Mapping[str, str]] = {
    "iban-format": "Un IBAN ne contient que des lettres et des chiffres, et commence par deux lettres",
    "iban-country": "Ce compte n'est pas dans un pays où nous pouvons payer",
    "iban-length": "Cet IBAN n'a pas la longueur de ceux de son pays",
    "iban-key": "Cet IBAN contient une erreur : sa clé ne correspond pas",
    "iban-rib-key": "Cet IBAN contient une erreur : sa clé RIB ne correspond pas",
    "iban-unchanged": "Vos remboursements sont déjà versés sur ce compte",
    "iban-holder-mismatch": "Ce compte n'est pas à votre nom",
    "bank-changes-blocked": "Les changements de coordonnées bancaires sont bloqués",
    "bank-change-too-soon": "Votre compte a été modifié récemment, patientez avant de changer de coordonnées bancaires",
    "bank-change-pending": "Un changement est déjà en cours",
    "bank-change-unknown": "Ce changement n'existe pas",
    "bank-change-done": "Ce changement a déjà eu lieu",
    "bank-hold-not-over": "Le délai n'est pas encore passé",
    "attestation-unknown": "Cette attestation n'existe pas",
    "attestation-day-future": "La date ne peut pas être dans le futur",
    "rights-none": "Aucun droit n'est ouvert à cette date",
    "address-too-recent": "Le délai n'est pas encore passé",
    "person-unknown": "Vous ne figurez pas dans nos fichiers",
    "person-erased": "Vos données ont été effacées",
}
