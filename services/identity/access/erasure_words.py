"""What each class of data is called, for a member."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from services.identity.domain.retention import Kept
from shared.kernel import Value

CLASSES: Final[Mapping[str, str]] = {
    "account": "Votre compte en ligne : code personnel, adresse électronique, appareils, attestations",
    "messages": "Vos messages et l'historique de nos envois",
    "care": "Votre dossier à la caisse : état civil, adresse, droits, compte bancaire, soins et remboursements",
    "cards": "Vos cartes Vitale et cartes européennes, leurs commandes et déclarations",
    "access": "L'historique des connexions à votre compte",
}
OPPOSED: Final = "Le numéro d'une carte mise en opposition, sans votre nom"
OPPOSED_SOURCE: Final = "Code de la sécurité sociale, art. L161-31"
LOOKS: Final = "Qui a consulté votre dossier à la caisse, et pourquoi"
SERVICES: Final[Mapping[str, str]] = {
    "cards": "cartes",
    "geo": "annuaire",
    "identity": "compte et identité",
    "notifications": "messages et courriers",
    "reimbursements": "remboursements",
}
WHAT: Final[Mapping[str, str]] = {
    "keys": "clés de chiffrement",
    "credentials": "codes personnels",
    "devices": "appareils connus",
    "totp": "applications de codes",
    "challenges": "codes à usage unique",
    "enrolments": "inscriptions en cours",
    "claims": "repères de recherche",
    "files": "documents",
    "messages": "messages",
    "letters": "lettres en attente",
}


class KeptLine(Value):
    """A class that is kept: until when, or how many years after the end of the cover, and by which text."""

    retention: str
    label: str
    until: dt.date | None
    years: int | None
    source: str
    verified: bool


def kept_lines(kept: Sequence[Kept]) -> tuple[KeptLine, ...]:
    """The classes, and what stays for ever without a name."""
    lines = [KeptLine(label=CLASSES[one.retention], **one.model_dump()) for one in kept]
    opposed = KeptLine(
        retention="opposition", label=OPPOSED, until=None, years=None, source=OPPOSED_SOURCE, verified=True
    )
    return (*lines, *(_looks(one) for one in kept if one.retention == "access" and one.until), opposed)


def _looks(access: Kept) -> KeptLine:
    """The console's records of who has looked: each month's key goes once the month is over for so many years."""
    assert access.until is not None
    following = (access.until.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    facts = access.model_dump(exclude={"retention", "until"})
    return KeptLine(retention="looks", label=LOOKS, until=following, **facts)
