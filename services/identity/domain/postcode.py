"""Postcodes as the fund prints them: mainland, overseas, and 99 + INSEE country code abroad."""

import re
from typing import Final, NewType

from shared.kernel import require

Postcode = NewType("Postcode", str)

_DOMESTIC: Final = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-5])\d{3}|97[1-8]\d{2}|98\d{3}", re.ASCII)
_ABROAD: Final = re.compile(r"99(\d{3})", re.ASCII)

_COUNTRIES: Final = """
    101-114 116-123 125-140 144 145 148 151 155-162
    201 203-208 212-217 219 220 222-227 229-232 234-236 238-243 246-262 265
    301-304 306 308-319 321-324 326-352 363 389-399
    401 404-447
    501-503 505-517 519-522
    699
"""
"""Countries and territories in force of INSEE's official geographic code (2025), France (100) left out."""


def _expand(ranges: str) -> frozenset[int]:
    bounds = (part.partition("-") for part in ranges.split())
    return frozenset(code for low, _, high in bounds for code in range(int(low), int(high or low) + 1))


COUNTRIES: Final = _expand(_COUNTRIES)


def parse_postcode(text: str) -> Postcode:
    """Five digits that exist as a postcode of France, of overseas, or of a country.

    Raises:
        Rejected: `postcode-unknown`.
    """
    typed = re.sub(r"\s+", "", text)
    abroad = _ABROAD.fullmatch(typed)
    known = _DOMESTIC.fullmatch(typed) is not None or (abroad is not None and int(abroad[1]) in COUNTRIES)
    require(known, otherwise="postcode-unknown")
    return Postcode(typed)
