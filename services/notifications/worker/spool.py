"""The printer's spool: one folder per letter, there as a whole or not at all, and readable by the printer alone."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from joserfc import jwe
from joserfc.jwk import OKPKey

LETTER: Final = "letter.pdf.jwe"
MANIFEST: Final = "manifest.json"
HEADER: Final = {"alg": "ECDH-ES", "enc": "A256GCM", "cty": "application/pdf"}


class Spool:
    """`ready/<sending id>/`: the PDF, encrypted for the printer (JWE, RFC 7516), and what he must know of it.

    A folder gets its name by one rename and bears the letter's own id: written again it is the same letter.
    """

    def __init__(self, folder: Path, printer: OKPKey) -> None:
        self._ready, self._making = folder / "ready", folder / "making"
        self._printer = printer

    def put(self, sending_id: str, pdf: bytes, manifest: Mapping[str, Any]) -> None:
        """Leave a letter to the printer; once it lies there, nothing happens.

        Raises:
            OSError: it lies nowhere.
        """
        making = self._making / f"{sending_id}.{os.getpid()}"
        for folder in (self._ready, making):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sealed = jwe.encrypt_compact(dict(HEADER), pdf, self._printer)
        self.durable(making / LETTER, sealed.encode())
        self.durable(making / MANIFEST, json.dumps(dict(manifest), indent=2, ensure_ascii=False).encode())
        _synced(making)
        try:
            making.rename(self._ready / sending_id)
        except OSError:
            shutil.rmtree(making, ignore_errors=True)
            if not self.has(sending_id):
                raise
        _synced(self._ready)

    def durable(self, file: Path, content: bytes) -> None:
        """A file that survives a power cut."""
        with file.open("wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())

    def has(self, sending_id: str) -> bool:
        """Whether the letter lies ready."""
        return (self._ready / sending_id).is_dir()

    def remove(self, sending_id: str) -> None:
        """Forget a letter: it is printed."""
        shutil.rmtree(self._ready / sending_id, ignore_errors=True)


def _synced(folder: Path) -> None:
    """A name is kept once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
