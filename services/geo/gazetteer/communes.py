"""The packaged gazetteer: what a typed name or postcode means, and where a commune lies as far as we know."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
import numpy.typing as npt

from services.geo.domain.spelling import normal

FILE: Final = Path(__file__).with_name("communes.tsv")
OVERSEAS: Final = ("97", "98")

Point = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune or a municipal district of Paris, Lyon, Marseille."""

    code: str
    name: str
    postcodes: tuple[str, ...]
    population: int
    centre: Point | None

    @property
    def departement(self) -> str:
        """Two characters, three overseas."""
        return self.code[:3] if self.code.startswith(OVERSEAS) else self.code[:2]


@dataclass
class Gazetteer:
    """Looks communes up by code, postcode or name."""

    communes: Sequence[Commune]
    _by_code: dict[str, Commune] = field(init=False)
    _by_postcode: dict[str, list[Commune]] = field(init=False)
    _middles: dict[str, Point | None] = field(init=False)
    _names: list[tuple[str, Commune]] = field(init=False)
    _located: list[Commune] = field(init=False)
    """The largest first, and beside them their centres."""
    _centres: npt.NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self._by_code = {one.code: one for one in self.communes}
        self._by_postcode = defaultdict(list)
        for one in self.communes:
            for postcode in one.postcodes:
                self._by_postcode[postcode].append(one)
        towns: dict[str, list[Point]] = defaultdict(list)
        for one in self.communes:
            if one.centre:
                towns[one.departement].append(one.centre)
        self._middles = {departement: middle(points) for departement, points in towns.items()}
        largest = sorted(self.communes, key=lambda one: -one.population)
        self._names = [(normal(one.name), one) for one in largest]
        self._located = [one for one in largest if one.centre]
        self._centres = np.array([one.centre for one in self._located]).reshape(-1, 2)

    def commune(self, code: str) -> Commune | None:
        return self._by_code.get(code)

    def named(self, name: str, postcode: str = "") -> Commune | None:
        """The commune that an address line means."""
        wanted = re.sub(r" cedex.*$", "", normal(name))
        among = self._by_postcode.get(postcode, [])
        return next((one for one in among if normal(one.name) == wanted), None) or (
            among[0] if len(among) == 1 else None
        )

    def suggestions(self, text: str, limit: int = 8) -> list[Commune]:
        """What somebody may mean who has typed so far: a postcode's beginning, or a name's; the largest first."""
        typed = normal(text)
        if not typed:
            return []
        if typed.isdecimal():
            return [one for _, one in self._names if any(code.startswith(typed) for code in one.postcodes)][:limit]
        postcode = re.search(r"\b(\d{5})\b", typed)
        name = re.sub(r"\b\d{5}\b", "", typed).strip()
        fitting = [
            (shown != name, one)
            for shown, one in self._names
            if shown.startswith(name) and (postcode is None or postcode[1] in one.postcodes)
        ]
        return [one for _, one in sorted(fitting, key=lambda found: found[0])[:limit]]

    def near(self, latitude: float, longitude: float, degrees: float, limit: int = 12) -> list[Commune]:
        """The largest communes around a point: what a map without tiles names."""
        wide = degrees / max(math.cos(math.radians(latitude)), 0.1)
        inside = (np.abs(self._centres - (latitude, longitude)) <= (degrees, wide)).all(axis=1)
        return [self._located[int(at)] for at in np.nonzero(inside)[0][:limit]]

    def centre_of_postcode(self, postcode: str) -> Point | None:
        """The middle of those of its communes whose centre is known."""
        return middle(one.centre for one in self._by_postcode.get(postcode, []) if one.centre)

    def centre_of_departement(self, departement: str) -> Point | None:
        """The middle of its known towns."""
        return self._middles.get(departement)


def middle(points: Iterable[Point]) -> Point | None:
    """The median of latitudes and of longitudes; None of nothing."""
    found = list(points)
    if not found:
        return None
    return median(one[0] for one in found), median(one[1] for one in found)


@cache
def load() -> Gazetteer:
    """The packaged gazetteer, read once."""
    return Gazetteer([_commune(line) for line in FILE.read_text(encoding="utf-8").splitlines()])


def _commune(line: str) -> Commune:
    code, name, postcodes, population, latitude, longitude = line.split("\t")
    centre = (float(latitude), float(longitude)) if latitude else None
    return Commune(code, name, tuple(postcodes.split(",")) if postcodes else (), int(population), centre)
