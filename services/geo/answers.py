"""What a search answers: what is known of a place and its date, never a distance finer than its position."""

import datetime as dt
from typing import Final

from services.geo.domain.facts import Kind, Precision, Sector, Source
from services.geo.domain.terminals import Terminal, terminal_at
from services.geo.gazetteer import Commune
from services.geo.read_models.places import Listed
from shared.kernel import Erased, Value

STEPS: Final = {Precision.ADDRESS: 100, Precision.COMMUNE: 1_000, Precision.POSTCODE: 5_000}
"""Metres to which a distance is rounded; a département's middle has none. A client's own place is known to 100 m."""


class PlaceShown(Value):
    """One place."""

    place_id: str
    source: Source
    kind: Kind
    activity: str
    speciality: str
    name: str
    street: str
    postcode: str
    city: str
    commune: str
    phone: str
    latitude: float | None
    longitude: float | None
    precision: Precision | None
    distance: int | None
    sector: Sector | None
    optam: bool | None
    vitale: bool | None
    app_vitale: bool | None
    terminal: Terminal | None
    as_of: dt.datetime


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


def shown(listed: Listed, metres: float | None) -> PlaceShown:
    """A listed place, `metres` away."""
    facts, who = listed.facts, listed.practitioner
    assert facts is not None, "it is listed"
    if isinstance(who, Erased):
        name, street, phone = who.value, facts.street, facts.phone
    elif who is not None:
        name = " ".join(part for part in (_title(who.title, facts.kind), who.given_name, who.surname) if part)
        street, phone = who.street, who.phone
    else:
        name, street, phone = facts.label, facts.street, facts.phone
    where = listed.where.coordinates if listed.where else None
    return PlaceShown(
        place_id=listed.place_id,
        source=listed.source,
        kind=facts.kind,
        activity=facts.activity,
        speciality=facts.speciality,
        name=name,
        street=street,
        postcode=facts.postcode,
        city=facts.city,
        commune=facts.commune,
        phone=phone,
        latitude=where[1] if where else None,
        longitude=where[0] if where else None,
        precision=listed.precision,
        distance=_rounded(metres, listed.precision),
        sector=facts.sector,
        optam=facts.optam,
        vitale=facts.vitale,
        app_vitale=facts.app_vitale,
        terminal=terminal_at(facts),
        as_of=listed.changed_at,
    )


def _title(title: str, kind: Kind) -> str:
    """« Dr » for those who bear it; « Monsieur » says nothing here."""
    return "Dr" if kind in {Kind.DOCTOR, Kind.DENTIST} or title.startswith(("Docteur", "Dr")) else ""


def _rounded(metres: float | None, precision: Precision | None) -> int | None:
    step = STEPS.get(precision) if precision else None
    if metres is None or step is None:
        return None
    return max(round(metres / step), 1) * step
