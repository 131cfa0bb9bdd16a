"""Letters as the printer sees them: those that lie in the spool, and those he has printed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from deploy.local import files

PDF = "letter.pdf"
SEALED = f"{PDF}.jwe"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Letters:
    """`spool/ready/<id>/` is encrypted for the printer's key; `printed/<id>/` is his pile of paper."""

    spool: Path
    printed: Path
    key_file: Path

    def newest_first(self) -> list[dict[str, Any]]:
        """Manifests, each with whether it is printed."""
        found = [*self._manifests(self.spool / "ready", printed=False), *self._manifests(self.printed, printed=True)]
        return sorted(found, key=lambda one: str(one["made_at"]), reverse=True)

    def pdf(self, letter_id: str) -> bytes | None:
        """A name that is not one of ours finds nothing, whatever path it spells."""
        for folder in (self.printed, self.spool / "ready"):
            for letter in _folders(folder):
                if letter.name == letter_id:
                    return self._open(letter)
        return None

    def print(self) -> list[str]:
        """Put every letter of the spool on the pile; their ids. The spool is emptied by whoever reads the receipt."""
        ids = []
        for letter in _folders(self.spool / "ready"):
            if not (self.printed / letter.name).exists():
                pile = files.private_folder(self.printed / letter.name)
                files.write_private(pile / PDF, self._open(letter))
                files.write_private(pile / MANIFEST, (letter / MANIFEST).read_text())
            ids.append(letter.name)
        return ids

    def _open(self, letter: Path) -> bytes:
        if (letter / PDF).exists():
            return (letter / PDF).read_bytes()
        return jwe.decrypt_compact((letter / SEALED).read_bytes(), self._key()).plaintext or b""

    def _key(self) -> OKPKey:
        try:
            return OKPKey.import_key(self.key_file.read_bytes())
        except (OSError, ValueError, JoseError) as error:
            raise FileNotFoundError(f"no key of the printer in {self.key_file.name}") from error

    def _manifests(self, folder: Path, *, printed: bool) -> Iterator[dict[str, Any]]:
        for letter in _folders(folder):
            yield {**json.loads((letter / MANIFEST).read_text()), "printed": printed}


def _folders(folder: Path) -> list[Path]:
    return sorted(one for one in folder.glob("*") if (one / MANIFEST).exists())
