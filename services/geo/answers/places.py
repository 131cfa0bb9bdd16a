"""One place: what is known of it and its date, never a distance finer than its position."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from services.geo.domain.facts import Facts, Kind, Precision, Sector, Source
from services.geo.domain.specialities import speciality_of
from services.geo.domain.terminals import Terminal, terminal_at
from services.geo.read_models.places import Listed
from shared.kernel import Erased, Value

STEPS: Final = {Precision.ADDRESS: 100, Precision.COMMUNE: 1_000, Precision.POSTCODE: 5_000}
"""Metres to which a distance is rounded; a département's middle has none. A client's own place is known to 100 m."""


class SourceShown(Value):
    """A file that says something of a place, and the date of the one that last changed it."""

    source: Source
    as_of: dt.datetime


class PlaceShown(Value):
    """One place, with all that the files say of it. `source`, `as_of`: of the one that says where it is."""

    place_id: str
    source: Source
    kind: Kind
    activity: str
    speciality: str
    specialities: tuple[str, ...]
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
    sources: tuple[SourceShown, ...]


def shown(rows: Sequence[Listed], metres: float | None) -> PlaceShown:
    """A listed place, `metres` away: the row that stands for it, and others that mean the same."""
    listed, facts = rows[0], [row.facts for row in rows if row.facts is not None]
    first = facts[0]
    where = listed.where.coordinates if listed.where else None
    specialities = _specialities(facts)
    return PlaceShown(
        place_id=listed.place_id,
        source=listed.source,
        kind=first.kind,
        activity=first.activity,
        speciality=specialities[0] if specialities else "",
        specialities=specialities,
        name=_name(listed, first),
        street=_said(street for street, _ in map(_reached, rows)),
        postcode=first.postcode,
        city=first.city,
        commune=first.commune,
        phone=_said(phone for _, phone in map(_reached, rows)),
        latitude=where[1] if where else None,
        longitude=where[0] if where else None,
        precision=listed.precision,
        distance=_rounded(metres, listed.precision),
        sector=next((one.sector for one in facts if one.sector), None),
        optam=_any(one.optam for one in facts),
        vitale=_any(one.vitale for one in facts),
        app_vitale=_any(one.app_vitale for one in facts),
        terminal=terminal_at(first),
        as_of=listed.changed_at,
        sources=_sources(rows),
    )


def _specialities(facts: Sequence[Facts]) -> tuple[str, ...]:
    """Each once: two files have different words for one."""
    found: dict[object, str] = {}
    for one in facts:
        if one.speciality:
            found.setdefault(speciality_of(one) or one.speciality, one.speciality)
    return tuple(found.values())


def _name(listed: Listed, facts: Facts) -> str:
    who = listed.practitioner
    if isinstance(who, Erased):
        return who.value
    if who is None:
        return facts.label
    return " ".join(part for part in (_title(who.title, facts.kind), who.given_name, who.surname) if part)


def _reached(row: Listed) -> tuple[str, str]:
    """Street and telephone: a practitioner's own, where he has one."""
    assert row.facts is not None, "it is listed"
    who = row.practitioner
    known = row.facts if who is None or isinstance(who, Erased) else who
    return known.street, known.phone


def _said(texts: Iterable[str]) -> str:
    """The first that says something."""
    return next(filter(None, texts), "")


def _any(said: Iterable[bool | None]) -> bool | None:
    """What any says; None: none does."""
    known = [one for one in said if one is not None]
    return any(known) if known else None


def _sources(rows: Sequence[Listed]) -> tuple[SourceShown, ...]:
    """Each once, with its newest date."""
    newest: dict[Source, dt.datetime] = {}
    for row in rows:
        newest[row.source] = max(newest.get(row.source, row.changed_at), row.changed_at)
    return tuple(SourceShown(source=source, as_of=as_of) for source, as_of in newest.items())


def _title(title: str, kind: Kind) -> str:
    """« Dr » for those who bear it; « Monsieur » says nothing here."""
    return "Dr" if kind in {Kind.DOCTOR, Kind.DENTIST} or title.startswith(("Docteur", "Dr")) else ""


def _rounded(metres: float | None, precision: Precision | None) -> int | None:
    step = STEPS.get(precision) if precision else None
    if metres is None or step is None:
        return None
    return max(round(metres / step), 1) * step
