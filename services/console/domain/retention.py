"""How long it is known who looked at what: a month's key is destroyed once, and that is recorded."""

from typing import Final

from shared.kernel import Command, Decider, Event, Made, Value


class AccessKeyDestroyed(Event, name="AccessKeyDestroyed"):
    """Nobody can tell any more who looked at what in this month."""

    period: str
    months: int
    """How long it was kept."""


class DestroyAccessKey(Command):
    """The month is too old. The key itself is destroyed before this is recorded."""

    period: str
    months: Made[int]


RETENTION_EVENTS: Final = (AccessKeyDestroyed,)


class Destroyed(Value):
    """The months that are gone."""

    periods: frozenset[str] = frozenset()


def decide(state: Destroyed, command: DestroyAccessKey) -> list[AccessKeyDestroyed]:
    return [] if command.period in state.periods else [AccessKeyDestroyed(**command.model_dump())]


def evolve(state: Destroyed, event: AccessKeyDestroyed) -> Destroyed:
    return Destroyed(periods=state.periods | {event.period})


retention = Decider(category="retention", retention="staff", initial=Destroyed(), decide=decide, evolve=evolve)
STREAM: Final = "retention:access"
