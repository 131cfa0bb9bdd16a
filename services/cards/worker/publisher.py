"""Numbers the oppositions in the order of the log, and publishes them: the n-th `VitaleOpposed` is number n.

The number of an opposition follows from the log alone, so it is given once and stays, whoever is killed: rows are
inserted under the number itself, and a worker that was overtaken finds it taken and starts over. A crash between
sending and the checkpoint sends the same record again, under the same key.
"""

import asyncio
import datetime as dt
from typing import Any, Final

from services.cards.access.opposition import SCANNED, SENT, OppositionList
from services.cards.domain import events as e
from services.cards.domain import order_events as o
from services.cards.domain.days import PARIS
from shared.event_store.protocol import Commit, Corrupted
from shared.kafka import KafkaError, discard
from shared.kernel import Erased
from shared.leases import LeaseLost
from shared.mongo import DuplicateKeyError, PyMongoError
from shared.service import Service
from shared.telemetry import logger
from shared.wakeup import ChangeStream

TOPIC: Final = "cards.opposition.v1"
IDLE: Final = 1.0
BACKOFF: Final = 0.5
PATIENCE: Final = 30.0


class Publisher:
    """The one active publisher; others wait for its lease."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._list = OppositionList(service.database)
        self._lease = service.lease("opposition")
        self._wake = ChangeStream(service.database["commits"])
        self._log = logger("opposition")

    async def run(self) -> None:
        """Lead whenever the lease allows it, until cancelled.

        Raises:
            Corrupted: the log is not the one that was published from: stop, alarm, let a person look.
        """
        await self._list.prepare()
        while True:
            try:
                if await self._lease.acquire():
                    await self._lead()
            except DuplicateKeyError:
                self._log.warning("opposition list: overtaken")
            except (KafkaError, PyMongoError, LeaseLost, TimeoutError, OSError) as error:
                self._log.warning("opposition list waits", error=type(error).__name__)
            await asyncio.sleep(BACKOFF)

    async def _lead(self) -> None:
        await self._check_history()
        producer = self._service.kafka.producer()
        try:
            await producer.start()
            while True:
                await self._lease.keep()
                more = await self.number()
                await self._send(producer)
                await self.keep_day()
                if not more:
                    await self._wake.wait(IDLE)
        finally:
            await discard(producer)

    async def number(self) -> bool:
        """Give numbers to the oppositions of the next window of the log; whether there was one."""
        scanned = await self._list.reached(SCANNED)
        commits = await self._service.store.window(scanned)
        for commit in commits:
            for index, stored in enumerate(commit["ev"]):
                if stored["type"] == e.VitaleOpposed.NAME:
                    await self._number(commit, index)
        if commits:
            await self._list.reach(SCANNED, commits[-1]["_id"])
        return bool(commits)

    async def _number(self, commit: Commit, index: int) -> None:
        last = await self._list.last()
        place = (commit["_id"], index)
        if last and (last["position"], last["index"]) >= place:
            return
        row = await self._row(commit, index)
        if row is None:
            self._log.error("an opposition of an erased card cannot be published", position=commit["_id"])
            return
        await self._list.add({"_id": last["_id"] + 1 if last else 1, **row})

    async def _row(self, commit: Commit, index: int) -> dict[str, Any] | None:
        recorded = await self._service.codec.decode(await self._service.store.stream(commit["s"]))
        events = [entry.event for entry in recorded]
        opposed = next(entry.event for entry in recorded if (entry.position, entry.index) == (commit["_id"], index))
        assert isinstance(opposed, e.VitaleOpposed)
        made = [one for one in events if isinstance(one, e.VitaleIssued | o.VitaleReplacementSent)]
        serial = next(one.serial for one in made if one.card_id == opposed.card_id)
        if isinstance(serial, Erased):
            return None
        place = {"position": commit["_id"], "index": index, "commit": commit["h"]}
        return {"serial": serial, "at": opposed.opposed_at, **place}

    async def _send(self, producer: Any) -> None:
        while entries := await self._list.after(await self._list.reached(SENT)):
            async with asyncio.timeout(PATIENCE):
                acks = [
                    await producer.send(TOPIC, key=str(entry.sequence).encode(), value=entry.line())
                    for entry in entries
                ]
                await asyncio.gather(*acks)
            await self._list.reach(SENT, entries[-1].sequence)

    async def keep_day(self) -> None:
        """The snapshot of this day, if there is none yet."""
        day: dt.date = self._service.clock.now().astimezone(PARIS).date()
        if await self._list.snapshot(day) is None:
            await self._list.take_snapshot(day)

    async def _check_history(self) -> None:
        last = await self._list.last()
        window = await self._service.store.window(last["position"] - 1, 1) if last else []
        if last and (not window or window[0]["h"] != last["commit"]):
            raise Corrupted(f"position {last['position']} was published, and the store does not hold it")
