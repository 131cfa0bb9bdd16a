"""Runs a relay that signals its own process at a chosen point: SIGKILL, or SIGSTOP until somebody wakes it.

python -m tests.programs.relay_run <database> <service> <point> <window> <signal>; MONGO_URL and KAFKA_* in the
environment. Points: `read` (a window was read), `sending` (half of it is queued and on its way), `sent` (all of it is
acknowledged), `moved` (the checkpoint, too), `never`. The n-th window counts.
"""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaProducer

from shared.clock import SystemClock
from shared.event_store import Commit, EventStore, MongoEventStore
from shared.kafka import KafkaAccess
from shared.leases import Lease
from shared.mongo import connect
from shared.relay import MongoCheckpoints, Relay
from shared.telemetry import configure
from shared.wakeup import ChangeStream
from tests.signed import provenance, signer

WINDOW = 7
"""Commits in one window, so that a small log has several."""
LEASE = 1.0


@dataclass
class Point:
    """Where the process is hit."""

    name: str
    window: int
    signal: signal.Signals
    windows: int = field(default=0, init=False)

    def reached(self, name: str) -> None:
        if name == self.name and self.windows == self.window:
            os.kill(os.getpid(), self.signal)
            self.name = "never"


class SmallWindows:
    """A store read in small windows."""

    def __init__(self, store: EventStore, point: Point) -> None:
        self._store = store
        self._point = point

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def window(self, after: int, limit: int = WINDOW) -> list[Commit]:
        found = await self._store.window(after, min(limit, WINDOW))
        if found and limit > 1:  # one commit alone is read to compare histories
            self._point.windows += 1
            self._point.reached("read")
        return found


class HitCheckpoints(MongoCheckpoints):
    def __init__(self, database: Any, point: Point) -> None:
        super().__init__(database)
        self._point = point

    async def advance(self, commit: Commit, epoch: int) -> None:
        self._point.reached("sent")
        await super().advance(commit, epoch)
        self._point.reached("moved")


class HitProducer(AIOKafkaProducer):
    point: Point

    async def send(self, *args: Any, **kwargs: Any) -> Any:
        self.sends = getattr(self, "sends", 0) + 1
        if self.sends % WINDOW == WINDOW // 2:
            await asyncio.sleep(0.05)  # what is queued goes out
            self.point.reached("sending")
        return await super().send(*args, **kwargs)


@dataclass(frozen=True)
class HitAccess(KafkaAccess):
    point: Point | None = None

    def producer(self) -> AIOKafkaProducer:
        producer = super().producer()
        producer.__class__ = HitProducer
        assert self.point
        producer.point = self.point
        return producer


async def main(database: str, service: str, name: str, window: str, number: str) -> None:
    configure(service, level="warning")
    point = Point(name, int(window), signal.Signals[number])
    client = connect(os.environ["MONGO_URL"])
    store = MongoEventStore(client, database, SystemClock())
    names = ("KAFKA_BOOTSTRAP", "KAFKA_USERNAME", "KAFKA_PASSWORD")
    kafka = HitAccess(*(os.environ[name] for name in names), point=point)
    relay = Relay(
        service,
        SmallWindows(store, point),
        HitCheckpoints(client[database], point),
        Lease(client[database], "relay", f"{service}-{os.getpid()}", LEASE),
        kafka,
        ChangeStream(store.log.commits),
        SystemClock(),
        signer(service),
        provenance(service, client[database], kafka),
    )
    await relay.run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
