"""Appends without end, sixteen at a time, every fourth with a claim; says each acknowledged command id at once.

python -m tests.programs.store_writer <database> <own name>; MONGO_URL in the environment. It lives through a restart of
the database: an append without answer is sent again under its own id.
"""

import asyncio
import itertools
import os
import sys

from shared.clock import SystemClock
from shared.event_store import Draft, MongoEventStore, StoreUnavailable
from shared.mongo import connect
from shared.testing.store_cases.kit import draft

AT_ONCE = 16
CLAIMING = 4
"""Every so many appends one claims its stream's name."""


def wanted(name: str, number: int) -> Draft:
    stream = f"box:{name}-{number}"
    return draft(stream, events=number % 3, claims=[f"label:{stream}"] if number % CLAIMING == 1 else ())


async def main(database: str, name: str) -> None:
    store = MongoEventStore(connect(os.environ["MONGO_URL"]), database, SystemClock())
    numbers = itertools.count()

    async def append_without_end() -> None:
        while True:
            one = wanted(name, next(numbers))
            while True:
                try:
                    await store.append(one)
                except StoreUnavailable:
                    continue
                break
            # One write call: a killed process leaves whole lines.
            os.write(1, f"{one.cmd}\n".encode())

    await asyncio.gather(*(append_without_end() for _ in range(AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
