"""How accounts, codes and cards stand, in the words of the desk."""

from collections.abc import Mapping
from typing import Final

STANDINGS: Final[Mapping[str, str]] = {
    "none": "aucun compte",
    "email-pending": "ouvert, adresse à confirmer",
    "open": "ouvert",
    "locked": "bloqué",
    "closed": "fermé",
}
CODE_STAGES: Final[Mapping[str, str]] = {
    "requested": "demandé par courrier",
    "handed-over": "imprimé à l'accueil",
    "posted": "parti par courrier",
    "used": "utilisé",
    "expired": "expiré",
}
STAGES: Final[Mapping[str, str]] = {
    "requested": "commandée",
    "active": "fonctionne",
    "damaged": "détériorée",
    "opposed": "en opposition",
    "reported": "déclarée",
    "documents_received": "photo et pièce reçues",
    "photo_rejected": "photo refusée",
    "photo_resubmitted": "nouvelle photo reçue",
    "validated": "pièces acceptées",
    "in_production": "en fabrication",
    "sent": "envoyée",
    "delivered": "reçue",
    "returned_undelivered": "revenue",
    "address_checked": "adresse vérifiée",
    "resent": "renvoyée",
    "cancelled": "annulée",
}
