"""Screens « Localiser une borne Vitale » and « Rechercher un professionnel »: one document per place ever listed."""

from typing import Final, assert_never

from pydantic import AwareDatetime

from services.geo.domain import events as e
from services.geo.domain.facts import MICRO, Facts, Kind, Location, Practitioner, Precision, Source
from services.geo.domain.ids import ListingId, PlaceId
from shared.kernel import Projection, Value, members


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
    changed_at: AwareDatetime
    """The date of the file that last changed something."""


def evolve(shown: Listed | None, event: e.PlaceEvent) -> Listed:
    version = shown.version + 1 if shown else 1
    change: dict[str, object]
    match event:
        case e.PlaceListed():
            return _listed(event, version)
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
            }
        case e.PlaceDelisted():
            assert shown is not None
            gone = ("fingerprint", "kind", "facts", "practitioner", "where", "precision")
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


def _point(location: Location | None) -> Point | None:
    return None if location is None else Point(coordinates=(location.lon_e6 / MICRO, location.lat_e6 / MICRO))


def _precision(location: Location | None) -> Precision | None:
    return None if location is None else location.precision


places: Final = Projection(
    name="geo.places",
    screen="Près de chez moi",
    version=1,
    document=Listed,
    handles=members(e.PlaceEvent),
    key=lambda event: event.place_id,
    evolve=evolve,
    indexes=("source", "where:2dsphere"),
)
