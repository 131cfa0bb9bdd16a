"""Keys of old months go when the service's clock says so, however fast it goes."""

import asyncio
from contextlib import suppress
from typing import Any, cast

from services.console.acts.old_reads import for_ever
from tests.services.console.world import World

DAY = 86_400


async def test_a_clock_that_leaps_is_followed(console: World) -> None:
    task = asyncio.create_task(for_ever(cast("Any", console.service), console.clock, 12, pause=0))
    await _until(lambda: True)
    assert console.service.types() == []
    console.clock.move(370 * DAY)
    await _until(lambda: "AccessKeyDestroyed" in console.service.types())
    console.clock.move(31 * DAY)
    await _until(lambda: console.service.types().count("AccessKeyDestroyed") == 2)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _until(look: Any) -> None:
    for _ in range(200):
        await asyncio.sleep(0)
    assert look()
