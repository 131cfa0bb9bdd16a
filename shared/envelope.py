"""What surrounds an event: its metadata, and the book of an event's stored names."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from shared.canonical import uuid5
from shared.kernel import Event
from shared.personal_data import personal_fields

E = TypeVar("E", bound=Event)
Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Metadata:
    """Who did it, for whom, and in which conversation. Ids only, never a personal value."""

    pk: str
    """Partition key, fixed when the stream is born."""
    actor: str
    """Who acted: member id, agent id, or the name of a feed or process."""
    actor_kind: str
    """member, agent, feed, process, system."""
    correlation_id: str
    """One conversation, from the first click to the last letter."""
    causation_id: str | None = None
    """The event or command that this one answers."""
    member_id: str | None = None
    """Whose account it concerns."""
    person_id: str | None = None
    """Whose data it concerns."""
    acting_for: str | None = None
    """The person the actor acted for, when not for himself."""
    channel: str | None = None
    """web, mail, desk, feed, api."""
    traceparent: str | None = None
    """W3C trace context of the command."""

    def dump(self) -> dict[str, Any]:
        """The stored form: absent instead of null."""
        return {name: value for name in _NAMES if (value := getattr(self, name)) is not None}


_NAMES = tuple(one.name for one in fields(Metadata))


@dataclass(frozen=True, slots=True)
class Recorded(Generic[E]):
    """An event as it stands in the log: version within its stream, position within the service."""

    event: E
    id: str
    type: str
    stream: str
    version: int
    position: int
    index: int
    recorded_at: dt.datetime
    meta: Metadata


def event_id(cmd: str, index: int) -> str:
    """UUIDv5(cmd, index): the same on every retry and re-send, unique over all services."""
    return uuid5(cmd, str(index))


class EventRegistry:
    """Stored name ↔ class, and how an old payload becomes today's.

    `upcasters[(name, version)]` turns the payload of that schema version into the next one's; personal fields are
    already in the clear when it runs.
    """

    def __init__(
        self,
        service: str,
        events: Iterable[type[Event]],
        upcasters: Mapping[tuple[str, int], Upcaster] | None = None,
    ) -> None:
        self.service = service
        self.classes: dict[str, type[Event]] = {}
        self._upcasters = upcasters or {}
        for event in events:
            self._register(event)

    def _register(self, event: type[Event]) -> None:
        if not event.NAME or event.NAME in self.classes:
            raise TypeError(f"{event.__name__} needs a stored name of its own: class X(Event, name=…)")
        if "pii" in event.model_fields:
            raise TypeError(f"{event.__name__}: `pii` is where sealed fields go")
        for version in range(1, event.SCHEMA):
            if (event.NAME, version) not in self._upcasters:
                raise TypeError(f"{event.__name__}: no upcaster from version {version}")
        personal_fields(event)
        self.classes[event.NAME] = event

    def load(self, name: str, schema: int, data: dict[str, Any]) -> Event:
        """Today's event from the payload of any day.

        Raises:
            KeyError: no event of this name.
            pydantic.ValidationError: the payload does not fit.
        """
        event = self.classes[name]
        for version in range(schema, event.SCHEMA):
            data = self._upcasters[(name, version)](dict(data))  # a copy: it may be read again
        return event.model_validate(data)
