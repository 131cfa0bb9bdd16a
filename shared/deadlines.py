"""Deadlines: a read model of commands to come. Pure, so that it stands beside the other read models of a service."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AwareDatetime

from shared.canonical import milliseconds
from shared.kernel import Event, Projection, Value

E = TypeVar("E", bound=Event)


class Deadline(Value):
    """A command to come. It is gone once an event says so: evolve → None.

    `data` holds the command's fields but `at`; nothing personal. `cmd` is fixed by what the deadline is about (a
    UUIDv5 of an id in the event): it fires once for ever. Set anew for another time, it needs another `cmd`.
    """

    due_at: Annotated[AwareDatetime, AfterValidator(milliseconds)]
    stream: str
    command: str
    data: dict[str, Any]
    cmd: str
    person_id: str | None = None
    member_id: str | None = None


def deadlines(
    name: str,
    version: int,
    *,
    handles: tuple[type[E], ...],
    key: Callable[[E], str | None],
    evolve: Callable[[Deadline | None, E], Deadline | None],
) -> Projection[Deadline, E]:
    """A read model of deadlines: a service lists it among its projections, and each command under `commands`."""
    return Projection(name, version, Deadline, handles, key, evolve, indexes=("due_at",))
