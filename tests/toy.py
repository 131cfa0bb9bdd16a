"""A service as small as can be, for the tests of the base: a box that is opened, filled and emptied.

It has a personal field, an old event version, a projection over several documents and one that ignores event types,
a process, an effect, and switches that make it fail on purpose.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar, assert_never

from shared.command_handler import Claims
from shared.effects import Effect
from shared.kernel import (
    Command,
    Decider,
    Erased,
    Event,
    Issued,
    Made,
    Personal,
    Process,
    Projection,
    Value,
    require,
)
from shared.personal_data import BlindIndex
from shared.service import Aggregate, Definition, Service

T = TypeVar("T")
Kept = Annotated[T | Erased, Personal("things")]

T0 = dt.datetime(2026, 3, 14, 9, 26, 53, 589000, tzinfo=dt.UTC)


class Open(Command):
    person_id: str
    label: str
    order_id: Made[str] = ""


class Put(Command):
    person_id: str
    amount: int


class Empty(Command):
    person_id: str


class BoxOpened(Event, name="BoxOpened", schema=2):
    """Version 1 called the label `title`."""

    person_id: str
    label: Kept[str]


class BoxFilled(Event, name="BoxFilled"):
    person_id: str
    amount: int


class BoxEmptied(Event, name="BoxEmptied"):
    person_id: str


BoxCommand = Open | Put | Empty
BoxEvent = BoxOpened | BoxFilled | BoxEmptied


class Box(Value):
    is_open: bool = False
    content: int = 0


def decide(box: Box, command: BoxCommand) -> list[BoxEvent]:
    match command:
        case Open():
            require(not box.is_open, otherwise="already-open")
            return [BoxOpened(at=command.at, person_id=command.person_id, label=command.label)]
        case Put():
            require(box.is_open, otherwise="not-open")
            return [BoxFilled(at=command.at, person_id=command.person_id, amount=command.amount)]
        case Empty():
            if not box.content:
                return []
            return [BoxEmptied(at=command.at, person_id=command.person_id)]
        case _:
            assert_never(command)


def evolve(box: Box, event: BoxEvent) -> Box:
    match event:
        case BoxOpened():
            return Box(is_open=True)
        case BoxFilled(amount=amount):
            return Box(is_open=True, content=box.content + amount)
        case BoxEmptied():
            return Box(is_open=True)
        case _:
            assert_never(event)


box = Decider(category="box", retention="things", initial=Box(), decide=decide, evolve=evolve)


class Summary(Value):
    """What is in a person's box."""

    person_id: str
    label: Kept[str]
    content: int = 0
    events: int = 1


def summarise(document: Summary | None, event: BoxEvent) -> Summary | None:
    if isinstance(event, BoxOpened):
        return Summary(person_id=event.person_id, label=event.label)
    assert document is not None
    content = document.content + event.amount if isinstance(event, BoxFilled) else 0
    return document.model_copy(update={"content": content, "events": document.events + 1})


summary = Projection(
    name="toy.summary",
    version=1,
    document=Summary,
    handles=(BoxOpened, BoxFilled, BoxEmptied),
    key=lambda event: event.person_id,
    evolve=summarise,
    indexes=("person_id",),
)


class Heap(Value):
    """How often this amount was put by this person: several documents from one stream; other types are ignored."""

    amount: int
    count: int


def heap_up(document: Heap | None, event: BoxFilled) -> Heap:
    return Heap(amount=event.amount, count=document.count + 1 if document else 1)


heaps = Projection(
    name="toy.heaps",
    version=1,
    document=Heap,
    handles=(BoxFilled,),
    key=lambda event: f"{event.person_id}|{event.amount}",
    evolve=heap_up,
)

POISON = 666
"""An amount that the fragile projection cannot take, until it is mended."""


class Tally(Value):
    total: int


class Fragile:
    """A projection with a bug that can be mended while it runs."""

    def __init__(self) -> None:
        self.mended = False

    def evolve(self, document: Tally | None, event: BoxFilled) -> Tally:
        if event.amount == POISON and not self.mended:
            raise ZeroDivisionError
        return Tally(total=(document.total if document else 0) + event.amount)

    def projection(self) -> Projection[Tally, BoxFilled]:
        return Projection(
            name="toy.tally",
            version=1,
            document=Tally,
            handles=(BoxFilled,),
            key=lambda event: event.person_id,
            evolve=self.evolve,
        )


filler = Process(
    name="filler",
    initial=None,
    handles=(BoxOpened,),
    key=lambda event: event.person_id,
    decide=lambda _, event: [Issued(f"box:{event.person_id}", Put(at=event.at, person_id=event.person_id, amount=1))],
    evolve=lambda state, _: state,
)

EVENTS = (BoxOpened, BoxFilled, BoxEmptied)
UPCASTERS = {("BoxOpened", 1): lambda data: {**{k: v for k, v in data.items() if k != "title"}, "label": data["title"]}}


def claim_label(index: BlindIndex) -> Any:
    """A label belongs to one box only: taken when it is opened."""

    def claims(_: Box, events: Sequence[BoxEvent]) -> Claims:
        return Claims(take=[index.of(str(event.label)) for event in events if isinstance(event, BoxOpened)])

    return claims


def definition(
    name: str = "toy",
    projections: Sequence[Projection[Any, Any]] = (summary, heaps),
    *,
    release: int = 1,
    processes: Sequence[Process[Any, Any]] = (),
    effects: Sequence[Effect] = (),
    claims: Any = None,
) -> Definition:
    def own_effects(_: Service) -> Sequence[Effect]:
        return effects

    return Definition(
        name=name,
        events=EVENTS,
        aggregates=[Aggregate(box, claims)],
        projections=projections,
        release=release,
        upcasters=UPCASTERS,
        processes=processes,
        commands=[Put],
        effects=own_effects,
    )
