"""Files that a kill at any moment leaves either old or new, and that only their owner reads."""

import os
import shutil
from pathlib import Path

OWNER_ONLY = 0o600


def private_folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    return path


def write_private(path: Path, data: bytes | str) -> None:
    """Written beside, synced, then renamed: a reader never sees half of it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    raw = data.encode() if isinstance(data, str) else data
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def remove_folder(path: Path) -> None:
    if path.exists():
        shutil.rmtree(path)
