"""The index answers what looking at every place would, whatever came in which order."""

import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.geo.domain import events as e
from services.geo.domain.facts import Facts, Kind, Location, Practitioner, Precision, Sector, Sex, Source
from services.geo.domain.ids import ListingId, PlaceId
from services.geo.domain.specialities import Speciality
from services.geo.domain.terminals import terminal_at
from services.geo.search.asked import Asked, Hits, Mark, haversine
from services.geo.search.index import Index
from shared.kernel import ERASED
from tests.services.geo.sample import AS_OF, AT, LISTING, PRINT

KINDS = (Kind.DOCTOR, Kind.PHARMACY, Kind.NURSE)
SURNAMES = ("Martin", "Hébert", "Le Goff", "Kermarrec")

locations = st.builds(
    Location,
    lat_e6=st.integers(43_000_000, 43_100_000),
    lon_e6=st.integers(5_900_000, 6_000_000),
    precision=st.sampled_from(Precision),
)
facts = st.builds(
    Facts,
    kind=st.sampled_from(KINDS),
    activity=st.just("x"),
    activity_code=st.sampled_from(["10", "620", "355"]),
    speciality=st.sampled_from(["", "Cardiologue", "Médecine Générale", "Voyance"]),
    sector=st.sampled_from([None, *Sector]),
    optam=st.sampled_from([None, True, False]),
    vitale=st.sampled_from([None, True, False]),
    app_vitale=st.sampled_from([None, True, False]),
)
ids = st.integers(1, 12).map(lambda number: PlaceId(str(uuid.UUID(int=number << 64 | 7))))
practitioners = st.builds(Practitioner, surname=st.sampled_from(SURNAMES), sex=st.sampled_from([None, *Sex]))


def source_of(place: str) -> Source:
    """A place stays with its source, and its site with it."""
    return (Source.RPPS, Source.FINESS, Source.CENTRES)[uuid.UUID(place).int % 3]


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
                                       location=draw(st.none() | locations), fingerprint=PRINT))  # fmt: skip
            continue
        match draw(st.sampled_from(["move", "change", "delist"])):
            case "move":
                found.append(e.PlaceMoved(**base, location=draw(st.none() | locations), fingerprint=PRINT))
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


asked = st.builds(
    Asked,
    latitude=st.floats(43.0, 43.1),
    longitude=st.floats(5.9, 6.0),
    radius=st.sampled_from([500.0, 3_000.0, 50_000.0]),
    kinds=st.lists(st.sampled_from(KINDS), max_size=2, unique=True).map(tuple),
    speciality=st.sampled_from([None, Speciality.CARDIOLOGY, Speciality.UROLOGY]),
    name=st.sampled_from(["", "hebert", "goff le", "kermarec", "nobody"]),
    sex=st.sampled_from([None, *Sex]),
    sector=st.sampled_from([None, *Sector]),
    optam=st.booleans(),
    vitale=st.booleans(),
    app_vitale=st.booleans(),
    terminal=st.booleans(),
    limit=st.integers(1, 5),
)


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


def looked_at(state: dict[str, State], asked: Asked) -> list[tuple[int, bytes]]:
    """Every place, one by one."""
    found = []
    for place, (facts, who, location) in state.items():
        if location is None:
            continue
        metres = haversine(asked.latitude, asked.longitude, location.lat_e6 / 1e6, location.lon_e6 / 1e6)
        fits = (
            metres <= asked.radius
            and (not asked.kinds or facts.kind in asked.kinds)
            and asked.speciality in (None, MEANT.get(facts.speciality) if facts.kind is Kind.DOCTOR else "-")
            and (not asked.name or who.surname == NAMED[asked.name])
            and asked.sex in (None, who.sex)
            and (asked.sector is None or facts.sector is asked.sector)
            and all(getattr(facts, name) or not getattr(asked, name) for name in ("optam", "vitale", "app_vitale"))
            and (not asked.terminal or terminal_at(facts) is not None)
        )
        if fits:
            found.append((round(metres * 1000), place))
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
