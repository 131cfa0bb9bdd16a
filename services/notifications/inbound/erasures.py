"""Events of identity about forgetting a person: he is told while he still can be, and by post as well."""

from typing import Final

from pydantic import AwareDatetime

from services.notifications.domain.events import Template
from services.notifications.domain.ids import MemberId
from services.notifications.inbound.making import SINCE, message
from shared.canonical import iso
from shared.kernel import Issued
from shared.messaging import Delivered
from shared.reactions import Incoming, On, Reaction


class Asked(Incoming):
    """Somebody is to be forgotten at `due_at`. The link that cancels it is derived when sending."""

    person_id: MemberId
    erasure_id: str
    by: str
    due_at: AwareDatetime


class Cancelled(Incoming):
    """It was taken back."""

    person_id: MemberId


def asked(event: Asked, delivery: Delivered) -> list[Issued]:
    """Nobody is told of what follows a death."""
    if event.by == "death":
        return []
    params = {"link_id": event.erasure_id, "expires_at": iso(event.due_at)}
    return [
        message(event.person_id, Template.ERASURE_REQUESTED, delivery, params),
        message(event.person_id, Template.ERASURE_LETTER, delivery),
    ]


def cancelled(event: Cancelled, delivery: Delivered) -> list[Issued]:
    """Whoever did it."""
    return [message(event.person_id, Template.ERASURE_CANCELLED, delivery)]


from_erasures: Final = Reaction(
    name="notifications.erasures",
    source="identity",
    since=SINCE,
    handles={"ErasureRequested": On(Asked, asked), "ErasureCancelled": On(Cancelled, cancelled)},
)
