"""What an auditor takes away: the commits of some streams, with all that a stranger needs to check them."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import AsyncIterator, Collection, Iterable
from pathlib import Path
from typing import IO, Any, Final, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.canonical import b64url, canonical, iso
from shared.event_store import chain
from shared.event_store.protocol import WINDOW, Commit, EventStore
from shared.mongo import Database
from shared.proofs.checkpointer import NEWEST, origin_of
from shared.proofs.checkpoints import Checkpoint, fingerprint, raw, read
from shared.proofs.merkle import Node, inclusion_proof
from shared.proofs.tiles import Tiles
from shared.proofs.witness import FileWitness

FORMAT: Final = 1
PROOFS_AT_ONCE: Final = 200
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


class NothingSigned(Exception):  # noqa: N818 - said as it is
    """The log has no checkpoint yet: nothing could be proved."""


def new_file() -> Path:
    """An empty file to write an export to; whoever hands it on removes it."""
    with tempfile.NamedTemporaryFile(prefix="export-", suffix=".zip", delete=False) as file:
        return Path(file.name)


class Exporter:
    """Writes exports of one service's log: a ZIP that `verify.py` checks without us."""

    def __init__(self, service: str, store: EventStore, database: Database, key: Ed25519PublicKey) -> None:
        self._origin = origin_of(service)
        self._store = store
        self._checkpoints = database["checkpoints"]
        self._tiles = Tiles(database)
        self._key = key

    async def write(self, streams: Collection[str], to: Path) -> Checkpoint:
        """Write the commits of these streams, up to the newest checkpoint, which is returned.

        The heads of all other commits go with them, without content: so a commit that was left out shows.

        Raises:
            NothingSigned: there is no checkpoint.
            Corrupted: the log has a hole.
        """
        newest = await self._newest()
        with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as export:
            archive = _Archive(export)
            positions = await self._write_log(archive, streams, newest.size)
            await archive.put("checkpoints.txt", self._notes(newest.size))
            proofs = {str(position): path async for position, path in self._proofs(positions, newest.size)}
            await archive.put("proofs.json", _once(json.dumps(proofs).encode()))
            archive.close(self._manifest(sorted(streams), newest))
        return newest

    async def _write_log(self, archive: "_Archive", streams: Collection[str], size: int) -> list[int]:
        positions: list[int] = []
        with archive.open("heads.jsonl") as write_head:
            async for commit in self._commits(size):
                write_head(_head(commit))
                if commit["s"] in streams:
                    positions.append(commit["_id"])
        chosen = set(positions)

        async def whole() -> AsyncIterator[bytes]:
            async for commit in self._commits(size, chosen):
                yield canonical(commit) + b"\n"

        await archive.put("commits.jsonl", whole())
        return positions

    async def _commits(self, size: int, chosen: Collection[int] | None = None) -> AsyncIterator[Commit]:
        """All commits up to `size`, or the chosen ones: window by window, so that memory stays flat."""
        position = 0
        while window := await self._store.window(position, min(WINDOW, size - position)):
            for commit in window:
                position = commit["_id"]
                if chosen is None or position in chosen:
                    yield commit

    async def _notes(self, size: int) -> AsyncIterator[bytes]:
        async for row in self._checkpoints.find({"_id": {"$gt": 0, "$lte": size}}).sort("_id"):
            yield (row["note"] + FileWitness.END).encode()

    async def _proofs(self, positions: list[int], size: int) -> AsyncIterator[tuple[int, list[str]]]:
        for start in range(0, len(positions), PROOFS_AT_ONCE):
            some = positions[start : start + PROOFS_AT_ONCE]

            def prove(node: Node, some: list[int] = some) -> list[list[bytes]]:
                return [inclusion_proof(position - 1, size, node) for position in some]

            for position, path in zip(some, await self._tiles.compute(prove), strict=True):
                yield position, [b64url(step) for step in path]

    async def _newest(self) -> Checkpoint:
        row = await self._checkpoints.find_one({"_id": NEWEST})
        if row is None:
            raise NothingSigned(self._origin)
        return read(row["note"], self._origin, self._key)

    def _manifest(self, streams: list[str], newest: Checkpoint) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "origin": self._origin,
            "streams": streams,
            "size": newest.size,
            "signed_at": iso(newest.at),
            "key": raw(self._key).hex(),
            "fingerprint": fingerprint(self._key),
        }


class _Archive:
    """A ZIP in the making, with the digest of each part; the same content gives the same bytes."""

    def __init__(self, export: zipfile.ZipFile) -> None:
        self._export = export
        self._digests: dict[str, str] = {}

    def open(self, name: str) -> "_Part":
        return _Part(self._export.open(zipfile.ZipInfo(name, _EPOCH), "w", force_zip64=True), name, self._digests)

    async def put(self, name: str, blocks: AsyncIterator[bytes]) -> None:
        with self.open(name) as write:
            async for block in blocks:
                write(block)

    def close(self, manifest: dict[str, Any]) -> None:
        content = json.dumps(manifest | {"members": self._digests}, indent=2).encode()
        self._export.writestr(zipfile.ZipInfo("manifest.json", _EPOCH), content)


class _Part:
    """One part, written block by block."""

    def __init__(self, file: IO[bytes], name: str, digests: dict[str, str]) -> None:
        self._file = file
        self._name = name
        self._digests = digests
        self._digest = hashlib.sha256()

    def __enter__(self) -> Self:
        return self

    def __call__(self, block: bytes) -> None:
        self._digest.update(block)
        self._file.write(block)

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._digests[self._name] = self._digest.hexdigest()


def _head(commit: Commit) -> bytes:
    body, _ = chain.body_digest(commit)
    line: Iterable[Any] = (commit["_id"], commit["s"], commit["v0"], commit["n"], commit["at"], body)
    return canonical(list(line)) + b"\n"


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
