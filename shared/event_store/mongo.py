"""The event store on MongoDB: a log, and the writer in front of it."""

from collections.abc import Awaitable, Collection, Sequence

from shared.clock import Clock
from shared.event_store.log import Log
from shared.event_store.protocol import WINDOW, Appended, Commit, Draft, Head, Signal
from shared.event_store.writer import Writer
from shared.mongo import Client


class MongoEventStore:
    """One database per service. Needs a replica set, also of one node (claims are transactions)."""

    def __init__(self, client: Client, database: str, clock: Clock, signal: Signal = lambda: None) -> None:
        self.database = client[database]
        self.log = Log(client, self.database)
        self._writer = Writer(self.log, clock, signal)

    async def prepare(self) -> None:
        """Create the indexes; safe to repeat."""
        await self.log.create_indexes()

    async def close(self) -> None:
        """Finish the appends under way."""
        await self._writer.close()

    def append(self, draft: Draft) -> Awaitable[Appended]:
        return self._writer.submit(draft)

    async def head(self) -> Head:
        return await self.log.head()

    async def window(self, after: int, limit: int = WINDOW) -> list[Commit]:
        return await self.log.window(after, limit)

    async def stream(self, stream: str, after_version: int = 0) -> list[Commit]:
        return await self.log.stream(stream, after_version)

    async def later(self, stream: str, version: int) -> list[Commit]:
        return await self.log.later(stream, version)

    async def command(self, cmd: str) -> Commit | None:
        return (await self.log.commands([cmd])).get(cmd)

    async def streams_of(self, member_or_person: str) -> list[str]:
        found: dict[str, None] = {}
        for name in ("meta.member_id", "meta.person_id"):
            rows = self.log.commits.find({name: member_or_person}, {"s": 1}).sort("_id")
            found.update({row["s"]: None async for row in rows})
        return list(found)

    async def acts_of(self, person: str, limit: int, only: Collection[str] = ()) -> list[Commit]:
        return await self.log.acts_of(person, limit, only)

    async def holders(self, claims: Sequence[str]) -> dict[str, str]:
        return await self.log.holders(claims)

    async def correlated(self, correlation_id: str) -> list[Commit]:
        return await self.log.correlated(correlation_id)
