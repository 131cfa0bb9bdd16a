"""Answers that must not differ in time, whatever they say."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def evenly(seconds: float) -> AsyncIterator[None]:
    """Let the block end after the same time, however it ends."""
    loop = asyncio.get_running_loop()
    due = loop.time() + seconds
    try:
        yield
    finally:
        await asyncio.sleep(max(0.0, due - loop.time()))
