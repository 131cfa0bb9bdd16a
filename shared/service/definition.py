"""What makes one service different from another: its events, rules, read models, reactions."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shared.command_handler import Claims
from shared.deadlines import Deadline
from shared.effects import Effect
from shared.envelope import Upcaster
from shared.erasure import Erasure
from shared.kernel import Command, Decider, Event, Process, Projection
from shared.lifecycles import Lifecycles
from shared.numbers import FindNumber
from shared.projections.documents import AnyProjection
from shared.reactions import Reaction

if TYPE_CHECKING:
    from shared.service.running import Service


Loop = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Aggregate:
    """A decider, and the names its decisions claim for their stream alone (given state and new events)."""

    decider: Decider[Any, Any, Any]
    claims: Callable[[Any, list[Any]], Claims] | None = None


def no_effects(_: "Service") -> Sequence[Effect]:
    """For a service that only decides."""
    return ()


def no_loops(_: "Service") -> Sequence[Loop]:
    """For a service that does nothing beside its consumers."""
    return ()


@dataclass(frozen=True)
class Definition:
    """One service. `release` grows whenever a projection is added or grows a version (the consumer group bears it)."""

    name: str
    events: Sequence[type[Event]]
    aggregates: Sequence[Aggregate]
    projections: Sequence[AnyProjection] = ()
    release: int = 1
    upcasters: Mapping[tuple[str, int], Upcaster] = field(default_factory=dict)
    reactions: Sequence[Reaction] = ()
    processes: Sequence[Process[Any, Any]] = ()
    commands: Sequence[type[Command]] = ()
    """The command classes that processes and deadlines may issue."""
    effects: Callable[["Service"], Sequence[Effect]] = no_effects
    larger_bodies: Mapping[str, int] = field(default_factory=dict)
    """Paths (regular expressions) that take uploads, and how many bytes."""
    erasure: Callable[["Service"], Erasure] | None = None
    """What is dropped when a person is forgotten."""
    lifecycles: Lifecycles | None = None
    """What the log is held against, where something here has a declared lifecycle."""
    numbers: Callable[["Service"], FindNumber] | None = None
    """Finds whose a request is by the number that the member reads, where something here has one."""
    loops: Callable[["Service"], Sequence[Loop]] = no_loops
    """What a worker runs beside its consumers until it is cancelled; each leads by a lease of its own."""

    @property
    def deadlines(self) -> list[Projection[Deadline, Any]]:
        """Those of the projections that the scheduler fires from."""
        return [one for one in self.projections if issubclass(one.document, Deadline)]
