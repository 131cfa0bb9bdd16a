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
LAMBERT: Final = re.compile(r"LAMBERT[ _-]?93|L93")
ZONES: Final = {"N20": 5490, "N21": 4467, "N22": 2972, "S38": 4471, "S40": 2975}
"""UTM zones: each is used in one territory; the systems it has been published in agree there to less than a metre."""
_EPSG: Final = re.compile(r"EPSG:\s*(\d+)")
_UTM: Final = re.compile(r"UTM[ _]?(?:ZONE )?(?:([NS])(\d\d)|(\d\d)([NS]))(?![0-9])")


def system_of(source: str) -> int:
    """The EPSG code of the system that a source field names.

    By its number (`1,ATLASANTE,96,BAN,EPSG:2154 …`), or in words where there is none: `…;BD_ADRESSE;V2.1;LAMBERT_93`,
    `…,BAN,L93_METROPOLE`, `…,BAN,WGS84/UTM zone 21N (St-Pierre-et-Miquelon)`, `…;UTM_N20`.

    Raises:
        Rejected: `projection-unknown`.
    """
    upper = source.upper()
    if found := _EPSG.search(upper):
        if int(found[1]) in AREAS:
            return int(found[1])
    elif LAMBERT.search(upper):
        return 2154
    elif (zone := _UTM.search(upper)) and (code := ZONES.get((zone[1] or zone[4]) + (zone[2] or zone[3]))):
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
