"""What cards hold of a person outside the log. A serial number that is opposed stays on the list, without a name."""

from services.cards.access.uploads import RETENTION
from shared.documents import Archive
from shared.erasure import Erasure, claims, files
from shared.service import Service


def forgetting(service: Service) -> Erasure:
    """Names of serials and orders, and pictures and certificates, once the time of the cards' class is over."""
    return Erasure(
        "identity",
        [
            claims(service.database, RETENTION, "vitale", "ceam"),
            files(Archive(service.database, service.vault), RETENTION),
        ],
    )
