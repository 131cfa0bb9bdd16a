"""Keys of persons, one per retention class, wrapped by a key-encryption key. Destroying one erases every copy."""

import datetime as dt
import os
import time
from collections.abc import Collection, Iterable
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.personal_data.key_stores import KeyStore

Keys = dict[str, bytes | None]
"""`person/class` → the key, or None once it is destroyed."""

CACHE_SECONDS = 60.0
CACHE_SIZE = 100_000
NONCE = 12


class KeyMissing(Exception):  # noqa: N818 - said as it is
    """A key was neither made nor destroyed here: the vault is not the one this log was written with."""


def key_ref(person_id: str, retention: str) -> str:
    """How a person's first key of a class is named; the one after its destruction is `…~2`."""
    return f"{person_id}/{retention}"


def live(keys: Keys, ref: str) -> str:
    """The name of the key that is written with today: the newest of those that followed one another."""
    number, found = 2, ref
    while (following := f"{ref}~{number}") in keys:
        number, found = number + 1, following
    return found


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
        """The keys named, made where they did not exist; None for a destroyed one, which is never made again.

        Where a destroyed key has a follower, that one is there as well: `live` names the one to write with.
        """
        wanted = set(refs)
        found = await self._find(wanted)
        found |= await self._followers([ref for ref, key in found.items() if key is None])
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

    async def renew(self, person_id: str, retention: str, at: dt.datetime) -> None:
        """A new key for somebody whose key was destroyed and who comes back: what is gone stays gone."""
        self.forget([key_ref(person_id, retention)])
        chain = await self._chain(key_ref(person_id, retention))
        if not chain or "wrapped" in chain[-1]:
            return
        last = chain[-1]["_id"]
        following = f"{key_ref(person_id, retention)}~{len(chain) + 1}"
        await self._store.add([{**self._row(following, AESGCM.generate_key(256)), "made_at": at}])
        await self._store.follow(last, following)

    async def destroy(self, person_id: str, retention: str, at: dt.datetime) -> None:
        """Erase everything encrypted for this person and class, wherever a copy lies."""
        await self.destroy_all([person_id], retention, at)

    async def destroy_all(self, persons: Collection[str], retention: str, at: dt.datetime) -> None:
        """The same for many; a key that is destroyed already keeps its date, one made after `at` lives on."""
        refs = {key_ref(person, retention) for person in persons}
        rows = await self._store.load(refs)
        todo = refs - {row["_id"] for row in rows if "wrapped" not in row}
        later = [one for row in rows if "followed_by" in row for one in await self._chain(row["_id"])]
        todo |= {one["_id"] for one in later if "wrapped" in one and one["made_at"] <= at}
        if todo:
            await self._store.destroy(todo, at)
        self.forget(refs | todo)

    def forget(self, refs: Iterable[str]) -> None:
        """Look these keys up anew: one may have been destroyed a moment ago."""
        for ref in refs:
            self._cache.pop(ref, None)

    async def _chain(self, ref: str) -> list[dict[str, Any]]:
        """The rows of a key and of those that followed it, the first one first."""
        chain: list[dict[str, Any]] = []
        following: str | None = ref
        while following is not None and (rows := await self._store.load([following])):
            chain += rows
            following = rows[0].get("followed_by")
        return chain

    async def _followers(self, refs: Collection[str]) -> Keys:
        """Never from memory: whoever came back a moment ago is written with his new key."""
        first = await self._store.load(list(refs)) if refs else []
        rows = [row for one in first if "followed_by" in one for row in await self._chain(one["_id"])]
        return {row["_id"]: self._unwrap(row) for row in rows}

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
