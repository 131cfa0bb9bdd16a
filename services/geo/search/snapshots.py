"""The index kept on disk between two starts: made from the log, sealed, and thrown away at the least doubt.

Names of practitioners stand in it, so each snapshot has a key of its own in the vault, which is destroyed once the next
one lies there: whoever was delisted since goes from every copy of the old one, too.
"""

import asyncio
import contextlib
import hashlib
import re
import uuid
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from services.geo.domain import facts, persons, specialities, spelling, terminals
from services.geo.search import compacting, index, joining, names, sealed_columns, shelves, terms
from services.geo.search.sealed_columns import Damaged
from shared.clock import Clock
from shared.event_store.protocol import EventStore
from shared.personal_data.vault import Vault, key_ref
from shared.telemetry import logger

FORMAT: Final = 1
RETENTION: Final = "directory"
FILE: Final = "places.index"
_NAME: Final = re.compile(r"index-[0-9a-f-]{36}")
"""Whose key a snapshot has."""

_log = logger("index")


class Kept(NamedTuple):
    """Rows as they were at a position of the log, and that commit's hash."""

    rows: shelves.Rows
    position: int
    hash: bytes


class Snapshots:
    """The newest snapshot of an index, in a folder."""

    def __init__(self, folder: Path, vault: Vault, clock: Clock) -> None:
        self._folder = folder
        self._file = folder / FILE
        self._vault = vault
        self._clock = clock
        self._one = asyncio.Lock()

    async def load(self, store: EventStore) -> Kept | None:
        """The rows kept, if they are of this log and of this code; whatever else lies there is removed."""
        async with self._one:
            try:
                return await self._load(store)
            except Damaged:
                _log.warning("snapshot thrown away")
                await self._drop()
                return None

    async def _load(self, store: EventStore) -> Kept | None:
        said = await asyncio.to_thread(sealed_columns.about, self._file)
        if said is None:
            return None
        position, ref = said.get("position"), key_ref(str(said.get("key")), RETENTION)
        if (said.get("format"), said.get("code")) != (FORMAT, code()) or not isinstance(position, int):
            raise Damaged
        commits = await store.window(position - 1, 1)
        key = (await self._vault.known([ref])).get(ref)
        if key is None or [commit["h"].hex() for commit in commits] != [said.get("hash")]:
            raise Damaged
        columns = await asyncio.to_thread(sealed_columns.read, self._file, key)
        try:
            rows = await asyncio.to_thread(compacting.rows_of, columns)
        except (ValueError, KeyError):
            raise Damaged from None
        await self._forget(str(said.get("before", "")))  # should it have been killed before it did
        return Kept(rows, position, commits[0]["h"])

    async def save(self, kept: Kept) -> None:
        """Keep these rows in place of the last ones. They must not change meanwhile.

        Raises:
            OSError: there is no room.
        """
        await asyncio.shield(self._save(kept))  # cut off half-way, the last one's key would live on

    async def _save(self, kept: Kept) -> None:
        async with self._one:
            name = f"index-{uuid.uuid4()}"
            ref = key_ref(name, RETENTION)
            key = (await self._vault.ensure([ref]))[ref]
            assert key is not None, "it was made a moment ago"
            before = await asyncio.to_thread(self._name)
            said: dict[str, Any] = {"format": FORMAT, "code": code(), "key": name, "before": before}
            said |= {"position": kept.position, "hash": kept.hash.hex()}
            await asyncio.to_thread(self._write, said, kept.rows, key)
            await self._forget(before)
            _log.info("snapshot kept", position=kept.position)

    def _write(self, said: dict[str, Any], rows: shelves.Rows, key: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sealed_columns.write(self._file, said, compacting.columns_of(rows), key)

    async def _drop(self) -> None:
        before = await asyncio.to_thread(self._name)
        with contextlib.suppress(OSError):
            self._file.unlink()
        await self._forget(before)

    def _name(self) -> str:
        """Whose key the present file has."""
        try:
            said = sealed_columns.about(self._file)
        except Damaged:
            return ""
        return str((said or {}).get("key", ""))

    async def _forget(self, name: str) -> None:
        """Whoever changes the first line must not have other keys destroyed by it."""
        if _NAME.fullmatch(name):
            await self._vault.destroy(name, RETENTION, self._clock.now())


@cache
def code() -> str:
    """What makes a row of an event: another code, and what it made is no longer good."""
    modules = (compacting, facts, index, joining, names, persons, shelves, specialities, spelling, terminals, terms)
    return hashlib.sha256(b"".join(Path(str(one.__file__)).read_bytes() for one in modules)).hexdigest()
