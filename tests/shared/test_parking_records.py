"""What is decided of a parked record that somebody wants read again: handed on, kept, or refused."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest

from shared.clock import SystemClock
from shared.guard import UnknownCommit
from shared.messaging import Delivered
from shared.parking import Parking
from shared.service.resuming import Resumer
from shared.signatures import UnknownSignature

ROW = {
    "_id": "record|toy.events.v1|3|17",
    "kind": "record",
    "consumer": "toy.events.v1",
    "stream": "3",
    "version": 17,
    "event_id": "record|toy.events.v1|3|17",
    "error": "UnknownSignature",
    "request": {"action": "retry", "actor": "ann", "reason": "the key came late"},
}
POINTER = {"topic": "toy.events.v1", "partition": 3, "offset": 17}


def delivered(place: tuple[str, int, int] = ("toy.events.v1", 3, 17)) -> Delivered:
    stored = {"id": "e2", "type": "BoxFilled", "sv": 1, "data": {}}
    return Delivered("toy", stored, "box:p1", 2, 2, 0, dt.datetime.now(dt.UTC), "00", {}, place)  # type: ignore[arg-type]


@dataclass
class Rows:
    """The collection of parked rows: remembers what was done to it."""

    done: list[Any] = field(default_factory=list)

    async def update_one(self, _: Any, change: Any, **_more: Any) -> None:
        self.done.append(change)

    async def delete_one(self, which: Any) -> None:
        self.done.append(which)


@dataclass
class Line:
    """What lies at a place, and who reads it: either may raise."""

    found: Delivered | Exception
    refusing: Exception | None = None
    told: list[Delivered] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)

    async def fetch(self, pointers: Any) -> list[Delivered]:
        self.asked.extend(pointers)
        if isinstance(self.found, Exception):
            raise self.found
        return [self.found]

    async def read(self, deliveries: Any) -> None:
        if self.refusing:
            raise self.refusing
        self.told.extend(deliveries)

    async def carried_out(self, topic: str = "toy.events.v1") -> Any:
        """The only thing done to the row."""
        rows = Rows()
        parking = Parking({"parked": rows}, SystemClock())  # type: ignore[arg-type,dict-item]
        resumer = Resumer("copy", parking, {}, {}, {topic: self.read}, None, self.fetch, SystemClock())  # type: ignore[arg-type]
        await resumer.carry_out({**ROW})
        [done] = rows.done
        return done


async def test_a_record_that_is_believed_by_now_is_handed_on_and_its_row_goes() -> None:
    line = Line(delivered())
    assert await line.carried_out() == {"_id": ROW["_id"]}
    assert (line.asked, line.told) == ([POINTER], [line.found])


@pytest.mark.parametrize(
    "line", [Line(UnknownSignature()), Line(KeyError("ce_type")), Line(delivered(), refusing=UnknownCommit())]
)
async def test_one_that_still_is_not_stays_with_its_count_raised_and_its_request_done(line: Line) -> None:
    change = await line.carried_out()
    error = line.refusing or line.found
    assert (change["$set"]["error"], change["$inc"]) == (type(error).__name__, {"attempts": 1})
    assert "request" in change["$unset"]
    assert line.told == []


@pytest.mark.parametrize(
    ("line", "topic", "said"),
    [
        (Line(delivered(("toy.events.v1", 3, 18))), "toy.events.v1", "Rejected"),  # the broker begins later by now
        (Line(delivered()), "other.events.v1", "Rejected"),  # nobody here reads its topic any more
        (Line(TimeoutError()), "toy.events.v1", "TimeoutError"),
    ],
)
async def test_what_cannot_be_read_again_is_refused_and_says_nothing_of_the_record(
    line: Line, topic: str, said: str
) -> None:
    change = await line.carried_out(topic)
    assert change["$set"]["refused"] == said
    assert "error" not in change["$set"]
    assert line.told == []
