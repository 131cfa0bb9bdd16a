"""What every bench stands on: a counting service of its own on the real stack, and a filled log."""

import asyncio
import datetime as dt
import os
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from confluent_kafka.admin import AdminClient, NewTopic

from deploy.local.services import PARTITIONS
from deploy.local.stack import Stack
from shared.envelope import Metadata
from shared.event_store import Draft
from shared.kafka import topic_of
from shared.kernel import Event, Projection, Value
from shared.service import Definition, Service
from tests.conftest import signs_records, toy_settings
from tests.scale import sized

EVENTS = sized(100_000, 1_000_000)
STREAMS = EVENTS // 10
AT = dt.datetime(2026, 3, 14, tzinfo=dt.UTC)


class Counted(Event, name="Counted"):
    """An event of the size that most of ours have."""

    member_id: str
    person_id: str
    reason: str
    amount: int


class Total(Value):
    """One document for ten events."""

    member_id: str
    total: int
    count: int
    last: dt.datetime


def add(document: Total | None, event: Counted) -> Total:
    before, count = (document.total, document.count) if document else (0, 0)
    return Total(member_id=event.member_id, total=before + event.amount, count=count + 1, last=event.at)


totals = Projection(
    name="bench.totals", version=1, document=Total, handles=(Counted,), key=lambda event: event.member_id, evolve=add
)


@asynccontextmanager
async def bench_service(stack: Stack, folder: Path) -> AsyncIterator[Service]:
    """A service with a database and a topic of its own."""
    name = f"bench{uuid.uuid4().hex[:8]}"
    admin = AdminClient(stack.kafka_config())
    for future in admin.create_topics([NewTopic(topic_of(name), PARTITIONS, 1)]).values():
        future.result(15)
    signs_records(stack, name)
    definition = Definition(name=name, events=[Counted], aggregates=[], projections=[totals])
    service = Service(definition, toy_settings(stack, name, folder))
    await service.prepare()
    try:
        yield service
    finally:
        await service.close()


def counted(stream: int) -> Counted:
    """One event of a stream."""
    return Counted(at=AT, member_id=f"m{stream}", person_id=f"p{stream}", reason="lost", amount=stream % 7)


async def draft(service: Service, stream: str, expected: int, event: Counted) -> Draft:
    """An append as the command handler makes it."""
    cmd = str(uuid.uuid4())
    meta = Metadata(
        pk=event.person_id,
        actor=event.member_id,
        actor_kind="member",
        correlation_id=cmd,
        member_id=event.member_id,
        person_id=event.person_id,
        channel="web",
    )
    events = await service.codec.encode([event], stream, cmd)
    return Draft(stream=stream, expected=expected, cmd=cmd, fp=os.urandom(32), events=events, meta=meta.dump())


def raw_document(one: Draft, position: int) -> dict[str, Any]:
    """The same document as a commit, with hashes of the same size, for the raw side."""
    return {
        "_id": position,
        "s": one.stream,
        "v0": one.expected + 1,
        "n": len(one.events),
        "cmd": one.cmd,
        "fp": one.fp,
        "ev": list(one.events),
        "meta": one.meta,
        "at": AT,
        "ph": bytes(32),
        "h": bytes(32),
    }


async def fill(service: Service, streams: Sequence[int], versions: int = 10, writers: int = 400) -> None:
    """Append so many events to each of these streams, as that many members would at a time."""
    gate = asyncio.Semaphore(writers)

    async def one(stream: int) -> None:
        async with gate:
            for version in range(versions):
                await service.store.append(await draft(service, f"bench:{stream}", version, counted(stream)))

    await asyncio.gather(*(one(stream) for stream in streams))
