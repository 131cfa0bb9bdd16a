"""Appends 50 times at once, each time it is told to: half to streams of its own, half by commands to shared ones.

python -m tests.programs.store_append <database> <own name>; MONGO_URL in the environment. Says `ready`, then for each
line that comes in answers with a line of JSON: how the 50 ended.
"""

import asyncio
import json
import os
import sys
import uuid
from collections import Counter

from shared.clock import SystemClock
from shared.codec import EventCodec
from shared.command_handler import CommandHandler
from shared.envelope import EventRegistry, Metadata
from shared.event_store import Conflict, EventStore, MongoEventStore
from shared.kernel import Command, Decider, Event
from shared.mongo import connect
from shared.personal_data import MemoryKeyStore, Vault
from shared.telemetry import configure
from shared.testing.clock import START
from shared.testing.store_cases.kit import draft

APPENDS = 50
SHARED = 5
APART = 0.004
"""Seconds between two, so that the processes write small batches between each other's."""


class Add(Command):
    amount: int


class Added(Event, name="Added"):
    amount: int


counter: Decider[int, Add, Added] = Decider(
    category="count",
    retention="things",
    initial=0,
    decide=lambda _, command: [Added(at=command.at, amount=command.amount)],
    evolve=lambda total, event: total + event.amount,
)


def handler(store: EventStore) -> CommandHandler:
    vault = Vault(MemoryKeyStore(), bytes(32))
    return CommandHandler("count", store, EventCodec(EventRegistry("count", [Added]), vault), vault, b"key")


async def append(store: EventStore, name: str, number: int) -> str:
    await asyncio.sleep(number * APART)
    if number % 2:
        await store.append(draft(f"own:{name}:{uuid.uuid4()}", events=1 + number % 3))
        return "own"
    meta = Metadata(pk="p", actor=name, actor_kind="member", correlation_id="c")
    stream = f"count:{number % SHARED}"
    try:
        await handler(store).handle(counter, stream, Add(at=START, amount=1), cmd=str(uuid.uuid4()), meta=meta)
    except Conflict:
        return "conflict"
    return "shared"


async def main(database: str, name: str) -> None:
    configure("count", level="critical")
    store = MongoEventStore(connect(os.environ["MONGO_URL"]), database, SystemClock())
    await store.head()
    print("ready", flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        outcomes = await asyncio.gather(*(append(store, name, number) for number in range(APPENDS)))
        print(json.dumps(Counter(outcomes)), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
