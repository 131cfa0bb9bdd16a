"""Whether every stream kept to the declared lifecycles, and how long things stood where."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from shared.kernel import Event, Value
from shared.lifecycles.declared import Lifecycles, Move
from shared.lifecycles.lives import Deviation, Life, Moved, Stood, Stuck, TimeInState, Wanted

NOTHING = frozenset[str]()


class Report(Value):
    """What was found."""

    streams: int
    moves: int
    deviations: tuple[Deviation, ...]
    states: dict[str, dict[str, TimeInState]]


@dataclass
class Conformance:
    """Told every event of a log, in the order of each stream; then asked for what it has found."""

    lifecycles: Lifecycles
    streams: set[str] = field(default_factory=set)
    moves: int = 0
    deviations: list[Deviation] = field(default_factory=list)
    lives: dict[tuple[str, str], Life] = field(default_factory=dict)
    _alone: dict[tuple[str, str], str] = field(default_factory=dict)
    _left: dict[tuple[str, str], TimeInState] = field(default_factory=dict)

    def tell(
        self, stream: str, event: Event, *, person_id: str = "", codes: Collection[str] = NOTHING
    ) -> tuple[Moved, ...]:
        """One event more; the steps that it is."""
        self.streams.add(stream)
        return tuple(
            self._step(stream, move, event.at, person_id, codes) for move in self.lifecycles.moves(event)
        )  # fmt: skip

    def stuck(self, now: dt.datetime) -> Iterator[Stuck]:
        """What stands in a state for too long."""
        for life in self.lives.values():
            where = life.now
            patience = self.lifecycles.by_name[life.lifecycle].patience.get(where.state) if where else None
            if where and patience and now > where.since + patience:
                yield Stuck(
                    stream=life.stream,
                    lifecycle=life.lifecycle,
                    subject=life.subject,
                    state=where.state,
                    since=where.since,
                    late=(now - where.since - patience).total_seconds(),
                    person_id=life.person_id,
                )

    def those(self, wanted: Wanted) -> Iterator[Life]:
        """The lives of this kind."""
        return (life for life in self.lives.values() if life.fits(wanted))

    def report(self) -> Report:
        """What was found so far."""
        states: dict[str, dict[str, TimeInState]] = {}
        for (lifecycle, state), told in self._left.items():
            states.setdefault(lifecycle, {})[state] = told
        for life in self.lives.values():
            where = life.now
            if where is None:
                continue
            held = states.setdefault(life.lifecycle, {}).get(where.state, TimeInState())
            news = {"standing": held.standing + 1, "oldest": min(where.since, held.oldest or where.since)}
            states[life.lifecycle][where.state] = held.model_copy(update=news)
        return Report(streams=len(self.streams), moves=self.moves, deviations=tuple(self.deviations), states=states)

    def _step(self, stream: str, move: Move, at: dt.datetime, person_id: str, codes: Collection[str]) -> Moved:
        self.moves += 1
        name, subject, state = move.lifecycle, move.subject, str(move.state)
        life = self.lives.setdefault((name, subject), Life(name, subject, stream, person_id))
        before = life.now
        allowed = self.lifecycles.by_name[name].allows(before.state if before else None, state)
        second = self._second(stream, move)
        seconds = (at - before.since).total_seconds() if before else None
        moved = Moved(
            lifecycle=name,
            subject=subject,
            before=before.state if before else None,
            after=state,
            allowed=allowed and not second,
            seconds=seconds,
        )
        if before and seconds is not None:
            self._leave((name, before.state), seconds)
        if not moved.allowed:
            life.deviations += 1
            facts = moved.model_dump(include={"lifecycle", "subject", "before", "after"})
            self.deviations.append(Deviation(stream=stream, at=at, person_id=person_id, **facts))
        life.steps.append(Stood(state, at))
        life.codes.update(codes)
        return moved

    def _leave(self, place: tuple[str, str], seconds: float) -> None:
        told = self._left.get(place, TimeInState())
        longest = max(told.longest, seconds)
        self._left[place] = TimeInState(left=told.left + 1, seconds=told.seconds + seconds, longest=longest)

    def _second(self, stream: str, move: Move) -> bool:
        """Whether it is in a state beside another one of the same stream that must be alone in it."""
        alone, place = self.lifecycles.by_name[move.lifecycle].alone, (stream, move.lifecycle)
        if alone is None:
            return False
        if move.state == alone:
            return self._alone.setdefault(place, move.subject) != move.subject
        if self._alone.get(place) == move.subject:
            del self._alone[place]
        return False
