"""The index answers what looking at every place would, whatever came in which order."""

import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.geo.domain import events as e
from services.geo.domain.facts import Facts, Kind, Location, Practitioner, Precision, Sector, Source
from services.geo.domain.ids import ListingId, PlaceId
from services.geo.domain.specialities import Speciality
from services.geo.domain.terminals import terminal_at
from services.geo.search.asked import Asked, Hits, Mark, haversine
from services.geo.search.index import Index
from services.geo.search.joining import Row, joined
from shared.kernel import ERASED
from tests.services.geo.sample import AS_OF, AT, LISTING, PRINT
from tests.services.geo.search.histories import asked, histories, site_of, source_of

State = tuple[Facts, Practitioner, Location | None]


def folded(events: list[e.PlaceEvent]) -> dict[str, State]:
    """The state of every place, in plain words."""
    state: dict[str, State] = {}
    for event in events:
        match event:
            case e.PlaceListed():
                assert isinstance(event.practitioner, Practitioner)
                state[event.place_id] = (event.facts, event.practitioner, event.location)
            case e.PlaceChanged():
                assert isinstance(event.practitioner, Practitioner)
                state[event.place_id] = (event.facts, event.practitioner, state[event.place_id][2])
            case e.PlaceMoved():
                state[event.place_id] = (*state[event.place_id][:2], event.location)
            case e.PlaceDelisted():
                del state[event.place_id]
    return state


NAMED = {"hebert": "Hébert", "goff le": "Le Goff", "kermarec": "Kermarrec", "nobody": "-"}


MEANT = {"Cardiologue": Speciality.CARDIOLOGY, "Médecine Générale": Speciality.GENERAL}


def results_of(state: dict[str, State]) -> list[list[str]]:
    """Places that are one result: persons of two files, told apart by what is written there."""
    persons: dict[object, list[str]] = {}
    for place, (facts, who, location) in state.items():
        person = source_of(place) in (Source.RPPS, Source.AMELI) and facts.postcode and location is not None
        persons.setdefault((who.surname, facts.kind) if person else place, []).append(place)
    return [[own[at] for at in one] for own in persons.values() for one in joined([row(state, place) for place in own])]


def row(state: dict[str, State], place: str) -> Row:
    facts, who, _ = state[place]
    where, speciality = who.street or facts.site, facts.speciality if facts.kind is Kind.DOCTOR else ""
    return Row(
        source_of(place) is Source.RPPS,
        SPOTS.index(where),
        ("", "Cardiologue", "Médecine Générale", "Voyance").index(speciality),
        uuid.UUID(place).bytes,
    )


SPOTS = ("", "1 rue du Four", "2 rue du Port", "830000001", "830000002")


def looked_at(state: dict[str, State], asked: Asked) -> list[tuple[int, bytes]]:
    """Every place, one by one."""
    found = []
    for result in results_of(state):
        facts, who, location = state[result[0]]
        if location is None:
            continue
        said = [state[place][0] for place in result]
        metres = haversine(asked.latitude, asked.longitude, location.lat_e6 / 1e6, location.lon_e6 / 1e6)
        meant = {MEANT.get(one.speciality) for one in said} if facts.kind is Kind.DOCTOR else set()
        fits = (
            metres <= asked.radius
            and (not asked.kinds or facts.kind in asked.kinds)
            and (asked.speciality is None or asked.speciality in meant)
            and (not asked.name or who.surname == NAMED[asked.name])
            and (asked.sex is None or asked.sex in {state[place][1].sex for place in result})
            and (asked.sector is None or asked.sector is next((one.sector for one in said if one.sector), None))
            and all(
                any(getattr(one, name) for one in said) or not getattr(asked, name)
                for name in ("optam", "vitale", "app_vitale")
            )
            and (not asked.terminal or any(terminal_at(one) for one in said))
        )
        if fits:
            found.append((round(metres * 1000), result[0]))
    centres = {site_of(place) for _, place in found if source_of(place) is Source.CENTRES} - {""}
    told_twice = [place for _, place in found if source_of(place) is Source.FINESS and site_of(place) in centres]
    return sorted((metres, uuid.UUID(place).bytes) for metres, place in found if place not in told_twice)


def all_pages(index: Index, asked: Asked) -> tuple[list[tuple[float, str]], Hits]:
    """Turn the pages to the last."""
    found: list[tuple[float, str]] = []
    first = hits = index.search(asked)
    while True:
        found += [(hit.metres, hit.place_id) for hit in hits.hits]
        if hits.more is None:
            return found, first
        hits = index.search(Asked(**{**vars(asked), "after": Mark.parse(str(hits.more))}))


@given(events=histories(), asked=asked, built=st.integers(0, 40))
@settings(max_examples=150, deadline=None)
def test_it_finds_what_looking_at_every_place_finds(events: list[e.PlaceEvent], asked: Asked, built: int) -> None:
    index = Index()
    index.apply(events[:built])
    index.build()
    index.apply(events[built:])
    state = folded(events)
    found, first = all_pages(index, asked)
    wanted = looked_at(state, asked)
    assert {uuid.UUID(place).bytes for _, place in found} == {place for _, place in wanted}
    assert [metres for metres, _ in found] == sorted(metres for metres, _ in found)
    assert len(found) == len({place for _, place in found}) == first.total
    for (metres, _), (millimetres, _) in zip(found, wanted, strict=True):
        assert abs(metres * 1000 - millimetres) <= 2
    assert len(index) == len(state)


@given(events=histories(), asked=asked)
@settings(max_examples=40, deadline=None)
def test_built_once_or_after_every_event_it_is_the_same(events: list[e.PlaceEvent], asked: Asked) -> None:
    once, often = Index(), Index()
    once.apply(events)
    for event in events:
        often.apply([event])
        often.build()
    assert once.search(asked) == often.search(asked)


def test_counts_say_what_each_filter_would_leave() -> None:
    index = Index()
    for number, (kind, sector) in enumerate(
        [(Kind.DOCTOR, Sector.ONE), (Kind.DOCTOR, Sector.TWO), (Kind.NURSE, None)], start=1
    ):
        facts = Facts(kind=kind, activity="x", sector=sector, vitale=number == 1)
        place = PlaceId(str(uuid.UUID(int=number)))
        location = Location(lat_e6=43_000_000, lon_e6=5_900_000, precision=Precision.ADDRESS)
        index.apply([e.PlaceListed(at=AT, place_id=place, listing_id=ListingId(LISTING), source=Source.RPPS, facts=facts, practitioner=None,
                                   location=location, fingerprint=PRINT, as_of=AS_OF)])  # fmt: skip
    hits = index.search(Asked(43.0, 5.9, 100.0))
    assert hits.counts == {"kind:doctor": 2, "kind:nurse": 1, "sector:1": 1, "sector:2": 1, "vitale": 1}


def test_a_health_centre_that_two_files_have_is_found_once() -> None:
    index = Index()
    here = Location(lat_e6=43_000_000, lon_e6=5_900_000, precision=Precision.ADDRESS)
    known = Facts(kind=Kind.HEALTH_CENTRE, activity="x", label="Centre", site="830000001")
    base: dict[str, Any] = {"at": AT, "as_of": AS_OF}
    of_site: dict[str, Any] = {
        "listing_id": ListingId(LISTING),
        "practitioner": None,
        "location": here,
        "fingerprint": PRINT,
        **base,
    }
    first, second, doctor = (PlaceId(str(uuid.UUID(int=number))) for number in (1, 2, 3))
    asked = Asked(43.0, 5.9, 100.0)

    def found() -> set[str]:
        return {hit.place_id for hit in index.search(asked).hits}

    index.apply([e.PlaceListed(place_id=first, source=Source.FINESS, facts=known, **of_site)])
    assert found() == {first}
    accepting = known.model_copy(update={"vitale": True})
    index.apply([e.PlaceListed(place_id=second, source=Source.CENTRES, facts=accepting, **of_site)])
    index.apply([e.PlaceListed(place_id=doctor, source=Source.RPPS, facts=known, **of_site)])
    assert found() == {second, doctor}, "the list of centres says more; who practises there is somebody else"
    assert index.search(asked).counts["vitale"] == 1
    index.build()
    index.apply([e.PlaceMoved(place_id=second, location=here, fingerprint=PRINT, **base)])
    assert found() == {second, doctor}
    index.apply([e.PlaceDelisted(place_id=second, **base)])
    assert found() == {first, doctor}


def test_a_practitioner_whom_two_files_have_is_found_once_with_what_both_say() -> None:
    index = Index()
    here = Location(lat_e6=43_000_000, lon_e6=5_900_000, precision=Precision.ADDRESS)
    centre = here.model_copy(update={"lat_e6": 43_050_000, "precision": Precision.COMMUNE})
    known = Facts(kind=Kind.DOCTOR, activity="x", speciality="Cardiologie", postcode="83000")
    told = known.model_copy(update={"speciality": "Cardiologue", "sector": Sector.ONE, "vitale": True})
    zoe = Practitioner(surname="LE GOFF", given_name="Zoé")
    base: dict[str, Any] = {"at": AT, "as_of": AS_OF, "listing_id": ListingId(LISTING), "fingerprint": PRINT}
    rpps, ameli, other = (PlaceId(str(uuid.UUID(int=number))) for number in (2, 1, 3))
    index.apply(
        [e.PlaceListed(**base, place_id=rpps, source=Source.RPPS, facts=known, practitioner=zoe, location=here)]
    )
    index.build()
    listed = e.PlaceListed(**base, place_id=ameli, source=Source.AMELI, facts=told, practitioner=zoe, location=centre)
    index.apply([listed])
    near = Asked(43.0, 5.9, 1_000.0, sector=Sector.ONE)
    [hit] = index.search(near).hits
    assert (hit.place_id, hit.metres, hit.others) == (rpps, 0, (ameli,)), "where RPPS says, and of sector 1"
    assert index.search(near).counts == {"kind:doctor": 1, "speciality:cardiology": 1, "sector:1": 1, "vitale": 1}
    assert index.search(Asked(43.0, 5.9, 10_000.0)).total == 1
    assert index.same(ameli) == index.same(rpps) == (rpps, ameli)
    homonym = listed.model_copy(
        update={"place_id": other, "facts": told.model_copy(update={"speciality": "Dermatologue"})}
    )
    index.apply([homonym])
    assert {hit.place_id for hit in index.search(Asked(43.0, 5.9, 10_000.0)).hits} == {rpps, other}
    index.apply([e.PlaceDelisted(at=AT, as_of=AS_OF, place_id=ameli)])
    assert index.search(near).total == 0, "no file says so any more"
    assert index.same(rpps) == (rpps,)
    assert index.same(ameli) == index.same("no id") == ()


def test_a_name_that_is_erased_is_not_found() -> None:
    index = Index()
    event = e.PlaceListed(at=AT, place_id=PlaceId(str(uuid.UUID(int=1))), listing_id=ListingId(LISTING), source=Source.RPPS,
                          facts=Facts(kind=Kind.DOCTOR, activity="x"), practitioner=ERASED, location=Location(lat_e6=43_000_000, lon_e6=5_900_000, precision=Precision.ADDRESS),
                          fingerprint=PRINT, as_of=AS_OF)  # fmt: skip
    index.apply([event])
    assert index.search(Asked(43.0, 5.9, 100.0)).total == 1
    assert index.search(Asked(43.0, 5.9, 100.0, name="effacé")).total == 0


@pytest.mark.parametrize("text", [None, "", "x", "AAAA", "é", "A" * 28, "====", "AA-hOtk_njYfCMge_waDThAsjjw=="])
def test_a_mark_that_is_none_is_none(text: str | None) -> None:
    parsed = Mark.parse(text)
    assert parsed is None or Mark.parse(str(parsed)) == parsed


@given(st.integers(0, 2**32 - 1), st.binary(min_size=16, max_size=16))
def test_marks_come_back(millimetres: int, place: bytes) -> None:
    mark = Mark(millimetres, place)
    assert Mark.parse(str(mark)) == mark


def test_haversine_on_known_distances() -> None:
    assert abs(haversine(48.8566, 2.3522, 43.2965, 5.3698) - 660_480) < 1_000  # Paris, Marseille
    assert abs(haversine(0, 0, 0, 180) - 20_015_115) < 1
    assert haversine(43, 5, 43, 5) == 0
