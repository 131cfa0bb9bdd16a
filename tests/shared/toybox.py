"""What the tests of projections, reactions and effects share: a box is opened and filled, and the log folded by hand."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from typing import Any

from shared.command_handler import Answer
from shared.envelope import Metadata
from shared.event_store import Draft
from shared.kernel import Command, Event, Projection, Value
from shared.messaging import Delivered, delivered_of
from shared.service import Service
from tests import toy


def some_id() -> str:
    return str(uuid.uuid4())


def meta(person: str, **more: Any) -> Metadata:
    return Metadata(pk=person, actor=person, actor_kind="member", correlation_id=person, person_id=person, **more)


def box(person: str) -> str:
    return f"box:{person}"


async def send(service: Service, person: str, command: Command, **more: Any) -> Answer:
    return await service.handle(box(person), command, cmd=some_id(), meta=meta(person, **more))


async def open_box(service: Service, *amounts: int, person: str = "", **more: Any) -> str:
    """A new person's box, opened and filled with these amounts; the person."""
    person = person or some_id()
    await send(service, person, toy.Open(at=toy.T0, person_id=person, label=f"label of {person}"), **more)
    await put(service, person, *amounts, **more)
    return person


async def put(service: Service, person: str, *amounts: int, **more: Any) -> None:
    for amount in amounts:
        await send(service, person, toy.Put(at=toy.T0, person_id=person, amount=amount), **more)


async def fill(service: Service, streams: Sequence[tuple[str, Sequence[Event]]]) -> None:
    """Many streams at once, each as one commit, in this order, past the rules."""

    async def draft(person: str, events: Sequence[Event]) -> Draft:
        cmd = some_id()
        stored = await service.codec.encode(events, box(person), cmd)
        return Draft(stream=box(person), expected=0, cmd=cmd, fp=b"", events=stored, meta=meta(person).dump())

    for start in range(0, len(streams), 500):
        drafts = await asyncio.gather(*(draft(*one) for one in streams[start : start + 500]))
        await asyncio.gather(*(service.store.append(one) for one in drafts))


def opened_and_filled(person: str, *amounts: int) -> tuple[str, list[Event]]:
    """A person and the events of her box."""
    first = toy.BoxOpened(at=toy.T0, person_id=person, label=f"label of {person}")
    return person, [first, *(toy.BoxFilled(at=toy.T0, person_id=person, amount=one) for one in amounts)]


async def log_of(service: Service) -> list[Delivered]:
    """Every event of the log as a topic would deliver it, in order."""
    position, found = 0, []
    while window := await service.store.window(position):
        found += [delivery for commit in window for delivery in delivered_of(service.name, commit)]
        position = window[-1]["_id"]
    return found


async def fold_of(service: Service, projection: Projection[Any, Any]) -> dict[str, Value]:
    """What the read model must be: the log folded by hand, from the first event to the last."""
    documents: dict[str, Value] = {}
    position = 0
    while window := await service.store.window(position):
        for recorded in await service.codec.decode(window):
            fold_into(documents, projection, recorded.event)
        position = window[-1]["_id"]
    return documents


def fold_into(documents: dict[str, Value], projection: Projection[Any, Any], event: Event) -> None:
    key = projection.key(event) if isinstance(event, projection.handles) else None
    if key is None:
        return
    document = projection.evolve(documents.pop(key, None), event)
    if document is not None:
        documents[key] = document


async def read_model(service: Service, projection: Projection[Any, Any]) -> dict[str, Value | None]:
    """What the read model is."""
    rows = await service.database[projection.id].find().to_list(None)
    return {held.key: held.document for held in await service.documents.load(projection, rows)}


async def cursor(service: Service, person: str, projection: Projection[Any, Any]) -> int:
    row = await service.database["cursors"].find_one({"_id": box(person)})
    return int((row or {}).get(projection.id, 0))


async def until(condition: Callable[[], Awaitable[Any]], seconds: float = 30.0) -> Any:
    """Wait for a condition; its value."""
    deadline = time.monotonic() + seconds
    while not (found := await condition()):
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.05)
    return found


@contextlib.asynccontextmanager
async def in_background(*parts: Coroutine[Any, Any, Any]) -> AsyncIterator[list[asyncio.Task[Any]]]:
    """Run parts of a service beside a test, and stop them."""
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
