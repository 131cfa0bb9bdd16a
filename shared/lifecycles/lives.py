"""One card, order or message from its first state to the one it is in now."""

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from shared.kernel import Value


class Moved(Value):
    """A step of a lifecycle as it was taken."""

    lifecycle: str
    subject: str
    before: str | None
    after: str
    allowed: bool
    seconds: float | None = None
    """How long it had stood in the state before."""


class Deviation(Value):
    """A step that no lifecycle allows. Ids alone."""

    stream: str
    lifecycle: str
    subject: str
    before: str | None
    after: str
    at: dt.datetime
    person_id: str = ""


class Stuck(Value):
    """Something that stands in a state for longer than is declared."""

    stream: str
    lifecycle: str
    subject: str
    state: str
    since: dt.datetime
    late: float
    """Seconds beyond what is declared."""
    person_id: str


class TimeInState(Value):
    """How long it took to leave a state, and how many are in it now, since when at the earliest."""

    left: int = 0
    seconds: float = 0.0
    longest: float = 0.0
    standing: int = 0
    oldest: dt.datetime | None = None


class Wanted(Value):
    """Which lives: all of one kind, or some of them."""

    lifecycle: str = ""
    state: str = ""
    """The one it is in."""
    code: str = ""
    """A word that one of its events says: why, how, which."""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    """It took a step within this time, `until` itself left out."""


class Stood(NamedTuple):
    """A state and since when."""

    state: str
    since: dt.datetime


@dataclass(slots=True)
class Life:
    """What the log says of one."""

    lifecycle: str
    subject: str
    stream: str
    person_id: str
    steps: list[Stood] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    deviations: int = 0

    @property
    def id(self) -> str:
        """Names it within its service."""
        return f"{self.lifecycle}/{self.subject}"

    @property
    def now(self) -> Stood | None:
        """Where it stands; None before its first step."""
        return self.steps[-1] if self.steps else None

    def fits(self, wanted: Wanted) -> bool:
        """Whether it is one of those."""
        return (
            wanted.lifecycle in {"", self.lifecycle}
            and (not wanted.state or (bool(self.steps) and self.steps[-1].state == wanted.state))
            and (not wanted.code or wanted.code in self.codes)
            and self._within(wanted.since, wanted.until)
        )

    def _within(self, since: dt.datetime | None, until: dt.datetime | None) -> bool:
        if since is None and until is None:
            return True
        return any((since is None or at >= since) and (until is None or at < until) for _, at in self.steps)
