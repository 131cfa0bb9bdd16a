"""Keys of persons, one per retention class, wrapped by a key-encryption key. Destroying one erases every copy."""

import datetime as dt
import os
import time
from collections.abc import Collection, Iterable
from typing import Any, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.mongo import Client, DuplicateKeyError

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

    async def add(self, row: dict[str, Any]) -> bool:
        """Store a new row; False if there is one already."""
        ...

    async def destroy(self, ref: str, at: dt.datetime) -> None:
        """Forget the key for ever, and remember that it was destroyed, even if it never existed."""
        ...


class MemoryKeyStore:
    """Rows in a dict."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}

    async def load(self, refs: Collection[str]) -> list[dict[str, Any]]:
        return [self.rows[ref] for ref in refs if ref in self.rows]

    async def add(self, row: dict[str, Any]) -> bool:
        return self.rows.setdefault(row["_id"], row) is row

    async def destroy(self, ref: str, at: dt.datetime) -> None:
        self.rows[ref] = {"_id": ref, "destroyed_at": at}


class MongoKeyStore:
    """Rows in the `keys` database: a vault of all services, backed up apart from the events."""

    def __init__(self, client: Client, database: str = "keys") -> None:
        self._rows = client[database]["keys"]

    async def load(self, refs: Collection[str]) -> list[dict[str, Any]]:
        return await self._rows.find({"_id": {"$in": list(refs)}}).to_list(None)

    async def add(self, row: dict[str, Any]) -> bool:
        try:
            await self._rows.insert_one(row)
        except DuplicateKeyError:
            return False
        return True

    async def destroy(self, ref: str, at: dt.datetime) -> None:
        await self._rows.replace_one({"_id": ref}, {"destroyed_at": at}, upsert=True)


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
        for ref in wanted - found.keys():
            key = AESGCM.generate_key(256)
            nonce = os.urandom(NONCE)
            wrapped = nonce + self._wrapping.encrypt(nonce, key, ref.encode())
            if not await self._store.add({"_id": ref, "wrapped": wrapped}):
                key_or_none = (await self._load([ref]))[ref]  # somebody else was first
                found[ref] = self._remember(ref, key_or_none)
            else:
                found[ref] = self._remember(ref, key)
        return found

    async def destroy(self, person_id: str, retention: str, at: dt.datetime) -> None:
        """Erase everything encrypted for this person and class, wherever a copy lies."""
        ref = key_ref(person_id, retention)
        await self._store.destroy(ref, at)
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
