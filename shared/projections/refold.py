"""Folding streams again: a parked key from its cursor on, or whole streams from their first events (DESIGN §5)."""

import asyncio
from collections.abc import Collection
from typing import Any

from shared.projections.projector import Projector
from shared.projections.writes import Collision


async def resume(projector: Projector, row: dict[str, Any], *, skip: bool = False) -> bool:
    """Fold a parked stream from its cursor on, without its failing version if `skip`; whether all went.

    Raises:
        Collision: somebody else is at it.
    """
    [projection] = [one for one in projector.projections if one.id == row["consumer"]]
    stream = row["stream"]
    working = projector.working_set(projection)
    await working.load_streams([stream])
    if not working.is_parked(projection, stream):
        return True
    working.resume(projection, stream)
    before = working.version(projection, stream)
    if skip and before == row["version"] - 1:  # otherwise it was skipped already, and waits behind a later one
        working.advance(projection, stream, row["version"])
    await projector.fold(working, await projector.events(stream, before), park=True)
    went = not working.is_parked(projection, stream)
    after = working.version(projection, stream)
    await working.flush()
    if went:
        await _catch_up(projector, {stream: after})
    return went


async def refold(projector: Projector, streams: Collection[str]) -> int:
    """Fold these streams from their first events, in one transaction; how many events.

    Every document they feed is made anew from them alone: streams that feed the same documents go together. The live
    worker may run on: whoever writes second starts over.
    """
    while True:
        working = projector.working_set(anew=True)
        deliveries = [one for stream in streams for one in await projector.events(stream)]
        await projector.fold(working, deliveries, park=True)
        resumed = {stream: working.lowest(stream) for stream in working.resumed}
        try:
            await working.flush()
        except Collision:
            await asyncio.sleep(0.01)
            continue
        await _catch_up(projector, resumed)
        return len(deliveries)


async def _catch_up(projector: Projector, streams: dict[str, int]) -> None:
    """Fold what the live worker left aside while these streams still were parked, and nobody delivers again."""
    behind = [one for stream, version in streams.items() for one in await projector.events(stream, version)]
    if behind:
        await projector.apply(behind)
