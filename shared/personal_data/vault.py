"""Keys of persons, one per retention class, wrapped by a key-encryption key. Destroying one erases every copy."""

import datetime as dt
import os
import time
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.mongo import DUPLICATE_KEY, BulkWriteError, Client, ReplaceOne

Keys = dict[str, bytes | None]
"""`person/class` → the key, or None once it is destroyed."""

CACHE_SECONDS = 60.0
CACHE_SIZE = 100_000
NONCE = 12


class KeyMissing(Exception):  # noqa: N818 - said as it is
    """A key was neither made nor destroyed here: the vault is not the one this log was written with."""


def key_ref(person_id: str, retention: str) -> str:
    """How a key is named."""
    return f"{person_id}/{retention}"


class KeyStore(Protocol):
    """Where wrapped keys lie. A row: {_id, wrapped} or, once destroyed, {_id, destroyed_at}."""

    async def load(self, refs: Collection[str]) -> list[dict[str, Any]]:
        """The rows of these keys, as far as they exist."""
        ...

    async def add(self, rows: Sequence[dict[str, Any]]) -> set[str]:
        """Store new rows; the names of those that were there already, and stay as they are."""
        ...

    async def destroy(self, refs: Collection[str], at: dt.datetime) -> None:
        """Forget these keys for ever, and remember that they were destroyed, even if they never existed."""
        ...


class MemoryKeyStore:
    """Rows in a dict."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}

    async def load(self, refs: Collection[str]) -> list[dict[str, Any]]:
        return [self.rows[ref] for ref in refs if ref in self.rows]

    async def add(self, rows: Sequence[dict[str, Any]]) -> set[str]:
        return {row["_id"] for row in rows if self.rows.setdefault(row["_id"], row) is not row}

    async def destroy(self, refs: Collection[str], at: dt.datetime) -> None:
        self.rows |= {ref: {"_id": ref, "destroyed_at": at} for ref in refs}


class MongoKeyStore:
    """Rows in the `keys` database: a vault of all services, backed up apart from the events."""

    def __init__(self, client: Client, database: str = "keys") -> None:
        self._rows = client[database]["keys"]

    async def load(self, refs: Collection[str]) -> list[dict[str, Any]]:
        return await self._rows.find({"_id": {"$in": list(refs)}}).to_list(None)

    async def add(self, rows: Sequence[dict[str, Any]]) -> set[str]:
        try:
            await self._rows.insert_many(rows, ordered=False)
        except BulkWriteError as error:
            if any(one["code"] != DUPLICATE_KEY for one in error.details["writeErrors"]):
                raise
            return {rows[one["index"]]["_id"] for one in error.details["writeErrors"]}
        return set()

    async def destroy(self, refs: Collection[str], at: dt.datetime) -> None:
        await self._rows.bulk_write([ReplaceOne({"_id": ref}, {"destroyed_at": at}, upsert=True) for ref in refs])


class Vault:
    """Gives keys to those who read and write personal fields; keeps them in memory for 60 s at most."""

    def __init__(self, store: KeyStore, key_encryption_key: bytes) -> None:
        self._store = store
        self._wrapping = AESGCM(key_encryption_key)
        self._cache: dict[str, tuple[float, bytes | None]] = {}

    async def keys(self, refs: Iterable[str]) -> Keys:
        """The keys named, None for a destroyed one.

        Raises:
            KeyMissing: one was never made.
        """
        wanted = set(refs)
        found = await self._find(wanted)
        if len(found) < len(wanted):
            raise KeyMissing(f"{len(wanted) - len(found)} keys")
        return found

    async def known(self, refs: Iterable[str]) -> Keys:
        """Like `keys`, but a key that was never made is simply not there."""
        return await self._find(set(refs))

    async def ensure(self, refs: Iterable[str]) -> Keys:
        """The keys named, made where they did not exist; None for a destroyed one, which is never made again."""
        wanted = set(refs)
        found = await self._find(wanted)
        made = {ref: AESGCM.generate_key(256) for ref in wanted - found.keys()}
        if made:
            known = await self._store.add([self._row(ref, key) for ref, key in made.items()])
            theirs = await self._load(known) if known else {}  # somebody else was first
            found |= {ref: self._remember(ref, key) for ref, key in made.items() if ref not in known}
            found |= {ref: self._remember(ref, key) for ref, key in theirs.items()}
        return found

    def _row(self, ref: str, key: bytes) -> dict[str, Any]:
        nonce = os.urandom(NONCE)
        return {"_id": ref, "wrapped": nonce + self._wrapping.encrypt(nonce, key, ref.encode())}

    async def destroy(self, person_id: str, retention: str, at: dt.datetime) -> None:
        """Erase everything encrypted for this person and class, wherever a copy lies."""
        await self.destroy_all([person_id], retention, at)

    async def destroy_all(self, persons: Collection[str], retention: str, at: dt.datetime) -> None:
        """The same for many; a key that is destroyed already keeps its date."""
        refs = {key_ref(person, retention) for person in persons}
        gone = {row["_id"] for row in await self._store.load(refs) if "wrapped" not in row}
        if refs - gone:
            await self._store.destroy(refs - gone, at)
        for ref in refs:
            self._remember(ref, None)

    async def _find(self, wanted: set[str]) -> Keys:
        now = time.monotonic()
        found: Keys = {}
        for ref in wanted:
            expires, key = self._cache.get(ref, (0.0, None))
            if expires > now:
                found[ref] = key
        if missing := wanted - found.keys():
            for ref, key in (await self._load(missing)).items():
                found[ref] = self._remember(ref, key)
        return found

    async def _load(self, refs: Collection[str]) -> Keys:
        return {row["_id"]: self._unwrap(row) for row in await self._store.load(refs)}

    def _unwrap(self, row: dict[str, Any]) -> bytes | None:
        wrapped = row.get("wrapped")
        if wrapped is None:
            return None
        return self._wrapping.decrypt(wrapped[:NONCE], wrapped[NONCE:], row["_id"].encode())

    def _remember(self, ref: str, key: bytes | None) -> bytes | None:
        if len(self._cache) >= CACHE_SIZE:
            self._cache.clear()
        self._cache[ref] = (time.monotonic() + CACHE_SECONDS, key)
        return key
