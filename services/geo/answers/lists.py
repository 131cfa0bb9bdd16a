"""What a search answers, and what else is asked of the directory."""

import datetime as dt

from services.geo.answers.places import PlaceShown
from services.geo.domain.facts import Source
from services.geo.gazetteer import Commune
from shared.kernel import Value


class Town(Value):
    """What a map without tiles names."""

    name: str
    latitude: float
    longitude: float
    population: int


class Results(Value):
    """A page of places, nearest first, and the towns around."""

    places: tuple[PlaceShown, ...]
    more: str | None
    total: int
    counts: dict[str, int]
    radius: int
    towns: tuple[Town, ...] = ()


class CommuneShown(Value):
    """A commune that somebody may mean."""

    code: str
    name: str
    postcodes: tuple[str, ...]
    departement: str
    latitude: float | None
    longitude: float | None
    population: int


class CommunesShown(Value):
    """All that a text may mean, the likeliest first."""

    communes: tuple[CommuneShown, ...]


class FilesShown(Value):
    """The last file of a source."""

    source: Source
    taken: str | None
    as_of: dt.datetime | None
    held: str | None


class SearchesShown(Value):
    """How many searches were made in a département on a day, where enough were."""

    day: dt.date
    departement: str
    kind: str
    searches: int


def commune_shown(one: Commune) -> CommuneShown:
    """A commune of the gazetteer."""
    latitude, longitude = one.centre or (None, None)
    return CommuneShown(
        code=one.code,
        name=one.name,
        postcodes=one.postcodes,
        departement=one.departement,
        latitude=latitude,
        longitude=longitude,
        population=one.population,
    )
