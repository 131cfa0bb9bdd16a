"""PDFs in tests: whether they are accessible, by the reference validator, and what a telephone reads in their codes."""

import tempfile
from pathlib import Path
from typing import Any

import pypdfium2
import zxingcpp

from deploy.local.tools import verapdf


def compliant(*pdfs: bytes) -> None:
    """Every one of them is PDF/UA-1, says veraPDF: two seconds for any number, so give it all at once (connected)."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.pdf" for number in range(len(pdfs))]
        for file, pdf in zip(files, pdfs, strict=True):
            file.write_bytes(pdf)
        said = verapdf.validate(files)
    if failed := {Path(one["file"]).name: one["failed"] for one in said if not one["compliant"]}:
        raise AssertionError(failed)
    assert len(said) == len(pdfs)


def scanned(pdf: bytes) -> str:
    """What stands in the one QR code of a document, as whoever holds the paper scans it."""
    document: Any = pypdfium2.PdfDocument(pdf)
    pages = [page.render(scale=3).to_pil() for page in document]
    [code] = [found for page in pages for found in zxingcpp.read_barcodes(page)]
    return str(code.text)


def words(pdf: bytes) -> str:
    """What stands on its pages; a zero-width space is none."""
    document: Any = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document).replace("\u200b", "")
