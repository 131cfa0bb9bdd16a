"""One place: what the newest file says of it, against what the one before said."""

from typing import assert_never

from services.geo.domain import commands as c
from services.geo.domain import events as e
from services.geo.domain.facts import Facts, Location, Practitioner
from services.geo.domain.ids import ListingId
from shared.kernel import Decider, Erased, Value


class Place(Value):
    """Only what the comparison needs."""

    listing_id: ListingId | None = None
    """None: not listed."""
    facts: Facts | None = None
    practitioner: Practitioner | Erased | None = None
    location: Location | None = None


def decide(place: Place, command: c.PlaceCommand) -> list[e.PlaceEvent]:
    match command:
        case c.RecordPlace():
            return _listed(command) if place.listing_id is None else _changes(place, place.listing_id, command)

        case c.DelistPlace():
            if place.listing_id is None:
                return []
            return [e.PlaceDelisted(at=command.at, place_id=command.place_id, as_of=command.as_of)]

        case _:
            assert_never(command)


def _listed(command: c.RecordPlace) -> list[e.PlaceEvent]:
    return [e.PlaceListed.model_construct(**dict(command))]  # each value was checked as the command's


def _changes(place: Place, listing_id: ListingId, command: c.RecordPlace) -> list[e.PlaceEvent]:
    """A practitioner whose key is destroyed stays erased, whatever a file says."""
    found: list[e.PlaceEvent] = []
    erased = isinstance(place.practitioner, Erased)
    if place.facts != command.facts or (not erased and place.practitioner != command.practitioner):
        found.append(
            e.PlaceChanged(
                at=command.at,
                place_id=command.place_id,
                listing_id=listing_id,
                facts=command.facts,
                practitioner=command.practitioner,
                fingerprint=command.fingerprint,
                as_of=command.as_of,
            )
        )
    if place.location != command.location:
        found.append(
            e.PlaceMoved(
                at=command.at,
                place_id=command.place_id,
                location=command.location,
                fingerprint=command.fingerprint,
                as_of=command.as_of,
            )
        )
    return found


def evolve(place: Place, event: e.PlaceEvent) -> Place:
    match event:
        case e.PlaceListed():
            return Place(
                listing_id=event.listing_id,
                facts=event.facts,
                practitioner=event.practitioner,
                location=event.location,
            )
        case e.PlaceMoved():
            return place.model_copy(update={"location": event.location})
        case e.PlaceChanged():
            return place.model_copy(update={"facts": event.facts, "practitioner": event.practitioner})
        case e.PlaceDelisted():
            return Place()
        case _:
            assert_never(event)


place = Decider(category="place", retention="directory", initial=Place(), decide=decide, evolve=evolve)
