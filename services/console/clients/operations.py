"""What services answer under /internal/ops: how they go, what is parked, what jobs have found."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from pydantic import Field, model_validator

from services.console.clients.who import Who
from shared.web.channel import Answer, Channel

T = TypeVar("T")


class Rows(Answer, Generic[T]):
    """A bare list."""

    items: tuple[T, ...]

    @model_validator(mode="before")
    @classmethod
    def _wrapped(cls, found: Any) -> Any:
        return {"items": found} if isinstance(found, list) else found


class Waits(Answer):
    """What waits in one partition."""

    events: int
    seconds: float | None


class Check(Answer):
    """What the last reconciliation found of a read model; `fields`: those that differ in the first document."""

    at: dt.datetime
    checked: int
    different: int
    fields: tuple[str, ...]


class ModelState(Answer):
    """One read model."""

    name: str
    screen: str = ""
    version: int
    live: str
    pulse: str
    position: int
    head: int | None
    lag_events: int | None
    lag_seconds: float | None
    lag_persons: int | None
    lag_partitions: Mapping[str, Waits] = Field(default_factory=dict)
    trend: int
    rate: float | None
    seconds_left: float | None
    measured_at: dt.datetime | None
    parked_keys: int
    last_error: str | None
    check: Check | None = None

    @property
    def shadow(self) -> bool:
        """Whether readers see another version than the code of today fills."""
        return not self.live.endswith(f"__v{self.version}")


class RelayState(Answer):
    """From the store to the topic."""

    head: int
    head_at: dt.datetime
    position: int
    lag: int
    lag_seconds: float
    stalled: bool


class EventRoute(Answer):
    """One event type, and where it leads."""

    type: str
    projections: tuple[str, ...]
    processes: tuple[str, ...]
    screens: tuple[str, ...]


class ReactionRoute(Answer):
    """What answers another service's events."""

    name: str
    source: str
    types: tuple[str, ...]


class ServiceMap(Answer):
    """Which event leads where."""

    service: str
    release: int
    events: tuple[EventRoute, ...]
    reactions: tuple[ReactionRoute, ...]


class Job(Answer):
    """What was asked of a worker, and what came of it."""

    id: str
    ask: Mapping[str, Any]
    state: str
    actor: str
    asked_at: dt.datetime
    ended_at: dt.datetime | None = None
    result: Mapping[str, Any] | None
    error: str | None
    progress: Mapping[str, Any] = Field(default_factory=dict)
    head: int


class Named(Answer):
    """A job that was taken on."""

    id: str


class Moved(Answer):
    """Whether a pointer was moved."""

    flipped: bool = False
    rolled_back: bool = False


class Group(Answer):
    """Parked keys of one consumer and one class of error."""

    consumer: str
    error: str
    keys: int
    waiting: int
    oldest: dt.datetime


class Parked(Answer):
    """One parked key; for a `record`, consumer, stream and version are its topic, partition and offset."""

    id: str = Field(alias="_id")
    kind: str = ""
    consumer: str
    stream: str
    version: int
    event_type: str = ""
    error: str
    at: dt.datetime
    waiting: int
    attempts: int = 1
    request: Mapping[str, Any] | None = None


class Retried(Answer):
    """How many keys there are, how many would be tried, how many are."""

    keys: int
    chosen: int
    requested: int


class Requested(Answer):
    """Filed."""

    requested: str


class Masked(Answer):
    """A value's shape and hash; the value itself for whoever may see it."""

    shape: str
    hash: str | None = None
    value: Any = None


class FieldChange(Answer):
    """What one event did to one field."""

    before: Masked | None
    after: Masked | None


class ExplainedStep(Answer):
    """One event that a document was made from, or at which today's code stops, with the class of the error."""

    position: int
    stream: str
    version: int
    event_id: str
    type: str
    recorded_at: dt.datetime
    actor: str
    actor_kind: str
    fields: Mapping[str, FieldChange] = {}
    error: str = ""


class Explained(Answer):
    """A document, event by event, up to the one that cannot be handled."""

    document: Mapping[str, Masked | None]
    as_live: bool | None
    steps: tuple[ExplainedStep, ...]
    failure: ExplainedStep | None = None


class Fact(Answer):
    """One event of the log, without its values."""

    position: int
    stream: str
    version: int
    event_id: str
    type: str
    fields: tuple[str, ...]
    recorded_at: dt.datetime
    actor: str
    actor_kind: str
    hash: str
    correlation_id: str
    causation_id: str | None = None
    person_id: str | None = None


class Sample(Answer):
    """A measurement."""

    at: dt.datetime
    head: int
    rate: float
    relay_lag: int
    lag_events: int
    lag_seconds: float
    parked: int


async def get(line: Channel, who: Who, path: str, kind: type[T]) -> tuple[T, ...]:
    """A list of a service."""
    found = await line.query(who, f"/internal/{path}", Rows[kind])  # type: ignore[valid-type]
    return found.value.items
