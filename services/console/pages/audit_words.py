"""The words of « Contrôle »: lifecycles, states, codes, durations."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from services.console.pages.desk_words import STAGES
from services.console.pages.words import FIELDS
from shared.lifecycles import ALGORITHM
from shared.web import french

LIFECYCLES: Final[Mapping[str, str]] = {
    "vitale card": "Carte Vitale",
    "vitale order": "Commande de carte Vitale",
    "ceam card": "Carte européenne",
    "ceam order": "Commande de carte européenne",
    "message": "Message",
}
KINDS: Final[Mapping[str, str]] = {
    "cards/vitale card": LIFECYCLES["vitale card"],
    "cards/vitale order": LIFECYCLES["vitale order"],
    "cards/ceam card": LIFECYCLES["ceam card"],
    "cards/ceam order": LIFECYCLES["ceam order"],
    "notifications/message": LIFECYCLES["message"],
}
"""What a sample can be drawn of: service and lifecycle."""
SERVICES: Final[Mapping[str, str]] = {"identity": "Identité", "cards": "Cartes", "notifications": "Messages"}
_CARDS: Final[Mapping[str, str]] = {
    **STAGES,
    "ordered": "commandée",
    "returned": "revenue",
    "expired": "expirée",
    "lost": "perdue",
    "stolen": "volée",
    "rights_ended": "droits finis",
    "replaced": "remplacée",
}
_MESSAGES: Final[Mapping[str, str]] = {
    "held": "attend une adresse",
    "filed": "dans le compte seul",
    "requested": "demandé",
    "sent": "envoyé",
    "failed": "non remis",
    "uncertain": "incertain",
    "bounced": "revenu",
    "spooled": "chez l'imprimeur",
    "printed": "imprimé et posté",
    "returned": "revenu",
    "erased": "effacé",
}
STATES: Final[Mapping[str, str]] = {code: words for code, words in _CARDS.items() if code != "reported"}
MESSAGE_STATES: Final = _MESSAGES
CODES: Final[Mapping[str, str]] = {
    **FIELDS,
    "lost": "perte",
    "stolen": "vol",
    "damaged": "détérioration",
    "rights_ended": "fin des droits",
    "post": "la poste",
    "holder": "le titulaire",
    "first_use": "première utilisation",
    "presumed": "présumée",
    "member": "l'assuré",
    "agent": "un agent",
    "no_progress": "sans suite",
    "unwanted": "non souhaité",
    "unreachable": "injoignable",
}
"""What an event says of why and how; one that has no words here shows as it is."""
ACTORS: Final[Mapping[str, str]] = {
    "member": "un assuré",
    "visitor": "un visiteur",
    "agent": "un agent",
    "operations": "l'exploitation",
    "supervisor": "un superviseur",
    "auditor": "un auditeur",
    "feed": "un fichier reçu",
    "process": "une règle automatique",
    "system": "le système",
}
CHANNELS: Final[Mapping[str, str]] = {
    "web": "le site",
    "mail": "un lien reçu",
    "desk": "l'accueil",
    "feed": "un fichier",
    "api": "l'interface",
    "console": "la console",
}
VERDICTS: Final[Mapping[str, str]] = {
    "conforms": "conforme",
    "deviates": "écart",
    "unclear": "à éclaircir",
}
ALGORITHMS: Final[Mapping[str, str]] = {
    ALGORITHM: "les identifiants dont SHA-256(graine + « | » + identifiant), en hexadécimal, est le plus petit, "
    "par ordre croissant ; UTF-8",
}
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def state(lifecycle: str, code: str) -> str:
    """A state in French."""
    return (_MESSAGES if lifecycle == "message" else _CARDS).get(code, code)


def duration(seconds: float) -> str:
    """3 j 4 h; 12 min; moins d'une minute."""
    whole = int(seconds)
    if whole >= _DAY:
        return f"{whole // _DAY} j {whole % _DAY // _HOUR} h"
    if whole >= _HOUR:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return f"{whole // _MINUTE} min" if whole >= _MINUTE else "moins d'une minute"


def occurred(at: str) -> str:
    """When something happened, as people read it: a day, or a moment."""
    return french.moment(dt.datetime.fromisoformat(at)) if "T" in at else french.day(dt.date.fromisoformat(at))
