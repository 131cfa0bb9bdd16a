"""A handler that remembers what it was told, and fails where it is told to; deliveries with places on a topic."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shared.messaging import Delivered
from shared.reactor import Reactor
from shared.service import Service
from tests.shared.toybox import fill, log_of, opened_and_filled

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
Told = tuple[str, int]


@dataclass
class Recorder:
    """What a reactor calls."""

    name: str = "recorder"
    since: dt.datetime = EPOCH
    types: tuple[str, ...] = ("BoxOpened", "BoxFilled")
    told: list[Told] = field(default_factory=list)
    failing: dict[Told, list[BaseException]] = field(default_factory=dict)
    """Errors still to be raised for a stream's version; the last one again and again."""

    def wants(self, event_type: str) -> bool:
        return event_type in self.types

    async def handle(self, delivery: Delivered) -> str:
        one = (delivery.stream.removeprefix("box:"), delivery.version)
        if errors := self.failing.get(one):
            raise errors.pop(0) if len(errors) > 1 else errors[0]
        self.told.append(one)
        return "accepted"

    def fails(self, person: str, version: int, *errors: BaseException) -> None:
        self.failing[(person, version)] = list(errors)


class Once(Recorder):
    """Raises each error once."""

    async def handle(self, delivery: Delivered) -> str:
        one = (delivery.stream.removeprefix("box:"), delivery.version)
        if errors := self.failing.get(one):
            raise errors.pop(0)
        return await super().handle(delivery)


class Topic:
    """The log of a service as a topic holds it: each record has a place, and can be fetched again."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.records: list[Delivered] = []

    async def filled(self, **streams: Sequence[int]) -> "Topic":
        await fill(self.service, [opened_and_filled(name, *amounts) for name, amounts in streams.items()])
        self.records = [
            replace(one, place=("toy.events.v1", 0, offset)) for offset, one in enumerate(await log_of(self.service))
        ]
        return self

    def of(self, person: str, *versions: int) -> list[Delivered]:
        found = {one.version: one for one in self.records if one.stream == f"box:{person}"}
        return [found[version] for version in versions] if versions else list(found.values())

    async def fetch(self, pointers: Sequence[Mapping[str, Any]]) -> list[Delivered]:
        return [self.records[pointer["offset"]] for pointer in pointers]


def reactor(service: Service, *handlers: Recorder, patience: float = 0.05) -> Reactor:
    return Reactor("toy", handlers, service.database, service.clock, patience)


async def parked(service: Service) -> dict[str, dict[str, Any]]:
    """The parked rows by person."""
    return {row["stream"].removeprefix("box:"): row for row in await service.parking.rows()}


async def inbox(service: Service) -> dict[str, int]:
    rows = service.database["inbox"].find({"v": {"$exists": True}})
    return {row["_id"].rpartition(":")[2]: row["v"] async for row in rows}
