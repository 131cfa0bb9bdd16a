"""Appends 50 times at once when told to: half to boxes of its own, half through the command handler to shared ones.

python -m tests.programs.store_append <database> <own name>; MONGO_URL in the environment. Says `ready`, waits for a
line, and answers with one line of JSON: how each append ended.
"""

import asyncio
import json
import os
import sys
from collections import Counter

from shared.clock import SystemClock
from shared.event_store import Conflict, MongoEventStore
from shared.mongo import connect
from shared.personal_data import MongoKeyStore, Vault
from shared.telemetry import configure
from shared.testing.store_cases.kit import draft
from tests.parts import Toy, metadata, put

APPENDS = 50
SHARED = 5
APART = 0.006
"""Seconds between two, so that the processes write small batches between each other's."""


async def main(database: str, name: str) -> None:
    configure("toy", level="critical")
    client = connect(os.environ["MONGO_URL"])
    store = MongoEventStore(client, database, SystemClock())
    toy = Toy(store, Vault(MongoKeyStore(client, database), bytes(32)))

    async def append(number: int) -> str:
        await asyncio.sleep(number * APART)
        if number % 2:
            await store.append(draft(f"box:{name}-{number}", events=1 + number % 3))
            return "own"
        try:
            await toy.send(put(), box=f"box:shared-{number % SHARED}", meta=metadata(actor=name))
        except Conflict:
            return "conflict"
        return "shared"

    await store.head()
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    outcomes = await asyncio.gather(*(append(number) for number in range(APPENDS)))
    print(json.dumps(Counter(outcomes)), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
