"""The history of one place in the directory."""

from typing import Annotated, TypeVar

from pydantic import AwareDatetime, Field

from services.geo.domain.facts import Facts, Location, Practitioner, Source
from services.geo.domain.ids import ListingId, PlaceId
from shared.kernel import Erased, Event, Personal

T = TypeVar("T")
Directory = Annotated[T | Erased, Personal("directory", of="listing_id")]
"""Kept as long as the place is listed: delisted, its key is destroyed."""

FINGERPRINT = "0" * 32


class PlaceListed(Event, name="PlaceListed"):
    """It came into the directory, or came back."""

    place_id: PlaceId
    listing_id: ListingId
    source: Source
    facts: Facts
    practitioner: Directory[Practitioner | None] = Field(examples=[{"surname": "MARTIN"}])
    location: Location | None
    fingerprint: str = Field(examples=[FINGERPRINT])
    as_of: AwareDatetime


class PlaceMoved(Event, name="PlaceMoved"):
    """It lies elsewhere, or is known more or less precisely."""

    place_id: PlaceId
    location: Location | None
    fingerprint: str = Field(examples=[FINGERPRINT])
    as_of: AwareDatetime


class PlaceChanged(Event, name="PlaceChanged"):
    """Its facts are others."""

    place_id: PlaceId
    listing_id: ListingId
    facts: Facts
    practitioner: Directory[Practitioner | None] = Field(examples=[{"surname": "MARTIN"}])
    fingerprint: str = Field(examples=[FINGERPRINT])
    as_of: AwareDatetime


class PlaceDelisted(Event, name="PlaceDelisted"):
    """The newest file of its source no longer has it."""

    place_id: PlaceId
    as_of: AwareDatetime


PlaceEvent = PlaceListed | PlaceMoved | PlaceChanged | PlaceDelisted
