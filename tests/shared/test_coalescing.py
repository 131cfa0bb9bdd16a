"""Group commit for readers: what waits goes together, in order, and each caller hears of its own."""

import asyncio
from collections.abc import Sequence

import pytest

from shared import coalescing
from shared.coalescing import Coalescer


class Sink:
    """Handles batches one at a time, each when it is told to."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate = asyncio.Semaphore(0)
        self.running = self.most = 0

    async def __call__(self, items: Sequence[int]) -> None:
        self.batches.append(list(items))
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await self.gate.acquire()
            if -1 in items:
                raise ZeroDivisionError
        finally:
            self.running -= 1


async def started(coalescer: Coalescer[int], *batches: Sequence[int]) -> list[asyncio.Task[None]]:
    tasks = []
    for batch in batches:
        tasks.append(asyncio.create_task(coalescer(batch)))
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_what_comes_while_a_write_is_under_way_goes_together_into_the_next_in_order():
    sink = Sink()
    tasks = await started(Coalescer(sink), [1, 2], [3], [4, 5], [6])
    assert sink.batches == [[1, 2]]
    sink.gate.release()
    await tasks[0]
    await asyncio.sleep(0)
    assert sink.batches == [[1, 2], [3, 4, 5, 6]]
    assert not any(task.done() for task in tasks[1:])
    sink.gate.release()
    await asyncio.gather(*tasks)
    assert sink.most == 1


async def test_a_single_batch_goes_at_once_and_returns_when_it_is_handled():
    sink = Sink()
    [task] = await started(Coalescer(sink), [1])
    assert sink.batches == [[1]]
    assert not task.done()
    sink.gate.release()
    await asyncio.wait_for(task, 1)


async def test_several_lanes_work_side_by_side_and_no_more():
    sink = Sink()
    tasks = await started(Coalescer(sink, lanes=2), [1], [2], [3])
    assert sink.batches == [[1], [2]]
    for _ in tasks:
        sink.gate.release()
    await asyncio.gather(*tasks)
    assert sink.batches == [[1], [2], [3]]
    assert sink.most == 2


async def test_a_long_queue_is_cut_between_batches():
    sink = Sink()
    half = list(range(coalescing.MAX // 2))
    tasks = await started(Coalescer(sink), [0], half, half, [7], [*half, *half, *half])
    for _ in tasks:
        sink.gate.release()
    await asyncio.gather(*tasks)
    assert [len(batch) for batch in sink.batches] == [1, coalescing.MAX, 1, coalescing.MAX // 2 * 3]


async def test_a_failure_is_told_to_those_who_were_in_the_write_and_the_next_goes_on():
    sink = Sink()
    coalescer = Coalescer(sink)
    tasks = await started(coalescer, [0], [-1], [1])
    for _ in range(3):
        sink.gate.release()
    first, *together = await asyncio.gather(*tasks, return_exceptions=True)
    assert first is None
    assert [type(one) for one in together] == [ZeroDivisionError, ZeroDivisionError]
    await coalescer([5])
    assert sink.batches[-1] == [5]


async def test_a_cancelled_caller_stops_neither_its_batch_nor_the_others():
    sink = Sink()
    tasks = await started(Coalescer(sink), [0], [1], [2])
    tasks[1].cancel()
    for _ in range(2):
        sink.gate.release()
    await asyncio.gather(tasks[0], tasks[2])
    assert sink.batches == [[0], [1, 2]]
    with pytest.raises(asyncio.CancelledError):
        await tasks[1]


async def test_when_a_write_is_cancelled_nothing_new_is_begun_and_those_who_wait_are_told():
    sink = Sink()
    tasks = await started(Coalescer(sink), [0], [1], [2])
    [write] = [one for one in asyncio.all_tasks() if "Coalescer._run" in repr(one)]
    write.cancel()
    assert [type(one) for one in await asyncio.gather(*tasks, return_exceptions=True)] == [asyncio.CancelledError] * 3
    await asyncio.sleep(0)
    assert sink.batches == [[0]]
