"""How often one may be wrong: growing delays, then closed for a while. Counted outside the log."""

import datetime as dt
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime

from shared.kernel import Value

LONGEST_DELAY: Final = 60


class Policy(Value):
    """`failures` close the way until `window` has passed since the first; delays grow from the `delays_from`-th on."""

    failures: int
    window: dt.timedelta
    delays_from: int | None = None


class Gate(StrEnum):
    """Whether one may try now."""

    OPEN = "open"
    WAIT = "wait"
    CLOSED = "closed"


class Tries(Value):
    """The wrong tries behind one gate; a try under way counts as wrong until it proves right."""

    count: int = 0
    first_at: AwareDatetime | None = None
    last_at: AwareDatetime | None = None

    def fresh(self, policy: Policy, now: dt.datetime) -> "Tries":
        """Forgotten once the window has passed."""
        return Tries() if self.first_at is None or now >= self.first_at + policy.window else self

    def gate(self, policy: Policy, now: dt.datetime) -> Gate:
        """Whether a try may begin now."""
        if now >= self.opens_at(policy, now):
            return Gate.OPEN
        return Gate.CLOSED if self.count >= policy.failures else Gate.WAIT

    def opens_at(self, policy: Policy, now: dt.datetime) -> dt.datetime:
        """When the next try may begin."""
        tries = self.fresh(policy, now)
        if tries.first_at is None or tries.last_at is None:
            return now
        if tries.count >= policy.failures:
            return tries.first_at + policy.window
        return tries.last_at + delay(policy, tries.count)

    def another(self, policy: Policy, now: dt.datetime) -> "Tries":
        """With one more try."""
        tries = self.fresh(policy, now)
        return Tries(count=tries.count + 1, first_at=tries.first_at or now, last_at=now)


def delay(policy: Policy, count: int) -> dt.timedelta:
    """1, 2, 4, 8 … seconds after the third failure and those that follow, a minute at most."""
    if policy.delays_from is None or count < policy.delays_from:
        return dt.timedelta()
    return dt.timedelta(seconds=min(2 ** (count - policy.delays_from), LONGEST_DELAY))
