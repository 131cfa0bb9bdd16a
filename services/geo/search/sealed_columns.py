"""A file of columns: a line of JSON in the clear, then each column sealed, bound to that line and to its name."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.personal_data.vault import NONCE

_LONGEST: Final = 10_000
"""Bytes of the first line."""


class Damaged(Exception):  # noqa: N818 - said as it is
    """Not such a file, or not all of it, or somebody changed it."""


def write(file: Path, about: Mapping[str, Any], columns: Mapping[str, bytes], key: bytes) -> None:
    """Replace the file: a kill at any moment leaves the old one or the new one. Only its owner reads it."""
    line = orjson.dumps({**about, "columns": {name: len(column) for name, column in columns.items()}}) + b"\n"
    cipher, beside = AESGCM(key), file.with_suffix(".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(line)
        for name, column in columns.items():
            nonce = os.urandom(NONCE)
            out.write(nonce)
            out.write(cipher.encrypt(nonce, column, line + name.encode()))
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)


def about(file: Path) -> dict[str, Any] | None:
    """What the first line says; None: there is no such file.

    Raises:
        Damaged: it says nothing.
    """
    try:
        with file.open("rb") as opened:
            found = orjson.loads(opened.readline(_LONGEST))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise Damaged from None
    if not isinstance(found, dict):
        raise Damaged
    return found


def read(file: Path, key: bytes) -> dict[str, bytes]:
    """All columns.

    Raises:
        Damaged: they are not what was written.
    """
    cipher, found = AESGCM(key), {}
    try:
        with file.open("rb") as opened:
            line = opened.readline(_LONGEST)
            for name, size in orjson.loads(line)["columns"].items():
                nonce = opened.read(NONCE)
                found[name] = cipher.decrypt(nonce, opened.read(size + _TAG), line + name.encode())
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InvalidTag):
        raise Damaged from None
    return found


_TAG: Final = 16
