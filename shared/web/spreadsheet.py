"""A file that a French spreadsheet opens: semicolons, UTF-8 with a mark, and no text that is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The columns' names, then the rows; numbers of ours as they are, texts safe."""
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe(one) if isinstance(one, str) else one for one in row] for row in rows)
    return lines.getvalue().encode("utf-8-sig")


def safe(text: str) -> str:
    """A text that a spreadsheet would take for a formula stays a text."""
    return f"'{text}" if text.startswith(_FORMULA) else text
