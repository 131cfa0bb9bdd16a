"""What a line of a file asks for."""

from pydantic import AwareDatetime

from services.geo.domain.facts import Facts, Location, Practitioner, Source
from services.geo.domain.ids import ListingId, PlaceId
from shared.kernel import Command, Made


class RecordPlace(Command):
    """The file has this place, with these facts. `fingerprint` stands for all of them: it is what was asked."""

    place_id: PlaceId
    listing_id: Made[ListingId]
    source: Source
    facts: Made[Facts]
    practitioner: Made[Practitioner | None]
    location: Made[Location | None]
    fingerprint: str
    as_of: AwareDatetime


class DelistPlace(Command):
    """The file no longer has it."""

    place_id: PlaceId
    as_of: AwareDatetime


PlaceCommand = RecordPlace | DelistPlace
