"""Why a document says what it says: the events that made it, and which field each of them changed (DESIGN §5)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from shared.codec import EventCodec
from shared.event_store.protocol import EventStore
from shared.kernel import ERASED, Value
from shared.messaging import Delivered, delivered_of
from shared.projections.documents import AnyProjection

ABSENT = object()
"""A field's value where there was no document, or no such field."""


@dataclass(frozen=True)
class Change:
    """A field before and after one event; ABSENT where it was not there. Values: whoever shows them asks first."""

    before: Any
    after: Any


@dataclass(frozen=True)
class Step:
    """One event that a document was made from."""

    delivery: Delivered
    changes: dict[str, Change]


@dataclass(frozen=True)
class Failure:
    """The event that the code of today cannot read or handle, and the class of what it raises: why a key is parked."""

    delivery: Delivered
    error: str


@dataclass(frozen=True)
class Explanation:
    """A document as the code of today makes it from the log, step by step, as far as it can."""

    steps: list[Step] = field(default_factory=list)
    document: Value | None = None
    failure: Failure | None = None


async def explain(
    store: EventStore,
    codec: EventCodec,
    projection: AnyProjection,
    key: str,
    *,
    persons: Iterable[str] = (),
    until: dt.datetime | None = None,
) -> Explanation:
    """Fold the document `key` again, from the streams that name its persons, as far as they were recorded by `until`.

    A document is looked for under the streams of its own key (most are kept by person), and of `persons` besides.
    """
    streams = dict.fromkeys([one for who in (key, *persons) for one in await store.streams_of(who)])
    commits = [commit for stream in streams for commit in await store.stream(stream)]
    opened = await codec.open([one for commit in commits for one in delivered_of(codec.registry.service, commit)])
    steps: list[Step] = []
    document: Value | None = None
    for entry in sorted(opened, key=lambda one: (one.delivery.position, one.delivery.index)):
        if until is not None and entry.delivery.recorded_at > until:
            continue
        try:
            if entry.error:
                raise entry.error  # noqa: TRY301 - the same as any other failure
            if not isinstance(entry.event, projection.handles):
                continue
            if projection.key(entry.event) != key:
                continue
            after = projection.evolve(document, entry.event)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is to be explained
            return Explanation(steps, document, Failure(entry.delivery, type(error).__name__))
        steps.append(Step(entry.delivery, changes(document, after)))
        document = after
    return Explanation(steps, document)


def differing(explained: Value | None, live: Value | None) -> list[str]:
    """The fields in which a live document is not what the log makes of it.

    Where a key is gone, a field that never held anything reads as erased, too: nobody can tell it from the others.
    """
    found = changes(explained, live)
    return [name for name, one in found.items() if one.after != ERASED.value or one.before not in (None, ABSENT)]


def changes(before: Value | None, after: Value | None) -> dict[str, Change]:
    """The fields that differ between two states of a document, by name."""
    old, new = _fields(before), _fields(after)
    return {
        name: Change(old.get(name, ABSENT), new.get(name, ABSENT))
        for name in sorted(old.keys() | new.keys())
        if old.get(name, ABSENT) != new.get(name, ABSENT)
    }


def _fields(document: Value | None) -> dict[str, Any]:
    return document.model_dump(mode="json") if document else {}
