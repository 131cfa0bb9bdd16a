"""The declared lifecycle of a message, from what asked for it to what became of it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final, get_args

from services.notifications.domain import events as e
from services.notifications.domain.mailbox_state import Status, status_after
from shared.kernel import Event
from shared.lifecycles import Lifecycle, Lifecycles, Move
from shared.numbers import in_groups

ERASED: Final = "erased"
WANTED: Final = frozenset[str]({Status.HELD, Status.FILED, Status.REQUESTED})
OUTCOMES: Final = frozenset[str]({Status.SENT, Status.FAILED, Status.UNCERTAIN, Status.BOUNCED, Status.SPOOLED})
"""What the mail relay or the spool answers."""
FOLLOWS: Final[Mapping[str | None, frozenset[str]]] = {
    None: WANTED,
    Status.HELD: frozenset({Status.FILED, Status.REQUESTED, ERASED}),
    Status.FILED: frozenset({ERASED}),
    Status.REQUESTED: OUTCOMES | {ERASED},
    Status.SENT: frozenset({Status.BOUNCED, ERASED}),
    Status.UNCERTAIN: frozenset({Status.BOUNCED, ERASED}),
    Status.SPOOLED: frozenset({Status.PRINTED, Status.RETURNED, ERASED}),
    Status.PRINTED: frozenset({Status.RETURNED, ERASED}),
    **dict.fromkeys((Status.FAILED, Status.BOUNCED, Status.RETURNED), frozenset({ERASED})),
    ERASED: frozenset(),
}
PATIENCE: Final[Mapping[str, dt.timedelta]] = {
    Status.REQUESTED: dt.timedelta(days=1),
    Status.SPOOLED: dt.timedelta(days=7),
}
"""A mail goes out at once, a letter is printed within the week; what is held waits for an address, maybe for ever."""
_WANTED: Final = {
    e.MessageHeld: Status.HELD,
    e.MessageFiled: Status.FILED,
    e.MessageRequested: Status.REQUESTED,
    e.LetterRequested: Status.REQUESTED,
}
MESSAGE: Final = Lifecycle("message", FOLLOWS, PATIENCE)


def moves_of(event: Event) -> Iterator[Move]:
    """What an event says of a message."""
    if isinstance(event, e.Wanted):
        yield Move(MESSAGE.name, event.message_id, _WANTED[type(event)])
    elif isinstance(event, get_args(e.Ended)):
        yield Move(MESSAGE.name, event.message_id, status_after(event))
    elif isinstance(event, e.MessageErased):
        yield Move(MESSAGE.name, event.message_id, ERASED)


def names_of(event: Event) -> Iterator[str]:
    """The reference that is printed on a message."""
    if isinstance(event, e.Wanted):
        yield f"message:{event.reference}"


def sought(text: str) -> Iterator[str]:
    """What a typed number may be."""
    yield f"message:{in_groups(text)}"


LIFECYCLES: Final = Lifecycles((MESSAGE,), moves_of, names_of, sought)
