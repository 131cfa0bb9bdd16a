"""Files of separated values that name their columns: fields are found by name, whatever their order and number."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from services.geo.directory.entries import encoding_of
from services.geo.gazetteer import normal
from shared.kernel import Rejected


class HeadedFile:
    """Rows as lists, and where each wanted column stands in them (-1: the file has none)."""

    def __init__(self, file: Path, separator: str, *, quoted: bool) -> None:
        self._file = file
        self._separator = separator
        self._quoted = quoted
        self._encoding = encoding_of(file)
        header = next(self._split(), (0, []))[1]
        self._places = {normal(name): at for at, name in enumerate(header) if name.strip()}

    def column(self, *names: str) -> int:
        """Where the first of these columns that exists stands; accents and case do not count."""
        return next((self._places[normal(name)] for name in names if normal(name) in self._places), -1)

    def needed(self, *names: str) -> int:
        """The same for a column without which nothing can be read.

        Raises:
            Rejected: `file-unknown`.
        """
        at = self.column(*names)
        if at < 0:
            raise Rejected("file-unknown")
        return at

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """All rows but the header, numbered by their lines."""
        lines = self._split()
        next(lines, None)
        yield from lines

    def _split(self) -> Iterator[tuple[int, list[str]]]:
        with self._file.open(encoding=self._encoding, newline="" if self._quoted else None) as text:
            if self._quoted:
                for fields in (reader := csv.reader(text, delimiter=self._separator)):
                    yield reader.line_num, fields
            else:
                for number, line in enumerate(text, start=1):
                    yield number, line.rstrip("\r\n").split(self._separator)
