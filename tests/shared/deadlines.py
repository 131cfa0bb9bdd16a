"""A deadline for the toy: a box that was filled is emptied an hour later, unless it was emptied before."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

from shared.deadlines import Deadline, deadlines
from shared.service import Definition, Service
from tests import toy
from tests.shared.toybox import box, log_of, open_box

HOUR = dt.timedelta(hours=1)


def cmd_of(event: Any) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"empty|{event.person_id}|{event.at.isoformat()}"))


def emptied_later(_: Deadline | None, event: toy.BoxFilled | toy.BoxEmptied) -> Deadline | None:
    if isinstance(event, toy.BoxEmptied):
        return None
    return Deadline(
        due_at=event.at + HOUR,
        stream=f"box:{event.person_id}",
        command="Empty",
        data={"person_id": event.person_id},
        cmd=cmd_of(event),
        person_id=event.person_id,
    )


EMPTIER = deadlines(
    "toy.emptier",
    1,
    handles=(toy.BoxFilled, toy.BoxEmptied),
    key=lambda event: event.person_id,
    evolve=emptied_later,
)


def definition(name: str = "toy", commands: Any = (toy.Empty, toy.Put)) -> Definition:
    return replace(toy.definition(name, [toy.summary, EMPTIER]), commands=commands)


class Clock:
    def __init__(self) -> None:
        self.time = toy.T0

    def now(self) -> dt.datetime:
        return self.time


class DeadlineLab:
    """A service with deadlines, on a clock set by hand; `live` folds what was recorded."""

    def __init__(self, service: Service) -> None:
        self.service, self.clock = service, Clock()
        service.clock = self.clock

    async def live(self) -> None:
        await self.service.projector([EMPTIER, toy.summary]).apply(await log_of(self.service))

    async def filled(self, *persons: str) -> None:
        for person in persons:
            await open_box(self.service, 1, person=person)
        await self.live()

    async def fire(self, after: dt.timedelta = HOUR) -> None:
        self.clock.time = toy.T0 + after
        scheduler = self.service.scheduler()
        assert await scheduler._lease.acquire()
        await scheduler.fire_due()
        await scheduler._lease.release()

    async def versions(self, *persons: str) -> list[int]:
        return [(await self.service.state(box(person)))[1] for person in persons]

    async def fired(self) -> dict[str, Any]:
        return {row["_id"]: row async for row in self.service.database["fired"].find()}
