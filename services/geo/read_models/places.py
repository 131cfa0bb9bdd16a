"""Screens « Localiser une borne Vitale » and « Rechercher un professionnel »: one document per place ever listed."""

from dataclasses import replace
from functools import partial
from typing import Final, assert_never

from pydantic import AwareDatetime

from services.geo.domain import events as e
from services.geo.domain.facts import MICRO, Facts, Kind, Location, Practitioner, Precision, Source
from services.geo.domain.ids import ListingId, PlaceId
from services.geo.domain.persons import Trace, trace_of
from shared.kernel import Erased, Projection, Value, members


class Point(Value):
    """GeoJSON: longitude first."""

    type: str = "Point"
    coordinates: tuple[float, float]


class Listed(Value):
    """A place, and what the next file is compared with. Delisted, only its ids and versions are left."""

    place_id: PlaceId
    listing_id: ListingId
    source: Source
    version: int = 1
    fingerprint: str | None = None
    """None: not listed."""
    kind: Kind | None = None
    facts: Facts | None = None
    practitioner: e.Directory[Practitioner | None] = None
    where: Point | None = None
    precision: Precision | None = None
    person: str | None = None
    """Whom its practitioner may be in other rows: a keyed hash, gone when he is delisted."""
    spot: str | None = None
    """The same of his street and number."""
    changed_at: AwareDatetime
    """The date of the file that last changed something."""


def evolve(shown: Listed | None, event: e.PlaceEvent, key: bytes | None = None) -> Listed:
    """`key` makes `person` and `spot`; without one there are none."""
    version = shown.version + 1 if shown else 1
    change: dict[str, object]
    match event:
        case e.PlaceListed():
            return _listed(event, version).model_copy(update=_trace(event.source, event, key))
        case e.PlaceMoved():
            assert shown is not None
            change = {
                "where": _point(event.location),
                "precision": _precision(event.location),
                "fingerprint": event.fingerprint,
            }
        case e.PlaceChanged():
            assert shown is not None
            change = {
                "kind": event.facts.kind,
                "facts": event.facts,
                "practitioner": event.practitioner,
                "fingerprint": event.fingerprint,
                **_trace(shown.source, event, key),
            }
        case e.PlaceDelisted():
            assert shown is not None
            gone = ("fingerprint", "kind", "facts", "practitioner", "where", "precision", "person", "spot")
            change = dict.fromkeys(gone)
        case _:
            assert_never(event)
    return shown.model_copy(update={**change, "version": version, "changed_at": event.as_of})


def _listed(event: e.PlaceListed, version: int) -> Listed:
    return Listed(
        place_id=event.place_id,
        listing_id=event.listing_id,
        source=event.source,
        version=version,
        fingerprint=event.fingerprint,
        kind=event.facts.kind,
        facts=event.facts,
        practitioner=event.practitioner,
        changed_at=event.as_of,
        where=_point(event.location),
        precision=_precision(event.location),
    )


def _trace(source: Source, event: e.PlaceListed | e.PlaceChanged, key: bytes | None) -> dict[str, str | None]:
    who = None if isinstance(event.practitioner, Erased) else event.practitioner
    trace = trace_of(source, event.facts, who, key) if key else Trace()
    return {name: f"{value:x}" if value else None for name, value in trace._asdict().items()}


def _point(location: Location | None) -> Point | None:
    return None if location is None else Point(coordinates=(location.lon_e6 / MICRO, location.lat_e6 / MICRO))


def _precision(location: Location | None) -> Precision | None:
    return None if location is None else location.precision


places: Final = Projection(
    name="geo.places",
    screen="Près de chez moi",
    version=2,
    document=Listed,
    handles=members(e.PlaceEvent),
    key=lambda event: event.place_id,
    evolve=evolve,
    indexes=("source", "person", "where:2dsphere"),
)


def places_with(key: bytes) -> Projection[Listed, e.PlaceEvent]:
    """The same, filled: its hashes are made with this key."""
    return replace(places, evolve=partial(evolve, key=key))
