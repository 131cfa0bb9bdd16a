"""A signed log with its witness, its exports, and their parts for whoever wants to forge them."""

import asyncio
import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.event_store import MongoEventStore
from shared.leases import Lease
from shared.mongo import Client
from shared.proofs.checkpointer import Checkpointer, origin_of
from shared.proofs.checkpoints import Checkpoint, fingerprint, read
from shared.proofs.export import Exporter
from shared.proofs.verify import Verification, verify
from shared.proofs.witness import FileWitness
from shared.testing.clock import HandClock
from shared.testing.store_cases.kit import draft
from tests.shared.toybox import some_id

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PRINT = fingerprint(KEY.public_key())
ORIGIN = origin_of("box")
MINE = "box:mine"
Parts = dict[str, bytes]


class SignedLog:
    """A log, its signer and its witness."""

    def __init__(self, mongo: Client, folder: Path) -> None:
        self.clock = HandClock()
        self._mongo = mongo
        self.store = MongoEventStore(mongo, f"proofs_{some_id().replace('-', '')[:12]}", self.clock)
        self.database = self.store.database
        self.folder = folder
        self.path = folder / "witness" / "box.checkpoints"
        self.signer = self.another()
        self.exports = 0

    def reopened(self) -> "SignedLog":
        """The same through a store that remembers no head."""
        self.store = MongoEventStore(self._mongo, self.database.name, self.clock)
        return self

    def another(self, owner: str = "one") -> Checkpointer:
        lease = Lease(self.database, "proofs", owner)
        witness = FileWitness(self.path)
        return Checkpointer("box", self.store, self.database, lease, KEY, witness, None, self.clock, every=0.05)

    async def append(self, count: int) -> None:
        await asyncio.gather(*(self.store.append(draft(f"box:{some_id()}")) for _ in range(count)))

    async def sign(self) -> Checkpoint | None:
        assert await self.signer._lease.acquire()
        return await self.signer.once()

    def notes(self) -> list[Checkpoint]:
        text = self.path.read_text() if self.path.exists() else ""
        return [read(note, ORIGIN, KEY.public_key()) for note in text.split(FileWitness.END)[:-1]]

    async def export(self, *streams: str, key: Ed25519PublicKey = KEY.public_key()) -> Path:  # noqa: B008 - constant
        self.exports += 1
        path = self.folder / f"export-{self.exports}.zip"
        await Exporter("box", self.store, self.database, key).write(streams, path)
        return path


def found(export: Path, witness: Path | None = None, key: str = PRINT) -> list[str]:
    done: Verification = verify(export, key, witness)
    return done.found


def parts_of(export: Path) -> Parts:
    with zipfile.ZipFile(export) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def forged(export: Path, forge: Callable[[Parts], None]) -> Path:
    """The same export after a forger's work; he also makes the manifest fit."""
    parts = parts_of(export)
    forge(parts)
    manifest = json.loads(parts.pop("manifest.json"))
    manifest["members"] = {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()}
    path = export.with_name(f"forged-{export.name}")
    with zipfile.ZipFile(path, "w") as written:
        for name, content in parts.items():
            written.writestr(name, content)
        written.writestr("manifest.json", json.dumps(manifest))
    return path


def lines(parts: Parts, name: str) -> list[Any]:
    return [json.loads(line) for line in parts[name].splitlines()]


def put_lines(parts: Parts, name: str, values: list[Any]) -> None:
    dumped = (json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) for value in values)
    parts[name] = "".join(f"{line}\n" for line in dumped).encode()
