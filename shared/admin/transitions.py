"""One person's events in one service, each with who, why, when, and whether its lifecycle allows it; never a value."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any, Final

from pydantic import AwareDatetime

from shared.admin.examining import codes_of, person_of
from shared.canonical import iso
from shared.codec import EventCodec
from shared.envelope import Recorded
from shared.event_store import Commit, EventStore
from shared.kernel import Erased, Event, Value
from shared.lifecycles import Conformance, Lifecycles, Moved
from shared.personal_data import personal_fields

SHA256: Final = re.compile(r"[0-9a-f]{64}")
HAPPENED: Final = ("happened_at", "used_at", "updated_at", "happened_on", "issued_on")
"""Where an event says when the thing happened, if not when it was learned of."""


class Standing(Value):
    """Where one card, order or message is now."""

    lifecycle: str
    subject: str
    state: str
    since: AwareDatetime
    seconds: float
    """How long it has stood there."""
    stuck: bool
    deviations: int


class Transition(Value):
    """One event."""

    position: int
    stream: str
    version: int
    event_id: str
    type: str
    schema_version: int
    occurred_at: str
    """A day or a time, as the event says it."""
    recorded_at: AwareDatetime
    actor: str
    actor_kind: str
    acting_for: str | None
    channel: str | None
    codes: dict[str, str]
    evidence: dict[str, str]
    """Field → SHA-256 of a document that is kept outside the log; « effacé » once it is nobody's any more."""
    hash: str
    command_id: str
    correlation_id: str
    causation_id: str | None
    moves: tuple[Moved, ...]


class Dossier(Value):
    """All of one person, in the order in which it was recorded."""

    position: int
    """The head of the log when it was read."""
    transitions: tuple[Transition, ...]
    standings: tuple[Standing, ...]


async def dossier_of(
    store: EventStore, codec: EventCodec, lifecycles: Lifecycles, person_id: str, now: dt.datetime
) -> Dossier:
    """Fold every stream that names this person, each from its first event; show what is his."""
    position = (await store.head()).position
    held, found = Conformance(lifecycles), list[Transition]()
    for stream in sorted(await store.streams_of(person_id)):
        commits = [one for one in await store.stream(stream) if one["_id"] <= position]
        known = {commit["_id"]: commit for commit in commits}
        for entry in await codec.decode(commits):
            moves = held.tell(stream, entry.event, person_id=person_of(entry))
            if person_id in {person_of(entry), stream.partition(":")[2]}:
                found.append(_transition(entry, known[entry.position], moves))
    his = {(move.lifecycle, move.subject) for one in found for move in one.moves}
    stuck = {(one.lifecycle, one.subject) for one in held.stuck(now)}
    standings = [
        Standing(
            lifecycle=life.lifecycle,
            subject=life.subject,
            state=life.now.state,
            since=life.now.since,
            seconds=(now - life.now.since).total_seconds(),
            stuck=place in stuck,
            deviations=life.deviations,
        )
        for place, life in held.lives.items()
        if place in his and life.now is not None
    ]
    found.sort(key=lambda one: (one.position, one.version))
    return Dossier(position=position, transitions=tuple(found), standings=tuple(standings))


def _transition(entry: Recorded[Event], commit: Commit, moves: tuple[Moved, ...]) -> Transition:
    event, index = entry.event, entry.index
    meta: dict[str, Any] = commit["meta"]
    return Transition(
        position=entry.position,
        stream=entry.stream,
        version=entry.version,
        event_id=entry.id,
        type=entry.type,
        schema_version=commit["ev"][index]["sv"],
        occurred_at=_occurred(event),
        recorded_at=entry.recorded_at,
        actor=entry.meta.actor,
        actor_kind=entry.meta.actor_kind,
        acting_for=meta.get("acting_for"),
        channel=meta.get("channel"),
        codes=codes_of(event),
        evidence=dict(_evidence(event)),
        hash=commit["h"].hex(),
        command_id=commit["cmd"],
        correlation_id=entry.meta.correlation_id,
        causation_id=meta.get("causation_id"),
        moves=moves,
    )


def _occurred(event: Event) -> str:
    personal = personal_fields(type(event))
    said = (getattr(event, name, None) for name in HAPPENED if name not in personal)
    found = next((one for one in said if one is not None), event.at)
    return iso(found) if isinstance(found, dt.datetime) else str(found)


def _evidence(event: Event) -> Iterable[tuple[str, str]]:
    """Documents are named by their hash; nothing else of an event is one."""
    types = type(event).model_fields
    for name, value in event:
        several = value if isinstance(value, tuple) else (value,)
        hashes = [one for one in several if isinstance(one, str) and SHA256.fullmatch(one)]
        if hashes:
            yield name, " ".join(hashes)
        elif isinstance(value, Erased) and "FileId" in str(types[name].annotation):
            yield name, value.value
