"""Files outside the log: encrypted under the key of their person, found by the SHA-256 of what they hold."""

import datetime as dt
import hashlib
import hmac
import os
from collections.abc import Awaitable, Callable, Collection, Iterator
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.mongo import Database, Document, ReplaceOne
from shared.personal_data.vault import NONCE, Vault, key_ref, live

LIMIT: Final = 10 * 1024 * 1024
CHUNK: Final = 1024 * 1024
SWEPT_AT_ONCE: Final = 100

Kept = Callable[[str], Awaitable[Collection[str]]]
"""The SHA-256 of every file that belongs to something of a person's."""


class TooLarge(Exception):  # noqa: N818 - said as it is
    """More than 10 MiB."""


class OwnerErased(Exception):  # noqa: N818 - said as it is
    """The person's key of this class is destroyed: nothing of him is kept any more."""


class Archive:
    """`files` {_id, person_id, retention, media_type, size, chunks, until?} and `file_chunks`, each sealed by itself.

    A file's row bears a keyed name, not the hash: the same content of two persons does not meet, and nobody can find
    out whether somebody has a certain file. The hash itself tells that to whoever holds the content: an event keeps it
    as a personal field. Destroying the key erases a file wherever a copy of it lies.
    """

    def __init__(self, database: Database, vault: Vault) -> None:
        self._files = database["files"]
        self._chunks = database["file_chunks"]
        self._vault = vault

    async def put(
        self, content: bytes, *, person_id: str, retention: str, media_type: str, until: dt.datetime | None = None
    ) -> str:
        """Keep a file; its SHA-256 in hex. Put again it is kept once. `until`: unless `sweep` finds an owner by then.

        Raises:
            TooLarge: it has more than 10 MiB.
            OwnerErased: the key is destroyed.
        """
        if len(content) > LIMIT:
            raise TooLarge
        ref = key_ref(person_id, retention)
        keys = await self._vault.ensure([ref])
        key = keys[live(keys, ref)]
        if key is None:
            raise OwnerErased
        sha256 = hashlib.sha256(content).hexdigest()
        name = _name(key, sha256)
        if await self._files.find_one({"_id": name}, {"_id": 1}):
            if until:
                await self._files.update_one({"_id": name, "until": {"$exists": True}}, {"$set": {"until": until}})
            return sha256
        parts = list(_parts(content))
        for number, part in enumerate(parts):
            sealed = {"_id": f"{name}:{number}", "file": name, "c": _seal(key, part, f"{name}:{number}:{len(parts)}")}
            await self._chunks.bulk_write([ReplaceOne({"_id": sealed["_id"]}, sealed, upsert=True)])
        row: Document = {"person_id": person_id, "retention": retention, "media_type": media_type}
        row |= {"size": len(content), "chunks": len(parts)}
        if until:
            row["until"] = until
        # Its row comes last: a file is there as a whole or not at all.
        await self._files.replace_one({"_id": name}, row, upsert=True)
        return sha256

    async def get(self, sha256: str, *, person_id: str, retention: str) -> tuple[bytes, str] | None:
        """Content and media type; None if this person has no such file, or his key is destroyed.

        Raises:
            InvalidTag: somebody changed what is kept.
        """
        key = await self._key(person_id, retention)
        name = _name(key, sha256) if key else None
        row = await self._files.find_one({"_id": name}) if name else None
        if key is None or row is None:
            return None
        parts = []
        for number in range(row["chunks"]):
            place = f"{name}:{number}"
            chunk = await self._chunks.find_one({"_id": place})
            if chunk is None:
                return None  # deleted a moment ago
            parts.append(_open(key, chunk["c"], f"{place}:{row['chunks']}"))
        return b"".join(parts), row["media_type"]

    async def delete(self, sha256: str, *, person_id: str, retention: str) -> None:
        """Drop one file; nothing happens if there is none."""
        if key := await self._key(person_id, retention):
            name = _name(key, sha256)
            await self._files.delete_one({"_id": name})
            await self._chunks.delete_many({"file": name})

    async def sweep(self, now: dt.datetime, kept: Kept) -> int:
        """Drop files whose time is up and that belong to nothing; how many."""
        rows = await self._files.find({"until": {"$lte": now}}).limit(SWEPT_AT_ONCE).to_list(SWEPT_AT_ONCE)
        dropped = 0
        for row in rows:
            key = await self._key(row["person_id"], row["retention"])
            belonging = await kept(row["person_id"])
            if key and row["_id"] in {_name(key, sha256) for sha256 in belonging}:
                await self._files.update_one({"_id": row["_id"]}, {"$unset": {"until": ""}})
                continue
            await self._files.delete_one({"_id": row["_id"]})
            await self._chunks.delete_many({"file": row["_id"]})
            dropped += 1
        return dropped

    async def count(self, *, person_id: str, retention: str) -> int:
        """How many files of a person and class there are."""
        return await self._files.count_documents({"person_id": person_id, "retention": retention})

    async def purge(self, *, person_id: str, retention: str) -> int:
        """Drop all files of a person and class, for when the key is destroyed; how many there were."""
        rows = await self._files.find({"person_id": person_id, "retention": retention}, {"_id": 1}).to_list(None)
        names = [row["_id"] for row in rows]
        await self._files.delete_many({"_id": {"$in": names}})
        await self._chunks.delete_many({"file": {"$in": names}})
        return len(names)

    async def prepare(self) -> None:
        """Indexes; safe to repeat."""
        await self._files.create_index([("person_id", 1), ("retention", 1)])
        await self._files.create_index("until", sparse=True)
        await self._chunks.create_index("file")

    async def _key(self, person_id: str, retention: str) -> bytes | None:
        ref = key_ref(person_id, retention)
        keys = await self._vault.known([ref])
        if ref in keys and keys[ref] is None:  # destroyed, and perhaps followed by another
            keys = await self._vault.ensure([ref])
        return keys.get(live(keys, ref))


def _name(key: bytes, sha256: str) -> str:
    return hmac.new(key, f"archive|{sha256}".encode(), hashlib.sha256).hexdigest()


def _parts(content: bytes) -> Iterator[bytes]:
    for start in range(0, max(len(content), 1), CHUNK):
        yield content[start : start + CHUNK]


def _seal(key: bytes, part: bytes, place: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, part, place.encode())


def _open(key: bytes, sealed: bytes, place: str) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place.encode())
