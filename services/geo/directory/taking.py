"""What the import of a file stands on, and what it answers."""

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from services.geo.directory.staging import Base
from services.geo.domain import files as f
from services.geo.domain.facts import Source
from services.geo.domain.ids import FileId
from shared.bulk import BulkHandler
from shared.clock import Clock
from shared.envelope import Metadata
from shared.personal_data.vault import Vault

Progress = Callable[[str, int], None]
"""Told after each batch: what was done, and with how many rows by now."""


class Report(NamedTuple):
    """What became of a file. `state`: taken, held (it must be confirmed), or unchanged (it was taken before)."""

    state: str
    file: FileId
    tally: f.Tally
    set_aside: tuple[f.SetAside, ...]


class Directory(Protocol):
    """The service as the import sees it."""

    commands: BulkHandler
    vault: Vault
    clock: Clock

    async def handle(self, stream: str, command: Any, *, cmd: str, meta: Metadata) -> Any:
        """Decide a command."""
        ...

    async def state(self, stream: str) -> tuple[Any, int]:
        """A stream's state and version."""
        ...


Bases = Callable[[Source], AsyncIterator[Sequence[Base]]]
"""All places that a source has ever listed, once the read model shows every commit."""


def file_id(file: Path) -> FileId:
    """SHA-256 of a file's bytes."""
    with file.open("rb") as content:
        return FileId(hashlib.file_digest(content, "sha256").hexdigest())
