"""What is asked of the directory, and in which order it answers."""

import base64
import binascii
import math
import struct
from dataclasses import dataclass
from typing import Final, NamedTuple

from services.geo.domain.facts import Kind, Sector, Sex
from services.geo.domain.specialities import Speciality

EARTH: Final = 6_371_008.8
"""Mean radius in metres (IUGG)."""
WIDEST: Final = 100_000
"""Metres."""


@dataclass(frozen=True)
class Mark:
    """Where a page ended: what comes later has a greater distance, or the same and a greater id."""

    millimetres: int
    place: bytes

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(struct.pack(">I", self.millimetres) + self.place).decode()

    @classmethod
    def parse(cls, text: str | None) -> "Mark | None":
        """None for a mark that is none."""
        try:
            raw = base64.urlsafe_b64decode(text or "")
            return cls(struct.unpack(">I", raw[:4])[0], raw[4:]) if len(raw) == 20 else None  # noqa: PLR2004
        except (ValueError, binascii.Error):
            return None


@dataclass(frozen=True)
class Asked:
    """One search. Latitude and longitude in degrees; empty: whatever it is."""

    latitude: float
    longitude: float
    radius: float
    """Metres."""
    kinds: tuple[Kind, ...] = ()
    speciality: Speciality | None = None
    name: str = ""
    sex: Sex | None = None
    sector: Sector | None = None
    optam: bool = False
    vitale: bool = False
    app_vitale: bool = False
    terminal: bool = False
    after: Mark | None = None
    limit: int = 20


class Hit(NamedTuple):
    """A place, and how far it is; other places that mean the same."""

    place_id: str
    metres: float
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hits:
    """One page in order of distance, the mark of the next, and how many there are in all, by filter."""

    hits: tuple[Hit, ...]
    more: Mark | None
    total: int
    counts: dict[str, int]


def haversine(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Metres between two points on the sphere."""
    north, other_north = math.radians(latitude), math.radians(other_latitude)
    half = math.sin((other_north - north) / 2) ** 2
    half += math.cos(north) * math.cos(other_north) * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))
