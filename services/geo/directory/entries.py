"""What a row of any file comes to: plain values, cheap enough for two million of them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from services.geo.domain.facts import Precision, Sex, Source

Raw = Any
"""A row as its reader splits it, not interpreted yet."""
Position = tuple[int, int, Precision]
"""Latitude and longitude in millionths of a degree, and how well they are known."""

ENCODINGS: Final = ("utf-8-sig", "cp1252")
_CHUNK: Final = 1 << 20
_DIGITS: Final = re.compile(r"\D+")
PHONE_DIGITS: Final = 10
_SEXES: Final = {
    **dict.fromkeys(("m", "mr", "monsieur", "h", "homme"), Sex.MALE),
    **dict.fromkeys(("mme", "mlle", "madame", "mademoiselle", "f", "femme"), Sex.FEMALE),
}
"""By a civil title, or the letter that stands for one."""


class Entry(NamedTuple):
    """One place as the file has it. `key` is what the source calls it, the same in each of its files."""

    key: str
    facts: Mapping[str, Any]
    practitioner: Mapping[str, Any] | None
    position: Position | None


class Reader(Protocol):
    """Reads one file of one source, as often as asked."""

    source: Source

    def rows(self) -> Iterator[tuple[int, Raw]]:
        """Every row with its number, cheaply."""
        ...

    def entry(self, raw: Raw) -> Entry:
        """What a row says.

        Raises:
            Rejected: it is set aside; the code says why.
        """
        ...


def encoding_of(file: Path) -> str:
    """UTF-8 where the whole file is, otherwise Windows-1252 (some extracts are)."""
    with file.open(encoding=ENCODINGS[0]) as text:
        try:
            while text.read(_CHUNK):
                pass
        except UnicodeDecodeError:
            return ENCODINGS[1]
    return ENCODINGS[0]


def phone(text: str) -> str:
    """Ten digits, or nothing: spreadsheets have eaten leading zeros."""
    digits = _DIGITS.sub("", text)
    if len(digits) == PHONE_DIGITS - 1:
        digits = f"0{digits}"
    return digits if len(digits) == PHONE_DIGITS and digits[0] == "0" else ""


def words(*parts: str) -> str:
    """The parts that say something, with single spaces."""
    return " ".join(" ".join(parts).split())


def sex(title: str) -> Sex | None:
    """What a civil title says; « Docteur » says nothing."""
    return _SEXES.get(title.strip().rstrip(".").lower())
