"""Group commit for readers: what arrives while a write is under way goes together into the next one.

Twelve partitions that each write their own small transaction spend most of their time waiting for one another.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

MAX = 2000
"""Items in one write; a longer queue is cut."""


class Coalescer(Generic[T]):
    """Calls `handle` with everything that waits, at most `lanes` calls at a time; each caller waits for its own.

    With one lane, batches are handled in the order in which they came.
    """

    def __init__(self, handle: Callable[[Sequence[T]], Awaitable[None]], lanes: int = 1) -> None:
        self._handle = handle
        self._lanes = lanes
        self._waiting: deque[tuple[Sequence[T], asyncio.Future[None]]] = deque()
        self._running: set[asyncio.Task[None]] = set()

    async def __call__(self, items: Sequence[T]) -> None:
        """Hand over a batch; returns once it is handled. A cancelled caller's batch is handled all the same."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((items, done))
        self._start()
        await done

    def _start(self) -> None:
        if self._waiting and len(self._running) < self._lanes:
            task = asyncio.create_task(self._run(self._take()))
            self._running.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if task.cancelled():  # the process ends: nothing is begun any more
            for _, done in self._waiting:
                done.cancel()
            self._waiting.clear()
        self._start()

    def _take(self) -> list[tuple[Sequence[T], asyncio.Future[None]]]:
        taken: list[tuple[Sequence[T], asyncio.Future[None]]] = []
        count = 0
        while self._waiting and (not taken or count + len(self._waiting[0][0]) <= MAX):
            taken.append(self._waiting.popleft())
            count += len(taken[-1][0])
        return taken

    async def _run(self, taken: Sequence[tuple[Sequence[T], asyncio.Future[None]]]) -> None:
        try:
            await self._handle([item for items, _ in taken for item in items])
        except BaseException as error:
            for _, done in taken:
                if not done.done():
                    done.set_exception(error if isinstance(error, Exception) else asyncio.CancelledError())
            if not isinstance(error, Exception):
                raise
        for _, done in taken:
            if not done.done():
                done.set_result(None)
