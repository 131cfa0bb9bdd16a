"""Read models against the store: documents from all over the key space, each folded again from its events."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from shared.kernel import Value
from shared.projections.documents import AnyProjection
from shared.projections.explain import differing, explain

if TYPE_CHECKING:
    from shared.service.running import Service

PLACES: Final = 64
"""Of the key space of UUIDs, at equal distances: from each place the next document is taken."""
FEW: Final = 256
"""So many documents are all looked at."""
SOON: Final = 1.0
"""Seconds after which a document that differs is looked at once more: it may just have been written."""


@dataclass
class ModelCheck:
    """`unexplained`: documents that are kept under another name than a person's, and so not found by it."""

    projection: str
    checked: int = 0
    unexplained: int = 0
    different: int = 0
    first: dict[str, object] | None = field(default=None)
    """Key and fields of the first that differs; never a value."""


async def models_against_store(service: "Service", projection: AnyProjection) -> ModelCheck:
    """Fold a sample of the live documents again, and say where they differ."""
    live = projection.at(await service.pointers.live(projection))
    result = ModelCheck(projection.name)
    for key in await _sample(service, live):
        different = await _difference(service, live, key)
        if different:
            await asyncio.sleep(SOON)
            different = await _difference(service, live, key)
        if different is None:
            result.unexplained += 1
            continue
        result.checked += 1
        if different:
            result.different += 1
            result.first = result.first or {"key": key, "fields": different}
    return result


async def _sample(service: "Service", live: AnyProjection) -> list[str]:
    collection = service.database[live.id]
    few = await collection.find({}, {"_id": 1}).limit(FEW + 1).to_list(FEW + 1)
    if len(few) <= FEW:
        return [row["_id"] for row in few]
    keys: dict[str, None] = {}
    for place in range(PLACES):
        low = f"{place * 256 // PLACES:02x}"
        for row in await collection.find({"_id": {"$gte": low}}, {"_id": 1}).sort("_id", 1).limit(1).to_list(1):
            keys[row["_id"]] = None
    return list(keys)


async def _difference(service: "Service", live: AnyProjection, key: str) -> list[str] | None:
    """The fields that differ; None where the document cannot be found by its name, or its key is parked."""
    found = await explain(service.store, service.codec, live, key)
    if not found.steps or found.failure:
        return None
    document: Value | None = await service.queries.get(live, key)
    return differing(found.document, document)
