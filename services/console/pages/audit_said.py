"""What an auditor is told: of what was done, and of what was refused."""

from collections.abc import Mapping
from typing import Final

NOTICES: Final[Mapping[str, str]] = {
    "hold-asked": "Un autre superviseur doit donner son accord, sous « À deux ».",
    "hold-withdrawn": "La demande de gel est retirée.",
    "sample-drawn": "L'échantillon est tiré et conservé.",
    "finding-noted": "Votre constat est enregistré.",
    "sample-closed": "L'échantillon est clos.",
    "draw-same": "Le tirage a été refait : mêmes population et mêmes cycles.",
    "draw-other": "Le tirage refait donne autre chose : la population n'est plus celle qui a été notée.",
}
REFUSALS: Final[Mapping[str, str]] = {
    "mandate-invalid": "Le mandat d'un auditeur finit à une date à venir, dans un an au plus.",
    "mandate-for-auditors": "Seul un auditeur a un mandat.",
    "records-unbounded": "Choisissez un mois (2026-11) ou une personne.",
    "legal-hold-unknown": "Ce gel n'existe pas, ou plus.",
    "legal-hold-placed": "Ce gel est en place : demandez sa levée.",
    "legal-hold-not-placed": "Ce gel n'est pas en place.",
    "sample-unknown": "Cet échantillon n'existe pas.",
    "sample-closed": "Cet échantillon est clos.",
    "sample-size-invalid": "Indiquez un nombre de 1 à 100.",
    "population-empty": "Rien ne correspond à ce filtre : il n'y a rien à tirer.",
    "item-unknown": "Ce cycle n'est pas dans l'échantillon.",
    "note-missing": "Dites en quoi : seul « conforme » se passe de note.",
    "findings-missing": "Il manque des constats : tous les cycles tirés doivent être vus.",
}
