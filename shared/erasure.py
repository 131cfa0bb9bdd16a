"""Erasing a person: one service decides it and destroys the keys, every service drops what it holds and answers.

A service lists `ERASURE_EVENTS`, `Aggregate(erasures)` and `erasure` in its definition. The deciding service
publishes `PersonErased`, and `RetentionEnded` for a class that was kept longer.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.documents import Archive
from shared.kernel import Command, Decider, Event, Issued, Made, Value
from shared.messaging import Delivered
from shared.mongo import Collection, Database
from shared.personal_data.vault import Vault, key_ref
from shared.projections.documents import AnyProjection
from shared.projections.pointers import Pointers
from shared.reactions import Execute, Incoming, caused_by, caused_id

TYPES: Final = frozenset({"PersonErased", "RetentionEnded"})
ALWAYS: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class Reached(Value):
    """What was dropped, and how many."""

    what: str
    count: int


class CompletePersonErasure(Command):
    """All that this service holds of these classes is gone."""

    person_id: str
    erasure_id: str
    classes: tuple[str, ...]
    reached: Made[tuple[Reached, ...]]


class PersonErasureCompleted(Event, name="PersonErasureCompleted"):
    """This service holds nothing of the person any more, as far as these classes go."""

    person_id: str
    erasure_id: str
    classes: tuple[str, ...]
    reached: tuple[Reached, ...]


ERASURE_EVENTS: Final[tuple[type[Event], ...]] = (PersonErasureCompleted,)
Done = frozenset[tuple[str, tuple[str, ...]]]


def _decide(done: Done, command: CompletePersonErasure) -> list[PersonErasureCompleted]:
    known = (command.erasure_id, command.classes) in done
    return [] if known else [PersonErasureCompleted(**command.model_dump())]


def _evolve(done: Done, event: PersonErasureCompleted) -> Done:
    return done | {(event.erasure_id, event.classes)}


erasures: Decider[Done, CompletePersonErasure, PersonErasureCompleted] = Decider(
    category="erasures", retention="access", initial=frozenset(), decide=_decide, evolve=_evolve
)
"""One stream per person, `erasures:<person id>`."""


class Asked(Incoming):
    """Whom to forget, and of which classes; `at` is when it was decided."""

    person_id: str
    erasure_id: str
    classes: tuple[str, ...]
    at: dt.datetime


@dataclass(frozen=True)
class Holding:
    """One place where something of a person lies outside the log. `count` comes first; `drop` may be repeated."""

    what: str
    retention: str | None
    """The class it belongs to; None: whatever the classes."""
    count: Callable[[Asked], Awaitable[int]]
    drop: Callable[[Asked], Awaitable[None]]


@dataclass(frozen=True)
class Erasure:
    """What a service does when `source` has decided that a person is forgotten."""

    source: str
    holdings: Sequence[Holding]


class ErasureHandler:
    """What a reactor calls. Killed anywhere, it is called again: nothing is skipped, and nothing counted twice."""

    name = "erasure"
    since = ALWAYS

    def __init__(self, erasure: Erasure, ledger: "Ledger", vault: Vault, execute: Execute) -> None:
        self._erasure, self._ledger, self._vault, self._execute = erasure, ledger, vault, execute

    def wants(self, event_type: str) -> bool:
        """Whether somebody is forgotten by it."""
        return event_type in TYPES

    async def handle(self, delivery: Delivered) -> str:
        """Drop everything, answer."""
        asked = Asked.model_validate(delivery.stored["data"])
        self._vault.forget(key_ref(asked.person_id, retention) for retention in asked.classes)
        for holding in self._erasure.holdings:
            if holding.retention is None or holding.retention in asked.classes:
                await self._ledger.note(delivery.stored["id"], holding.what, await holding.count(asked))
                await holding.drop(asked)
        reached = await self._ledger.noted(delivery.stored["id"])
        answer = CompletePersonErasure(
            at=delivery.recorded_at,
            **asked.model_dump(exclude={"at"}),
            reached=tuple(Reached(what=what, count=count) for what, count in sorted(reached.items())),
        )
        stream, command_id = f"{erasures.category}:{asked.person_id}", caused_id(self.name, delivery.stored["id"])
        accepted = await self._execute(Issued(stream, answer), command_id, caused_by(delivery, self.name, stream))
        return "accepted" if accepted else "refused"


class Ledger:
    """`erasing {_id: event id, reached: {what: count}}`: a second run finds less, and says what the first one found."""

    def __init__(self, database: Database) -> None:
        self._rows = database["erasing"]

    async def note(self, event_id: str, what: str, count: int) -> None:
        """Before anything is dropped."""
        await self._rows.update_one({"_id": event_id}, {"$max": {f"reached.{what}": count}}, upsert=True)

    async def noted(self, event_id: str) -> Mapping[str, int]:
        """All that was found for this event."""
        row = await self._rows.find_one({"_id": event_id})
        return dict(row["reached"]) if row else {}


def rows(collection: Collection, what: str, retention: str, wanted: Callable[[str], dict[str, Any]]) -> Holding:
    """Documents of a collection; `wanted` is the filter that finds a person's."""

    async def count(asked: Asked) -> int:
        return await collection.count_documents(wanted(asked.person_id))

    async def drop(asked: Asked) -> None:
        await collection.delete_many(wanted(asked.person_id))

    return Holding(what, retention, count, drop)


def keys(vault: Vault) -> Holding:
    """The keys themselves: of the deciding service alone, and the first of its holdings."""

    async def count(asked: Asked) -> int:
        found = await vault.known(key_ref(asked.person_id, retention) for retention in asked.classes)
        return sum(key is not None for key in found.values())

    async def drop(asked: Asked) -> None:
        for retention in asked.classes:
            await vault.destroy(asked.person_id, retention, asked.at)

    return Holding("keys", None, count, drop)


def documents(database: Database, pointers: Pointers, projection: AnyProjection, what: str, retention: str) -> Holding:
    """Those of a read model that bear a keyed hash and `person_id`; made again, it has none of whom is forgotten."""

    async def names() -> set[str]:
        return {await pointers.live(projection), projection.id}

    async def count(asked: Asked) -> int:
        return sum([await database[name].count_documents({"person_id": asked.person_id}) for name in await names()])

    async def drop(asked: Asked) -> None:
        for name in await names():
            await database[name].delete_many({"person_id": asked.person_id})

    return Holding(what, retention, count, drop)


def claims(database: Database, retention: str, *categories: str) -> Holding:
    """Names that a person's streams hold. Found without an index: seldom asked, and each append would pay for it."""
    return rows(
        database["claims"],
        "claims",
        retention,
        lambda person: {"s": {"$in": [f"{one}:{person}" for one in categories]}},
    )


def files(archive: Archive, retention: str) -> Holding:
    """Everything of a class in the archive."""

    async def count(asked: Asked) -> int:
        return await archive.count(person_id=asked.person_id, retention=retention)

    async def drop(asked: Asked) -> None:
        await archive.purge(person_id=asked.person_id, retention=retention)

    return Holding("files", retention, count, drop)
