"""The commits collection: bounded reads and inserts, nothing decided here."""

from collections.abc import Collection, Sequence
from typing import Any, cast

from shared.event_store import chain
from shared.event_store.protocol import MAX_EVENTS, WINDOW, Commit, Corrupted, Draft, Head
from shared.mongo import (
    ASCENDING,
    DESCENDING,
    BulkWriteError,
    Client,
    Database,
    DeleteOne,
    Document,
    PyMongoError,
    is_duplicate,
    is_transient,
    transaction,
)

NEAR = 8
"""Commits that are looked at for the head at once: a service that nobody floods adds fewer between two looks."""


class Log:
    """Reads go by position window or by stream: an open range with a sort scans everything (packages.md §3)."""

    def __init__(self, client: Client, database: Database) -> None:
        self._client = client
        self.commits = database["commits"]
        self.claims = database["claims"]
        self._floor = 0

    async def create_indexes(self) -> None:
        """Unique: position, (stream, first version) where there are events, command id."""
        some = {"n": {"$gt": 0}}
        versions = [("s", ASCENDING), ("v0", ASCENDING)]
        await self.commits.create_index(versions, unique=True, partialFilterExpression=some)
        # Reads need a full index: SecantusDB scans a partial one under a condition on v0 (240 against 2,800 reads/s).
        await self.commits.create_index([*versions, ("n", ASCENDING)])
        await self.commits.create_index("cmd", unique=True)
        for name in ("meta.member_id", "meta.person_id", "meta.correlation_id"):
            await self.commits.create_index([(name, ASCENDING), ("_id", ASCENDING)])

    async def head(self) -> Head:
        """The last commit: among the first few from the last head on, or beyond them.

        Beyond: probe upward by doubling, then halve (positions are dense), then read it.

        Raises:
            Corrupted: what was the head before is gone: a backup was restored under a running service.
        """
        floor = self._floor  # others may look at the same time
        few = await self.commits.find({"_id": {"$gte": floor, "$lt": floor + NEAR}}).sort("_id").to_list(NEAR)
        if floor and (not few or few[0]["_id"] != floor):
            raise Corrupted(f"position {floor} was the head, and is gone")
        if not few:
            return chain.GENESIS
        step, low = 1, int(few[-1]["_id"])
        if low < floor + NEAR - 1:
            self._floor = low
            return chain.head_of(_commits(few[-1:])[0])
        while await self._exists(low + step):
            low, step = low + step, step * 2
        while step > 1:
            step //= 2
            if await self._exists(low + step):
                low += step
        self._floor = low
        last = await self.commits.find_one({"_id": low})
        if last is None:
            raise Corrupted(f"position {low} was the head, and is gone")
        return chain.head_of(_commits([last])[0])

    async def _exists(self, position: int) -> bool:
        return await self.commits.find_one({"_id": position}, {"_id": 1}) is not None

    async def window(self, after: int, limit: int = WINDOW) -> list[Commit]:
        """Commits after+1 … after+limit.

        Raises:
            Corrupted: a hole between two of them.
        """
        bounds = {"_id": {"$gt": after, "$lte": after + limit}}
        found = await self.commits.find(bounds, batch_size=limit + 1).sort("_id", ASCENDING).to_list(None)
        return chain.check_dense(_commits(found), after)

    async def stream(self, stream: str, after_version: int) -> list[Commit]:
        """Commits of one stream that hold versions above `after_version`."""
        # A commit that starts lower may still reach above: step back by the longest commit, then cut.
        since = max(after_version + 1 - MAX_EVENTS, 1)
        wanted = {"s": stream, "v0": {"$gte": since}, "n": {"$gt": 0}}
        found = await self.commits.find(wanted).sort("v0", ASCENDING).to_list(None)
        return [commit for commit in _commits(found) if commit["v0"] + commit["n"] - 1 > after_version]

    async def later(self, stream: str, version: int) -> list[Commit]:
        """Commits of one stream that begin above `version`."""
        wanted = {"s": stream, "v0": {"$gt": version}, "n": {"$gt": 0}}
        return _commits(await self.commits.find(wanted).sort("v0", ASCENDING).to_list(None))

    async def begun(self, streams: Sequence[str]) -> set[tuple[str, int]]:
        """(stream, first version) of every commit with events of these streams."""
        wanted = {"s": {"$in": list(set(streams))}, "n": {"$gt": 0}}
        found = await self.commits.find(wanted, {"s": 1, "v0": 1}).to_list(None)
        return {(commit["s"], commit["v0"]) for commit in found}

    async def correlated(self, correlation_id: str) -> list[Commit]:
        """All commits of one correlation, in order."""
        return _commits(await self.commits.find({"meta.correlation_id": correlation_id}).sort("_id").to_list(None))

    async def acts_of(self, person: str, limit: int, only: Collection[str]) -> list[Commit]:
        """By the two indexes on whom a commit is about: one read each."""
        own = {"meta.member_id": person, "$or": [{"meta.actor": person}, {"meta.actor_kind": "visitor"}]}
        by_others = {"meta.person_id": person, "meta.acting_for": person, "meta.actor": {"$ne": person}}
        found = []
        for wanted in (own, by_others):
            kind = {"ev.type": {"$in": list(only)}} if only else {"n": {"$gt": 0}}
            rows = self.commits.find({**wanted, **kind}).sort("_id", DESCENDING).limit(limit)
            found += await rows.to_list(None)
        return sorted(_commits(found), key=lambda commit: -commit["_id"])[:limit]

    async def commands(self, cmds: Sequence[str]) -> dict[str, Commit]:
        """The commits of these command ids, as far as they exist."""
        found = await self.commits.find({"cmd": {"$in": list(cmds)}}).to_list(None)
        return {commit["cmd"]: commit for commit in _commits(found)}

    async def holders(self, claims: Sequence[str]) -> dict[str, str]:
        """The stream that holds each of these claims, where one does."""
        if not claims:
            return {}
        found = await self.claims.find({"_id": {"$in": list(claims)}}).to_list(None)
        return {claim["_id"]: claim["s"] for claim in found}

    async def insert(self, commits: Sequence[Commit], drafts: Sequence[Draft]) -> int:
        """Store as many as follow the head, in order; how many. With claims among the drafts: all or none.

        Raises:
            PyMongoError: the outcome is unknown.
        """
        try:
            if has_claims(drafts[0]):
                return await self._insert_with_claims(commits, drafts)
            if len(commits) == 1:
                await self.commits.insert_one(_documents(commits)[0])
            else:
                await self.commits.insert_many(_documents(commits), ordered=True)
        except BulkWriteError as error:
            if not is_duplicate(error):
                raise
            return int(error.details["writeErrors"][0]["index"])
        except PyMongoError as error:
            if not is_duplicate(error):
                raise
            return 0
        return len(commits)

    async def _insert_with_claims(self, commits: Sequence[Commit], drafts: Sequence[Draft]) -> int:
        wanted = {name: draft for draft in drafts for name in draft.claims}
        given_back = [DeleteOne({"_id": name, "s": draft.stream}) for draft in drafts for name in draft.releases]
        try:
            async with transaction(self._client) as session:
                held = {
                    claim["_id"]: claim["s"]
                    async for claim in self.claims.find({"_id": {"$in": list(wanted)}}, session=session)
                }
                if any(holder != wanted[name].stream for name, holder in held.items()):
                    return 0  # the writer asks whose it is
                if new := [_claim(name, draft) for name, draft in wanted.items() if name not in held]:
                    await self.claims.insert_many(new, session=session)
                if given_back:
                    await self.claims.bulk_write(given_back, session=session)
                await self.commits.insert_many(_documents(commits), session=session)
        except PyMongoError as error:
            if is_duplicate(error) or is_transient(error):
                return 0  # the writer reads again, and looks for the command ids first
            raise
        return len(commits)


def has_claims(draft: Draft) -> bool:
    """Whether it takes or gives back names, and so needs a transaction."""
    return bool(draft.claims or draft.releases)


def _commits(documents: Sequence[Document]) -> list[Commit]:
    return cast("list[Commit]", documents)


def _documents(commits: Sequence[Commit]) -> list[Document]:
    return cast("list[Document]", commits)


def _claim(name: str, draft: Draft) -> dict[str, Any]:
    return {"_id": name, "s": draft.stream, "person_id": draft.meta.get("person_id")}
