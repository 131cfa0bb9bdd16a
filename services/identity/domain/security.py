"""Whether an account may have changed hands: what in its history says so, and which address it had before."""

from collections.abc import Sequence
from typing import Final

from pydantic import AwareDatetime

from services.identity.domain.account_events import AccountRecovered, EmailChanged
from shared.kernel import Event, Value

SENSITIVE: Final = frozenset(
    {"AccountRecovered", "CodeReset", "EmailChanged", "ProvisionalCodeUsed", "TotpDisabled", "TotpEnabled"}
)
"""Names of events after which bank details wait: who signs in now need not be who did before."""


class Security(Value):
    """When the keys of an account changed last, and the address that notices went to before."""

    changed_at: AwareDatetime | None = None
    previous_email: str | None = None


def security_of(history: Sequence[Event]) -> Security:
    """What the events of an account say, in any order."""
    events = sorted(history, key=lambda event: event.at)
    times = [event.at for event in events if event.NAME in SENSITIVE]
    before = [event.previous for event in events if isinstance(event, AccountRecovered | EmailChanged)]
    previous = before[-1] if before and isinstance(before[-1], str) else None
    return Security(changed_at=times[-1] if times else None, previous_email=previous)
