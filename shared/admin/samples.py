"""What the graphs of operations are drawn from: a measurement every few seconds, kept for an hour. Derived data."""

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from shared.canonical import iso
from shared.mongo import PyMongoError
from shared.telemetry import logger

if TYPE_CHECKING:
    from shared.service.running import Service

EVERY: Final = 5.0
KEPT: Final = dt.timedelta(hours=1)
MOST: Final = 720


async def sample(service: "Service") -> dict[str, Any]:
    """Head, relay lag, the worst lag of a read model in events and seconds, parked keys."""
    database = service.database
    head = await service.store.head()
    relay = await database["relay_checkpoints"].find_one({"_id": "relay"}) or {"position": 0}
    models = [projection.id for projection in service.definition.projections]
    rows = await database["progress"].find({"_id": {"$in": models}}).to_list(None)
    return {
        "at": service.clock.now(),
        "head": head.position,
        "relay_lag": head.position - relay["position"],
        "lag_events": max((row["events"] for row in rows), default=0),
        "lag_seconds": max((row["seconds"] for row in rows), default=0.0),
        "parked": await database["parked"].count_documents({}),
    }


async def keep_sampling(service: "Service") -> None:
    """Measure and remember, for ever; one process of a service does it."""
    lease = service.lease("samples")
    rows = service.database["samples"]
    indexed = False
    while True:
        try:
            if await lease.acquire():
                if not indexed:
                    await rows.create_index("at")
                    indexed = True
                row = await sample(service)
                await rows.insert_one(row)
                await rows.delete_many({"at": {"$lt": row["at"] - KEPT}})
        except PyMongoError as error:
            logger("samples").warning("no sample", error=type(error).__name__)
        await asyncio.sleep(EVERY)


async def series(service: "Service") -> list[dict[str, Any]]:
    """The last hour, oldest first; `rate`: commits a second since the sample before."""
    found = await service.database["samples"].find({}, {"_id": 0}).sort("at", -1).limit(MOST).to_list(MOST)
    found.reverse()
    return [
        {**row, "at": iso(row["at"]), "rate": _rate(before, row)}
        for before, row in zip([found[0], *found] if found else [], found, strict=False)
    ]


def _rate(before: dict[str, Any], row: dict[str, Any]) -> float:
    passed = (row["at"] - before["at"]).total_seconds()
    return float((row["head"] - before["head"]) / passed) if passed > 0 else 0.0
