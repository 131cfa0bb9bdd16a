"""A few places, and the rows of files that say so."""

import datetime as dt
from typing import Any

from services.geo.domain import commands as c
from services.geo.domain import events as e
from services.geo.domain.facts import Facts, Kind, Location, Practitioner, Precision, Source
from services.geo.domain.ids import ListingId, PlaceId


class Secrets:
    """All that a definition wants of settings."""

    def hash_key(self, _: str) -> tuple[int, bytes]:
        return 1, bytes(32)


AT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
AS_OF = dt.datetime(2026, 11, 12, tzinfo=dt.UTC)
PLACE = PlaceId("6f1d0a52-54f5-4d0e-9e0a-6a2f0e1b7c11")
LISTING = ListingId("0d6f5f5a-7a55-4c86-8d1b-1f6d2f3a4b5c")
TOULON = Location(lat_e6=43_124_400, lon_e6=5_928_400, precision=Precision.ADDRESS)
PRINT = "ab" * 16
DOCTOR = Practitioner(surname="MARTIN", given_name="Zoé", street="12 rue du Four", phone="0199000001")
FACTS = Facts(
    kind=Kind.DOCTOR, activity="Médecin", activity_code="10", postcode="83000", city="Toulon", commune="83137"
)


def record(**changes: Any) -> c.RecordPlace:
    values: dict[str, Any] = {
        "at": AT,
        "place_id": PLACE,
        "listing_id": LISTING,
        "source": Source.RPPS,
        "facts": FACTS,
        "practitioner": DOCTOR,
        "location": TOULON,
        "fingerprint": PRINT,
        "as_of": AS_OF,
    }
    return c.RecordPlace(**{**values, **changes})


def listed(**changes: Any) -> e.PlaceListed:
    return e.PlaceListed(**{**dict(record()), **changes})


def delist() -> c.DelistPlace:
    return c.DelistPlace(at=AT, place_id=PLACE, as_of=AS_OF)


DELISTED = e.PlaceDelisted(at=AT, place_id=PLACE, as_of=AS_OF)
