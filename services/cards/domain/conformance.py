"""Whether every stream kept to the declared lifecycles, and how long cards and orders stood where."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from services.cards.domain import ceam_events as ce
from services.cards.domain import ceam_words as cw
from services.cards.domain import events as e
from services.cards.domain import order_events as o
from services.cards.domain import vitale_steps as vs
from shared.kernel import Event, Value

ACTIVE: Final = "active"
LIFECYCLES: Final[Mapping[str, Mapping[Any, frozenset[Any]]]] = {
    "vitale card": {None: frozenset({ACTIVE}), ACTIVE: frozenset({"opposed"}), "opposed": frozenset()},
    "vitale order": vs.FOLLOWS,
    "ceam card": cw.CARD_FOLLOWS,
    "ceam order": cw.ORDER_FOLLOWS,
}
_CEAM_ENDS: Final[Mapping[str, cw.CardStatus]] = {
    "CeamReplaced": cw.CardStatus.REPLACED,
    "CeamReportedLost": cw.CardStatus.LOST,
    "CeamReportedStolen": cw.CardStatus.STOLEN,
    "CeamExpired": cw.CardStatus.EXPIRED,
    "CeamRightsEnded": cw.CardStatus.RIGHTS_ENDED,
}

Move = tuple[str, str, str]
"""Lifecycle, which card or order, the state it is in now."""


class Deviation(Value):
    """A step that no lifecycle allows. Ids alone."""

    stream: str
    lifecycle: str
    subject: str
    before: str | None
    after: str
    at: dt.datetime


class TimeInState(Value):
    """How long it took to leave a state, and how many are in it now, since when at the earliest."""

    left: int = 0
    seconds: float = 0.0
    longest: float = 0.0
    standing: int = 0
    oldest: dt.datetime | None = None


class Report(Value):
    """What was found."""

    streams: int
    moves: int
    deviations: tuple[Deviation, ...]
    states: dict[str, dict[str, TimeInState]]


def moves_of(event: Event) -> Iterator[Move]:
    """What an event says of cards and orders."""
    name = event.NAME
    if isinstance(event, e.VitaleIssued | o.VitaleReplacementSent):
        yield "vitale card", event.card_id, ACTIVE
    if isinstance(event, e.VitaleOpposed):
        yield "vitale card", event.card_id, "opposed"
    if name in vs.STEP_OF:
        yield "vitale order", str(vars(event)["order_id"]), vs.STEP_OF[name]
    if isinstance(event, ce.CeamSent):
        yield "ceam card", event.card_id, cw.CardStatus.ACTIVE
    if name in cw.STEP_OF:
        yield "ceam order", str(vars(event)["order_id"]), cw.STEP_OF[name]
    if name in _CEAM_ENDS:
        yield "ceam card", str(vars(event)["card_id"]), _CEAM_ENDS[name]


@dataclass
class Conformance:
    """Told every event of a log, in the order of each stream; then asked for its report."""

    streams: set[str] = field(default_factory=set)
    moves: int = 0
    deviations: list[Deviation] = field(default_factory=list)
    _where: dict[tuple[str, str], tuple[str, dt.datetime]] = field(default_factory=dict)
    _active: dict[tuple[str, str], str] = field(default_factory=dict)
    _left: dict[tuple[str, str], TimeInState] = field(default_factory=dict)

    def tell(self, stream: str, event: Event) -> None:
        """One event more."""
        self.streams.add(stream)
        for lifecycle, subject, state in moves_of(event):
            self.moves += 1
            before, since = self._where.get((lifecycle, subject), (None, event.at))
            allowed = state in LIFECYCLES[lifecycle].get(before, frozenset())
            if self._second(stream, lifecycle, subject, state) or not allowed:
                self.deviations.append(
                    Deviation(
                        stream=stream, lifecycle=lifecycle, subject=subject, before=before, after=state, at=event.at
                    )
                )
            if before is not None:
                self._leave((lifecycle, before), (event.at - since).total_seconds())
            self._where[lifecycle, subject] = (state, event.at)

    def _leave(self, place: tuple[str, str], seconds: float) -> None:
        told = self._left.get(place, TimeInState())
        longest = max(told.longest, seconds)
        self._left[place] = TimeInState(left=told.left + 1, seconds=told.seconds + seconds, longest=longest)

    def _second(self, stream: str, lifecycle: str, subject: str, state: str) -> bool:
        """Whether this card works beside another one of the same person."""
        place = (stream, lifecycle)
        if state == ACTIVE:
            return self._active.setdefault(place, subject) != subject
        if self._active.get(place) == subject:
            del self._active[place]
        return False

    def report(self) -> Report:
        """What was found so far."""
        states: dict[str, dict[str, TimeInState]] = {}
        for (lifecycle, state), told in self._left.items():
            states.setdefault(lifecycle, {})[str(state)] = told
        for (lifecycle, _), (state, since) in self._where.items():
            held = states.setdefault(lifecycle, {}).get(str(state), TimeInState())
            oldest = min(since, held.oldest or since)
            states[lifecycle][str(state)] = held.model_copy(update={"standing": held.standing + 1, "oldest": oldest})
        return Report(streams=len(self.streams), moves=self.moves, deviations=tuple(self.deviations), states=states)
