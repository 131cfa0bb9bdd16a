"""Which version of a read model its readers see: one pointer document per projection, flipped in one write."""

import time

from shared.mongo import Database, DuplicateKeyError
from shared.projections.documents import AnyProjection

CACHE_SECONDS = 0.5


class Pointers:
    """`pointers/<name>`: {version, previous}. A flip is seen by every reader within half a second."""

    def __init__(self, database: Database) -> None:
        self._rows = database["pointers"]
        self._versions: dict[str, int] = {}
        self._until = 0.0

    async def first(self, projection: AnyProjection) -> int:
        """The version readers see; a projection that never had one starts with this one's."""
        row = await self._rows.find_one({"_id": projection.name})
        if row is None:
            try:
                await self._rows.insert_one({"_id": projection.name, "version": projection.version, "previous": None})
            except DuplicateKeyError:
                return await self.first(projection)
            return projection.version
        return int(row["version"])

    async def live(self, projection: AnyProjection) -> str:
        """The id (collection and cursor field) that readers of this projection use now."""
        if self._until < time.monotonic():
            self._versions = {row["_id"]: int(row["version"]) async for row in self._rows.find()}
            self._until = time.monotonic() + CACHE_SECONDS
        version = self._versions.get(projection.name)
        if version is None:
            version = self._versions[projection.name] = await self.first(projection)
        return projection.model_id(version)

    async def flip(self, projection: AnyProjection) -> bool:
        """Let readers see this projection's version; False if they do already."""
        current = await self.first(projection)
        if current == projection.version:
            return False
        moved = await self._rows.update_one(
            {"_id": projection.name, "version": current},
            {"$set": {"version": projection.version, "previous": current}},
        )
        self._until = 0.0
        return bool(moved.modified_count)

    async def roll_back(self, name: str) -> bool:
        """Let readers see the version they saw before the last flip; False if there was none."""
        row = await self._rows.find_one({"_id": name})
        if row is None or row["previous"] is None:
            return False
        moved = await self._rows.update_one(
            {"_id": name, "version": row["version"]},
            {"$set": {"version": row["previous"], "previous": row["version"]}},
        )
        self._until = 0.0
        return bool(moved.modified_count)
