"""Addresses as they stand on an envelope (UPU S42): the country last, in capitals, and only abroad."""

from collections.abc import Sequence
from typing import Final

_HOME: Final = frozenset({"FRANCE", "FR"})


def is_home(country: str) -> bool:
    """Whether a letter posted here needs no country."""
    return country.upper() in _HOME


def envelope(lines: Sequence[str], postcode: str, city: str, country: str) -> tuple[str, ...]:
    """The lines below the addressee's name."""
    local = (*lines, f"{postcode} {city}")
    return local if is_home(country) else (*local, country.upper())
