"""A world that takes messages, and a lab in which one event has its effect."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from shared.effects import Effect, EffectHandler, message_id
from shared.service import Service
from tests import toy
from tests.shared.toybox import log_of, open_box

SETTLED = 0.4


@dataclass
class World:
    """Takes messages, and behaves as badly as it is told to: (when, what) for each try."""

    plan: list[tuple[Literal["before", "after"], Exception]] = field(default_factory=list)
    answers: bool = True
    slow: float = 0.0
    taken: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    told: list[str] = field(default_factory=list)
    deaf: list[Exception] = field(default_factory=list)

    async def run(self, event: toy.BoxOpened, identity: str) -> None:
        when, error = self.plan.pop(0) if self.plan else ("never", None)
        if when == "before" and error:
            raise error
        await asyncio.sleep(self.slow)
        self.taken[identity] += 1
        if error:
            raise error

    async def was_accepted(self, identity: str) -> bool | None:
        self.asked += 1
        return identity in self.taken if self.answers else None

    async def finished(self, event: toy.BoxOpened, identity: str, outcome: str) -> None:
        if self.deaf:
            raise self.deaf.pop(0)
        self.told.append(outcome)


class EffectLab:
    """One event, and handlers that bring its effect about."""

    def __init__(self, service: Service, event: Any) -> None:
        self.service, self.event, self.world = service, event, World()

    @classmethod
    async def of(cls, service: Service) -> "EffectLab":
        await open_box(service)
        [event] = await log_of(service)
        return cls(service, event)

    def handler(self, **more: Any) -> EffectHandler:
        effect = Effect("welcome", toy.BoxOpened, self.world.run, self.world.was_accepted, **more)
        service = self.service
        return EffectHandler(effect, service.codec, service.database, service.clock, "toy", SETTLED)

    async def handle(self, **more: Any) -> str:
        """As a reactor does: again after an error that will pass."""
        while True:
            try:
                return await asyncio.wait_for(self.handler(**more).handle(self.event), 20)
            except OSError:
                await asyncio.sleep(0.01)

    @property
    def identity(self) -> str:
        return message_id(self.event.stored["id"], "welcome")

    async def row(self) -> dict[str, Any]:
        [found] = await self.service.database["effects"].find().to_list(None)
        return found
