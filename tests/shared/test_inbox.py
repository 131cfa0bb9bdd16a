"""The inbox: partitions that look and write at the same moment do so together."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from shared.inbox import Inbox, Lane
from shared.mongo import Database
from shared.testing.clock import HandClock

AT = dt.datetime(2026, 11, 24, 6, 0, tzinfo=dt.UTC)
PARTITIONS = 12


class Rows:
    """A collection that is busy until it is let go, and counts."""

    def __init__(self, rows: Sequence[dict[str, Any]] = ()) -> None:
        self.rows = rows
        self.free = asyncio.Event()
        self.looks: list[int] = []
        self.writes: list[int] = []

    def find(self, wanted: dict[str, Any], *_: Any) -> "Rows":
        self.looks.append(len(wanted["_id"]["$in"]))
        return self

    async def to_list(self, _: None) -> Sequence[dict[str, Any]]:
        await self.free.wait()
        return self.rows

    async def bulk_write(self, moves: Sequence[Any], *, ordered: bool) -> None:
        assert not ordered
        self.writes.append(len(moves))
        await self.free.wait()


async def test_what_came_meanwhile_is_looked_up_at_once_and_each_gets_its_own() -> None:
    rows, parked = Rows([{"_id": "mails|s3", "v": 7}]), Rows([{"_id": "mails|s5"}])
    inbox = Inbox(cast("Database", {"inbox": rows, "parked": parked}), HandClock(AT))
    asked = [asyncio.create_task(inbox.lanes(["mails"], [f"s{number}"])) for number in range(PARTITIONS)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    rows.free.set()
    parked.free.set()
    lanes = [lane for [lane] in await asyncio.gather(*asked)]
    assert (rows.looks, parked.looks) == ([1, 11], [1, 11])
    assert [lane.version for lane in lanes] == [0, 0, 0, 7, *[0] * 8]
    assert [lane.stream for lane in lanes if lane.parked] == ["s5"]


async def test_what_was_done_meanwhile_is_written_at_once() -> None:
    rows = Rows()
    inbox = Inbox(cast("Database", {"inbox": rows, "parked": rows}), HandClock(AT))
    moved = [Lane("mails", f"s{number}", 1, parked=False) for number in range(PARTITIONS)]
    written = [asyncio.create_task(inbox.move([lane])) for lane in moved]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not any(task.done() for task in written)
    rows.free.set()
    await asyncio.gather(*written)
    assert rows.writes == [1, 11]


async def test_nothing_moved_is_nothing_written() -> None:
    rows = Rows()
    await Inbox(cast("Database", {"inbox": rows, "parked": rows}), HandClock(AT)).move([])
    assert rows.writes == []
