"""Projected coordinates → latitude and longitude, offline; swapped ones are turned round, others refused."""

import re
from functools import cache
from typing import Final, NamedTuple

from pyproj import Transformer
from pyproj.network import set_network_enabled  # type: ignore[attr-defined]  # not in its __all__

from shared.kernel import Rejected


class Area(NamedTuple):
    """The box of latitudes and longitudes that a system is used for."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


AREAS: Final = {
    2154: Area(41.0, -5.8, 51.6, 10.0),  # metropolitan France
    5490: Area(14.2, -63.4, 18.3, -60.6),  # Guadeloupe, Martinique, St-Martin, St-Barthélemy
    2972: Area(2.0, -54.8, 6.0, -51.4),  # Guyane
    2975: Area(-21.5, 55.1, -20.7, 56.0),  # La Réunion
    4471: Area(-13.2, 44.8, -12.4, 45.5),  # Mayotte
    4467: Area(46.6, -56.6, 47.3, -55.9),  # Saint-Pierre-et-Miquelon
}
OLDER: Final = {
    "LAMBERT_93": 2154,
    "UTM_N20": 5490,
    "UTM_N21": 4467,
    "UTM_N22": 2972,
    "UTM_S38": 4471,
    "UTM_S40": 2975,
}
"""How older files name the systems, at the end of the source field."""
_EPSG: Final = re.compile(r"EPSG:\s*(\d+)")


def system_of(source: str) -> int:
    """The EPSG code that a source field names: `1,ATLASANTE,96,BAN,EPSG:2154 …` or `…;IGN;BD_ADRESSE;V2.1;LAMBERT_93`.

    Raises:
        Rejected: `projection-unknown`.
    """
    if (found := _EPSG.search(source)) and int(found[1]) in AREAS:
        return int(found[1])
    upper = source.upper()
    for name, code in OLDER.items():
        if upper.rstrip().endswith(name):
            return code
    raise Rejected("projection-unknown")


def located(x: float, y: float, system: int) -> tuple[float, float]:
    """Latitude and longitude (degrees, WGS 84) of a projected point (metres).

    Raises:
        Rejected: `coordinates-elsewhere`: neither as they stand nor swapped do they lie where the system is used.
    """
    for first, second in ((x, y), (y, x)):
        longitude, latitude = _transformer(system).transform(first, second)
        if AREAS[system].holds(latitude, longitude):
            return latitude, longitude
    raise Rejected("coordinates-elsewhere")


def degrees(latitude: float, longitude: float) -> tuple[float, float]:
    """The same point if it lies in France, swapped if only so it does.

    Raises:
        Rejected: `coordinates-elsewhere`.
    """
    for first, second in ((latitude, longitude), (longitude, latitude)):
        if any(area.holds(first, second) for area in AREAS.values()):
            return first, second
    raise Rejected("coordinates-elsewhere")


def number(text: str) -> float:
    """A number with a point or a comma.

    Raises:
        Rejected: `coordinates-missing`.
    """
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise Rejected("coordinates-missing") from None


@cache
def _transformer(system: int) -> Transformer:
    set_network_enabled(active=False)
    return Transformer.from_crs(system, 4326, always_xy=True)
