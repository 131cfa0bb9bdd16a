"""/internal/audit for auditors alone: a person's dossier, what stands still or strays, samples to draw again."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends
from pydantic import Field, StringConstraints

from shared.admin.callers import auditing_caller
from shared.admin.examining import Examination, Examiner
from shared.admin.numbers import Sought
from shared.admin.transitions import Dossier, dossier_of
from shared.event_store import FARTHEST
from shared.kernel import Event, Value
from shared.lifecycles import Deviation, Draw, Life, Lifecycles, Stuck, TimeInState, Wanted, draw
from shared.problems import Refused

if TYPE_CHECKING:
    from shared.service.running import Service

MOST: Final = 200
NONE: Final = Lifecycles((), lambda _: ())
Position = Annotated[int, Field(ge=0, le=FARTHEST)]


class Progress(Value):
    """How far the log was read; where it is not complete, whoever asks again gets further."""

    position: int
    head: int

    @classmethod
    def of(cls, examination: Examination) -> "Progress":
        """Of this one."""
        return cls(position=examination.position, head=examination.head)


class FoundPersons(Value):
    """Whose it is, or was."""

    progress: Progress
    persons: tuple[str, ...]


class Findings(Value):
    """What became of everything that has a lifecycle. Of many, the first ones; the counts are of all."""

    progress: Progress
    streams: int
    moves: int
    states: dict[str, dict[str, TimeInState]]
    deviations: tuple[Deviation, ...]
    deviating: int
    stuck: tuple[Stuck, ...]
    standing_still: int


class LifeSeen(Value):
    """One card, order or message."""

    id: str
    lifecycle: str
    subject: str
    stream: str
    person_id: str
    state: str
    since: dt.datetime
    started: dt.datetime
    steps: int
    codes: tuple[str, ...]
    deviations: int


class Listed(Value):
    """Those that were asked for: how many, and the first ones."""

    progress: Progress
    count: int
    lives: tuple[LifeSeen, ...]


class ToDraw(Value):
    """What is drawn. `until`: the log as it was then; None: as it is."""

    seed: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    size: Annotated[int, Field(ge=1, le=MOST)]
    wanted: Wanted
    until: Position | None = None


class Drawn(Value):
    """The sample, in the order of the draw; nothing is drawn before all was read."""

    progress: Progress
    draw: Draw | None = None
    lives: tuple[LifeSeen, ...] = ()


class Of(Value):
    """Which lives, of which moment."""

    wanted: Wanted
    until: Position | None = None


class Population(Value):
    """All of them, by name."""

    progress: Progress
    ids: tuple[str, ...]


def dossier_router(service: "Service") -> APIRouter:
    """The routes; only an auditor opens them."""
    routes = APIRouter(prefix="/internal/audit", dependencies=[Depends(auditing_caller)])
    examiner = Examiner(service, service.definition.lifecycles or NONE)

    @routes.get("/persons/{person_id}/dossier")
    async def dossier(person_id: str) -> Dossier:
        return await dossier_of(service.store, service.codec, examiner.lifecycles, person_id, service.clock.now())

    @routes.post("/look-ups")
    async def look_up(form: Sought) -> FoundPersons:
        examination = await examiner.examine()
        return FoundPersons(
            progress=Progress.of(examination), persons=await _persons(service, examiner, examination, form.number)
        )

    @routes.get("/findings")
    async def findings() -> Findings:
        return _findings(await examiner.examine(), service.clock.now())

    @routes.post("/lives")
    async def lives(form: Of) -> Listed:
        examination = await examiner.examine(form.until)
        found = list(examination.conformance.those(form.wanted))
        return Listed(progress=Progress.of(examination), count=len(found), lives=_seen(found[:MOST], service.name))

    @routes.post("/draws")
    async def sample(form: ToDraw) -> Drawn:
        examination = await examiner.examine(form.until)
        if not examination.complete:
            return Drawn(progress=Progress.of(examination))
        known = {f"{service.name}/{life.id}": life for life in examination.conformance.those(form.wanted)}
        drawn = draw(form.seed, form.size, known)
        lives = _seen([known[one] for one in drawn.ids], service.name)
        return Drawn(progress=Progress.of(examination), draw=drawn, lives=lives)

    @routes.post("/populations")
    async def population(form: Of) -> Population:
        examination = await examiner.examine(form.until)
        known = sorted(f"{service.name}/{life.id}" for life in examination.conformance.those(form.wanted))
        return Population(progress=Progress.of(examination), ids=tuple(known))

    return routes


async def _persons(service: "Service", examiner: Examiner, examination: Examination, number: str) -> tuple[str, ...]:
    """Asked of the events themselves: whose key is destroyed is found by no number any more."""
    found = []
    for name in examiner.lifecycles.sought(number):
        for stream in examination.streams(name):
            events: Sequence[Event] = [
                entry.event for entry in await service.codec.decode(await service.store.stream(stream))
            ]
            if any(name in examiner.lifecycles.names(event) for event in events):
                found.append(stream.partition(":")[2])
    if not found and examination.complete:
        raise Refused("not-found")
    return tuple(dict.fromkeys(found))


def _findings(examination: Examination, now: dt.datetime) -> Findings:
    report = examination.conformance.report()
    stuck = sorted(examination.conformance.stuck(now), key=lambda one: (-one.late, one.subject))
    return Findings(
        progress=Progress.of(examination),
        **report.model_dump(include={"streams", "moves", "states"}),
        deviations=report.deviations[:MOST],
        deviating=len(report.deviations),
        stuck=tuple(stuck[:MOST]),
        standing_still=len(stuck),
    )


def _seen(lives: Sequence[Life], service: str) -> tuple[LifeSeen, ...]:
    return tuple(
        LifeSeen(
            id=f"{service}/{life.id}",
            lifecycle=life.lifecycle,
            subject=life.subject,
            stream=life.stream,
            person_id=life.person_id,
            state=life.steps[-1].state,
            since=life.steps[-1].since,
            started=life.steps[0].since,
            steps=len(life.steps),
            codes=tuple(sorted(life.codes)),
            deviations=life.deviations,
        )
        for life in lives
    )
