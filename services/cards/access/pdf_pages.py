"""The pages of an uploaded PDF as one picture: made in a process of its own, and nothing of the file itself is kept.

`python -m services.cards.access.pdf_pages` is that process: a PDF on its standard input; on its output a JPEG, or the
code of a refusal. What reads a file that anybody may have made has little time and memory, and no secret.
"""

import io
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pypdfium2
from PIL import Image
from pypdf import PdfReader

from shared.kernel import Rejected, require

ROOT: Final = Path(__file__).parents[3]
MARK: Final = b"%PDF-"
MOST_PAGES: Final = 2
"""Both sides of a card."""
MOST_OBJECTS: Final = 20_000
LONGEST_SIDE: Final = 17 * 72
"""Points: an A3 page, and a little."""
PAGE: Final = (1240, 1754)
"""Pixels of a page at most: A4 at 150 dots an inch."""
NOT_PLAIN: Final = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMedia", "/Launch"})
"""Keys and kinds of action that a scan of a document has no need of."""

SECONDS: Final = 5
MEMORY: Final = 1 << 30
OPEN_FILES: Final = 64
REFUSED: Final = 3
QUALITY: Final = 92


def is_pdf(content: bytes) -> bool:
    """Whether a file calls itself one."""
    return content.startswith(MARK)


def picture_of(content: bytes) -> bytes:
    """The pages, one under the other, as a JPEG.

    Raises:
        Rejected: `pdf-encrypted`, `pdf-too-many-pages`, `pdf-page-too-large`, `pdf-not-plain`, `pdf-unreadable`.
    """
    command = [sys.executable, "-m", "services.cards.access.pdf_pages"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, input=content, capture_output=True, timeout=2 * SECONDS, check=False, cwd=ROOT, env={}
        )
    except subprocess.TimeoutExpired:
        raise Rejected("pdf-unreadable") from None
    if done.returncode == REFUSED:
        raise Rejected(done.stdout.decode())
    require(done.returncode == 0, otherwise="pdf-unreadable")
    return done.stdout


def drawn(content: bytes) -> bytes:
    """The same, in this process."""
    _check(PdfReader(io.BytesIO(content)))
    document = pypdfium2.PdfDocument(content)
    pages = [_page(document[number]) for number in range(len(document))]
    whole = Image.new("RGB", (max(page.width for page in pages), sum(page.height for page in pages)), "white")
    top = 0
    for page in pages:
        whole.paste(page, (0, top))
        top += page.height
    target = io.BytesIO()
    whole.save(target, "JPEG", quality=QUALITY)
    return target.getvalue()


def _check(reader: PdfReader) -> None:
    require(not reader.is_encrypted, otherwise="pdf-encrypted")
    pages = len(reader.pages)
    require(pages > 0, otherwise="pdf-unreadable")
    require(pages <= MOST_PAGES, otherwise="pdf-too-many-pages")
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    require(len(numbers) <= MOST_OBJECTS, otherwise="pdf-not-plain")
    parts = [reader.trailer, *(reader.get_object(number) for number in numbers if number)]
    require(not any(name in NOT_PLAIN for part in parts for name in _names(part)), otherwise="pdf-not-plain")


def _names(part: Any) -> Iterator[str]:
    """The keys of an object, and the words in it; what it only refers to is an object of its own."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield str(key)
            yield from _names(value)
    elif isinstance(part, list):
        for value in part:
            yield from _names(value)
    elif isinstance(part, str):
        yield part


def _page(page: pypdfium2.PdfPage) -> Image.Image:
    width, height = page.get_size()
    require(0 < max(width, height) <= LONGEST_SIDE, otherwise="pdf-page-too-large")
    box = PAGE if height >= width else PAGE[::-1]
    picture: Image.Image = page.render(scale=min(box[0] / width, box[1] / height)).to_pil()
    return picture.convert("RGB")


def main() -> int:
    """A PDF in, a JPEG out."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        answer, status = drawn(sys.stdin.buffer.read()), 0
    except Rejected as refusal:
        answer, status = refusal.code.encode(), REFUSED
    except Exception:  # noqa: BLE001 - whatever is wrong with it; what a reader says of it may quote the file
        return 1
    sys.stdout.buffer.write(answer)
    return status


if __name__ == "__main__":
    sys.exit(main())
