"""Whether an account may have changed hands: what in its history says so, and which address it had before."""

from collections.abc import Sequence
from typing import Final

from pydantic import AwareDatetime

from services.identity.domain.account_events import EmailChanged
from services.identity.domain.events import EmailValidated
from shared.kernel import Event, Value

SENSITIVE: Final = frozenset({"EmailChanged", "CodeReset"})
"""Names of events after which bank details wait: the code or the second factor is another."""


class Security(Value):
    """When the keys of an account changed last, and the address that notices went to before."""

    changed_at: AwareDatetime | None = None
    previous_email: str | None = None


def security_of(history: Sequence[Event]) -> Security:
    """What the events of an account say, in any order. The first address is no change of address."""
    events = sorted(history, key=lambda event: event.at)
    times = [event.at for event in events if event.NAME in SENSITIVE]
    email, previous = None, None
    for event in events:
        if isinstance(event, EmailValidated) and isinstance(event.email, str) and event.email != email:
            if email is not None:
                previous = email
                times.append(event.at)
            email = event.email
        if isinstance(event, EmailChanged) and isinstance(event.previous, str):
            previous = event.previous
    return Security(changed_at=max(times, default=None), previous_email=previous)
