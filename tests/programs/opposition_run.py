"""Publishes the list of oppositions, and dies at a chosen step of the n-th opposition or of its sending."""

import asyncio
import os
import signal
from typing import Any

from services.cards.access.opposition import SCANNED, SENT, OppositionList
from services.cards.main import definition
from services.cards.settings import Settings
from services.cards.worker.publisher import Publisher
from shared.service import Service
from tests.programs.effect_mail import Fate, fate_of
from tests.programs.worker_rounds import run_rounds
from tests.services.cards.opposing import lose

POINTS = ("row", "numbered", "scanning", "scanned", "sending", "acknowledged", "sent")
MORE_THAN_ONCE = ("row", "numbered")
"""Passed for every opposition; what is sent together is sent once."""
PATIENCE = 60.0
"""Seconds after which a round that should have ended has failed."""


class MortalList(OppositionList):
    """Dies before and after each of its writes."""

    fate: Fate

    async def add(self, row: dict[str, Any]) -> None:
        self.fate.at("row")
        await super().add(row)
        self.fate.at("numbered")

    async def reach(self, name: str, value: int) -> None:
        self.fate.at("acknowledged" if name == SENT else "scanning")
        await super().reach(name, value)
        self.fate.at("sent" if name == SENT else "scanned")

    async def take_snapshot(self, day: Any) -> None:
        await super().take_snapshot(day)
        self.fate.at("day")


class MortalPublisher(Publisher):
    """Dies while its records are on their way."""

    fate: Fate

    async def _send(self, producer: Any) -> None:
        if self.fate.meets("sending"):
            asyncio.get_running_loop().call_later(self.fate.seconds, os.kill, os.getpid(), signal.SIGKILL)
        await super()._send(producer)


async def child(round_: dict[str, Any]) -> None:
    settings = Settings()
    service = Service(definition(settings), settings)
    await service.database["leases"].delete_many({})  # that of a dead one would be waited for
    publisher, entries = MortalPublisher(service), MortalList(service.database)
    publisher.fate = entries.fate = fate(round_)
    publisher._list = entries
    for person in round_["lose"]:
        await lose(service, person)
    running = asyncio.ensure_future(publisher.run())  # not before: a busy machine would die with a loss not told
    dies = "point" in round_ or "seed" in round_
    async with asyncio.timeout(PATIENCE):
        while not running.done() and (dies or not await complete(service, entries)):
            await asyncio.wait({running}, timeout=0.02)
    running.cancel()
    await asyncio.wait({running})
    await service.close()


def fate(round_: dict[str, Any]) -> Fate:
    """The point of the round, or one drawn from its seed."""
    if "point" in round_:
        return Fate(round_["point"], 1, 0.0)
    drawn = fate_of(round_, POINTS)
    return drawn if drawn.point in MORE_THAN_ONCE else Fate(drawn.point, 1, drawn.seconds)


async def complete(service: Service, entries: OppositionList) -> bool:
    """Whether the whole log was looked through, and all that was found is sent."""
    last = await entries.last()
    head = (await service.store.head()).position
    return await entries.reached(SCANNED) >= head and await entries.reached(SENT) == (last["_id"] if last else 0)


if __name__ == "__main__":
    run_rounds(child)
