"""Where a place is that has no coordinates of its own: its site, its commune, its postcode, its département."""

from collections.abc import Iterable, Mapping
from typing import Final

from services.geo.directory.entries import Position
from services.geo.domain.facts import MICRO, Precision
from services.geo.gazetteer import Gazetteer
from services.geo.gazetteer.communes import Point, middle

COARSE: Final = 3
"""Decimals of a centre (about 100 m): a median that trembles by a metre must move nobody."""
_OVERSEAS: Final = ("97", "98")


class Locator:
    """Knows the sites of the establishments, and through them the centres of communes; beyond, the gazetteer."""

    def __init__(self, gazetteer: Gazetteer, sites: Mapping[str, tuple[Point, str]]) -> None:
        """`sites`: FINESS number → its point and commune."""
        self.gazetteer = gazetteer
        self._sites = sites
        self._centres = _medians(sites.values())
        self._known: dict[tuple[str, str], Position | None] = {}

    def site(self, number: str) -> Position | None:
        """An establishment's own point."""
        found = self._sites.get(number)
        return None if found is None else position(found[0], Precision.ADDRESS)

    def around(self, commune: str, postcode: str) -> Position | None:
        """The finest centre known: of the commune (by its sites, else the gazetteer), the postcode, the département."""
        where = commune, postcode
        if where not in self._known:
            self._known[where] = self._around(commune, postcode)
        return self._known[where]

    def _around(self, commune: str, postcode: str) -> Position | None:
        known = self.gazetteer.commune(commune)
        departement = known.departement if known else _departement(commune or postcode)
        steps = (
            (self._centres.get(commune) or (known.centre if known else None), Precision.COMMUNE),
            (self.gazetteer.centre_of_postcode(postcode), Precision.POSTCODE),
            (self.gazetteer.centre_of_departement(departement), Precision.DEPARTEMENT),
        )
        return next((position(point, precision, COARSE) for point, precision in steps if point), None)


def position(point: Point, precision: Precision, decimals: int = 6) -> Position:
    """A point in millionths of a degree."""
    return round(round(point[0], decimals) * MICRO), round(round(point[1], decimals) * MICRO), precision


def _medians(sites: Iterable[tuple[Point, str]]) -> dict[str, Point]:
    by_commune: dict[str, list[Point]] = {}
    for point, commune in sites:
        by_commune.setdefault(commune, []).append(point)
    return {commune: found for commune, points in by_commune.items() if (found := middle(points))}


def _departement(code: str) -> str:
    return code[:3] if code.startswith(_OVERSEAS) else code[:2]
