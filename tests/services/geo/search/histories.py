"""Histories of a few places, and searches among them."""

import uuid
from typing import Any

from hypothesis import strategies as st

from services.geo.domain import events as e
from services.geo.domain.facts import Facts, Kind, Location, Practitioner, Precision, Sector, Sex, Source
from services.geo.domain.ids import ListingId, PlaceId
from services.geo.domain.specialities import Speciality
from services.geo.search.asked import Asked
from tests.services.geo.sample import AS_OF, AT, LISTING, PRINT

KINDS = (Kind.DOCTOR, Kind.PHARMACY, Kind.NURSE)

locations = st.builds(
    Location,
    lat_e6=st.integers(43_000_000, 43_100_000),
    lon_e6=st.integers(5_900_000, 6_000_000),
    precision=st.sampled_from(Precision),
)
facts = st.builds(
    Facts,
    postcode=st.sampled_from(["83000", "83000", "83000", ""]),
    kind=st.sampled_from((Kind.DOCTOR, Kind.DOCTOR, *KINDS)),
    activity=st.just("x"),
    activity_code=st.sampled_from(["10", "620", "355"]),
    speciality=st.sampled_from(["", "Cardiologue", "Cardiologue", "Médecine Générale", "Voyance"]),
    sector=st.sampled_from([None, *Sector]),
    optam=st.sampled_from([None, True, False]),
    vitale=st.sampled_from([None, True, False]),
    app_vitale=st.sampled_from([None, True, False]),
)
ids = st.integers(1, 12).map(lambda number: PlaceId(str(uuid.UUID(int=number << 64 | 7))))
practitioners = st.builds(
    Practitioner,
    surname=st.sampled_from(("Martin", "Le Goff", "Kermarrec", *["Hébert"] * 6)),
    sex=st.sampled_from([None, *Sex]),
    street=st.sampled_from(["", "1 rue du Four", "2 rue du Port"]),
)


def source_of(place: str) -> Source:
    """A place stays with its source, and its site with it."""
    return (Source.RPPS, Source.AMELI, Source.RPPS, Source.AMELI, Source.FINESS, Source.CENTRES)[
        (uuid.UUID(place).int >> 64) % 6
    ]


def site_of(place: str) -> str:
    return ("", "830000001", "830000002")[(uuid.UUID(place).int >> 64) // 3 % 3]


@st.composite
def histories(draw: Any) -> list[e.PlaceEvent]:
    """Events of a few places, each stream as the decider would write it."""
    listed: dict[str, bool] = {}
    found: list[e.PlaceEvent] = []
    for _ in range(draw(st.integers(0, 40))):
        place = draw(ids)
        base = {"at": AT, "place_id": place, "as_of": AS_OF}
        said = draw(facts).model_copy(update={"site": site_of(place)})
        if not listed.get(place):
            listed[place] = True
            who = draw(practitioners)
            found.append(e.PlaceListed(**base, listing_id=ListingId(LISTING), source=source_of(place), facts=said, practitioner=who,
                                       location=draw(st.sampled_from([locations, locations, locations, st.none()]).flatmap(lambda one: one)), fingerprint=PRINT))  # fmt: skip
            continue
        match draw(st.sampled_from(["move", "change", "delist"])):
            case "move":
                found.append(
                    e.PlaceMoved(
                        **base,
                        location=draw(
                            st.sampled_from([locations, locations, locations, st.none()]).flatmap(lambda one: one)
                        ),
                        fingerprint=PRINT,
                    )
                )
            case "change":
                who = draw(practitioners)
                found.append(
                    e.PlaceChanged(
                        **base, listing_id=ListingId(LISTING), facts=said, practitioner=who, fingerprint=PRINT
                    )
                )
            case _:
                listed[place] = False
                found.append(e.PlaceDelisted(**base))
    return found


RARELY = st.sampled_from([False, False, False, False, True])
"""Few places fit several filters."""
asked = st.builds(
    Asked,
    latitude=st.floats(43.0, 43.1),
    longitude=st.floats(5.9, 6.0),
    radius=st.sampled_from([500.0, 3_000.0, 50_000.0, 50_000.0]),
    kinds=st.sampled_from([(), (), (), (Kind.DOCTOR,), (Kind.PHARMACY, Kind.NURSE)]),
    speciality=st.sampled_from([None, None, None, Speciality.CARDIOLOGY, Speciality.UROLOGY]),
    name=st.sampled_from(["", "", "", "", "", "hebert", "goff le", "kermarec", "nobody"]),
    sex=st.sampled_from([None, None, None, None, *Sex]),
    sector=st.sampled_from([None, None, None, None, *Sector]),
    optam=RARELY,
    vitale=RARELY,
    app_vitale=RARELY,
    terminal=RARELY,
    limit=st.integers(1, 5),
)
