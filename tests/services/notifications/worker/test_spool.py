"""The printer's spool: a letter is there as a whole, once, and only he can read it."""

import json
from pathlib import Path

import pytest
from joserfc import jwe
from joserfc.jwk import OKPKey

from services.notifications.worker.spool import Spool

ID = "7a53554b-a7ff-5c9e-a093-9911b33b0e21"
PDF = b"%PDF-1.7 Kanarienvogel"
MANIFEST = {"id": ID, "reference": "7KQ2-M4XD-9VTA"}
PRINTER = OKPKey.generate_key("X25519")


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path, OKPKey.import_key(PRINTER.as_dict(private=False)))


def files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_printer_alone_can_read_it(spool: Spool, tmp_path: Path) -> None:
    assert not spool.has(ID)
    spool.put(ID, PDF, MANIFEST)
    assert spool.has(ID)
    found = files(tmp_path)
    assert set(found) == {f"ready/{ID}/letter.pdf.jwe", f"ready/{ID}/manifest.json"}
    assert json.loads(found[f"ready/{ID}/manifest.json"]) == MANIFEST
    sealed = found[f"ready/{ID}/letter.pdf.jwe"]
    assert jwe.decrypt_compact(sealed, PRINTER).plaintext == PDF
    assert not any(b"Kanarienvogel" in content for content in found.values())
    assert (tmp_path / "ready" / ID).stat().st_mode & 0o077 == 0


def test_written_again_it_is_the_same_letter(spool: Spool, tmp_path: Path) -> None:
    spool.put(ID, PDF, MANIFEST)
    before = files(tmp_path)
    spool.put(ID, PDF, MANIFEST)
    assert files(tmp_path) == before


def test_what_was_left_half_made_is_no_letter(spool: Spool, tmp_path: Path) -> None:
    half = tmp_path / "making" / f"{ID}.1"
    half.mkdir(parents=True)
    (half / "letter.pdf.jwe").write_bytes(b"half")
    assert not spool.has(ID)
    spool.put(ID, PDF, MANIFEST)
    assert spool.has(ID)


def test_a_spool_that_takes_nothing_says_so(tmp_path: Path) -> None:
    (tmp_path / "ready").write_text("a file, no folder")
    spool = Spool(tmp_path, PRINTER)
    with pytest.raises(OSError, match="ready"):
        spool.put(ID, PDF, MANIFEST)
    assert not spool.has(ID)


def test_a_printed_letter_is_forgotten_once_and_for_all(spool: Spool, tmp_path: Path) -> None:
    spool.put(ID, PDF, MANIFEST)
    for _ in range(2):
        spool.remove(ID)
    assert not spool.has(ID)
    assert files(tmp_path) == {}
