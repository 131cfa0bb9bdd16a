"""What a file's newest word on a place leads to."""

import pytest

from services.geo.domain import events as e
from services.geo.domain.facts import Facts, Kind, Location, Precision
from services.geo.domain.ids import ListingId
from services.geo.domain.place import place
from services.geo.domain.terminals import Terminal, terminal_at
from shared.kernel import ERASED
from shared.testing.spec import Spec
from tests.services.geo.sample import (
    AS_OF,
    AT,
    DELISTED,
    DOCTOR,
    FACTS,
    LISTING,
    PLACE,
    PRINT,
    TOULON,
    delist,
    listed,
    record,
)

geo = Spec(place)
ELSEWHERE = Location(lat_e6=43_130_000, lon_e6=5_930_000, precision=Precision.COMMUNE)
MOVED = e.PlaceMoved(at=AT, place_id=PLACE, location=ELSEWHERE, fingerprint=PRINT, as_of=AS_OF)


def changed(**what: object) -> e.PlaceChanged:
    values = {"facts": FACTS, "practitioner": DOCTOR, **what}
    return e.PlaceChanged(at=AT, place_id=PLACE, listing_id=LISTING, fingerprint=PRINT, as_of=AS_OF, **values)


def test_a_new_place_is_listed() -> None:
    geo.given().when(record()).then(listed())


def test_the_same_said_again_is_no_event() -> None:
    geo.given(listed()).when(record(listing_id=ListingId("another"), as_of=AT)).then()


def test_elsewhere_is_a_move() -> None:
    geo.given(listed()).when(record(location=ELSEWHERE)).then(MOVED)
    geo.given(listed(), MOVED).when(record()).then(MOVED.model_copy(update={"location": TOULON}))
    geo.given(listed(location=None)).when(record(location=ELSEWHERE)).then(MOVED)


def test_other_facts_are_a_change_under_the_key_of_the_listing() -> None:
    other = FACTS.model_copy(update={"vitale": True})
    geo.given(listed()).when(record(facts=other, listing_id=ListingId("another"))).then(changed(facts=other))
    who = DOCTOR.model_copy(update={"phone": "0199000009"})
    geo.given(listed()).when(record(practitioner=who)).then(changed(practitioner=who))
    geo.given(listed(), changed(facts=other)).when(record(facts=other)).then()


def test_both_at_once_are_both() -> None:
    other = FACTS.model_copy(update={"city": "La Seyne-sur-Mer"})
    geo.given(listed()).when(record(facts=other, location=ELSEWHERE)).then(changed(facts=other), MOVED)


def test_what_is_gone_is_delisted_once() -> None:
    geo.given(listed()).when(delist()).then(DELISTED)
    geo.given(listed(), DELISTED).when(delist()).then()
    geo.given().when(delist()).then()


def test_what_comes_back_is_listed_under_a_new_key() -> None:
    again = ListingId("another")
    geo.given(listed(), DELISTED).when(record(listing_id=again)).then(listed(listing_id=again))


def test_who_was_erased_stays_erased_whatever_a_file_says() -> None:
    gone = listed().model_copy(update={"practitioner": ERASED})
    geo.given(gone).when(record()).then()


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (Facts(kind=Kind.PHARMACY, activity="Pharmacie", activity_code="620"), Terminal.PROBABLE),
        (Facts(kind=Kind.HOSPITAL, activity="CH", activity_code="355"), Terminal.PROBABLE),
        (Facts(kind=Kind.HOSPITAL, activity="CHR", activity_code="101"), Terminal.PROBABLE),
        (Facts(kind=Kind.HOSPITAL, activity="Clinique", activity_code="365"), None),
        (Facts(kind=Kind.DOCTOR, activity="Médecin", activity_code="10"), None),
        (Facts(kind=Kind.FUND_OFFICE, activity="Accueil"), Terminal.PROBABLE),
        (Facts(kind=Kind.FUND_OFFICE, activity="Accueil", terminal=True), Terminal.KNOWN),
    ],
)
def test_a_terminal_is_known_or_derived(facts: Facts, found: Terminal | None) -> None:
    assert terminal_at(facts) is found
