"""Who is one person at one place, and who is not."""

import itertools
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.geo.domain.facts import Facts, Kind, Practitioner, Source
from services.geo.domain.persons import trace_of
from services.geo.search.joining import Row, joined

HEART, SKIN = 3, 4
FOUR, PORT = 11, 12


def rpps(number: int, spot: int = FOUR, speciality: int = HEART) -> Row:
    return Row(registered=True, spot=spot, speciality=speciality, place=uuid.UUID(int=number).bytes)


def ameli(number: int, spot: int = FOUR, speciality: int = HEART) -> Row:
    return rpps(number, spot, speciality)._replace(registered=False)


@pytest.mark.parametrize(
    ("rows", "results"),
    [
        ([rpps(1)], [[0]]),
        ([rpps(2), ameli(1)], [[0, 1]]),
        ([ameli(1), rpps(2)], [[1, 0]]),
        ([rpps(1), ameli(2, spot=PORT)], [[0, 1]]),
        ([rpps(1), ameli(2, spot=0)], [[0, 1]]),
        ([rpps(1, speciality=0), ameli(2)], [[0, 1]]),
        ([rpps(1), ameli(2, speciality=0)], [[0, 1]]),
        ([rpps(1), ameli(2, speciality=SKIN)], [[0], [1]]),
        ([rpps(1), ameli(2, PORT, SKIN)], [[0], [1]]),
        ([rpps(1), rpps(2, speciality=SKIN)], [[0, 1]]),
        ([rpps(1, PORT), rpps(2, FOUR, SKIN)], [[0], [1]]),
        ([rpps(1, 0), rpps(2, 0)], [[0, 1]]),
        ([rpps(1, 0), rpps(2, 0, SKIN)], [[0], [1]]),
        ([rpps(1), rpps(2, speciality=SKIN), ameli(3, speciality=SKIN)], [[0, 1, 2]]),
        ([rpps(1, PORT), rpps(2, FOUR), ameli(3, FOUR)], [[0], [1, 2]]),
        ([rpps(1, PORT), rpps(2, FOUR), ameli(3, 99)], [[0], [1], [2]]),
        ([rpps(1, PORT), rpps(2, FOUR, SKIN), ameli(3, 99, SKIN)], [[0], [1, 2]]),
        ([rpps(1), ameli(2), ameli(3, PORT)], [[0, 1], [2]]),
        ([rpps(1), ameli(2, 98), ameli(3, 99)], [[0], [1], [2]]),
        ([ameli(2), ameli(1)], [[1, 0]]),
        ([], []),
    ],
)  # fmt: skip
def test_who_is_meant(rows: list[Row], results: list[list[int]]) -> None:
    assert sorted(joined(rows)) == sorted(results)


rows = st.lists(
    st.builds(
        Row,
        registered=st.booleans(),
        spot=st.sampled_from([0, FOUR, PORT]),
        speciality=st.sampled_from([0, HEART, SKIN]),
        place=st.integers(1, 99).map(lambda number: uuid.UUID(int=number).bytes),
    ),
    max_size=6,
    unique_by=lambda row: row.place,
)


@given(rows)
def test_every_row_is_in_one_result_whatever_came_first(some: list[Row]) -> None:
    found = joined(some)
    assert sorted(itertools.chain(*found)) == list(range(len(some)))
    turned = [some[::-1][at] for at in itertools.chain(*joined(some[::-1]))]
    assert {frozenset(some[at].place for at in one) for one in found} == {
        frozenset(some[::-1][at].place for at in one) for one in joined(some[::-1])
    }
    assert len(turned) == len(some)


@given(rows)
def test_homonyms_of_two_files_with_different_specialities_stay_apart(some: list[Row]) -> None:
    for one in joined(some):
        registered = {some[at].speciality for at in one if some[at].registered} - {0}
        agreed = {some[at].speciality for at in one if not some[at].registered} - {0}
        assert not registered or not agreed or registered & agreed


FACTS = Facts(kind=Kind.DOCTOR, activity="Médecin", postcode="83000")
ZOE = Practitioner(surname="LE GOFF", given_name="Zoé", street="12 bis, av. du Four")


@pytest.mark.parametrize(
    ("facts", "who", "person", "spot"),
    [
        ({}, {"surname": "Le Goff", "given_name": "ZOE", "street": "12 AVENUE DU FOUR"}, True, True),
        ({}, {"surname": "Legoff"}, False, True),
        ({}, {"given_name": "Anne"}, False, True),
        ({"postcode": "83100"}, {}, False, True),
        ({"kind": Kind.NURSE}, {}, False, True),
        ({}, {"street": "14 avenue du Four"}, True, False),
        ({}, {"street": "12 rue du Port"}, True, False),
        ({}, {"street": ""}, True, False),
        ({"site": "830000001"}, {}, True, True),
    ],
)
def test_a_trace_is_name_kind_postcode_and_street(
    facts: dict[str, str], who: dict[str, str], *, person: bool, spot: bool
) -> None:
    first = trace_of(Source.RPPS, FACTS, ZOE)
    other = trace_of(Source.AMELI, FACTS.model_copy(update=facts), ZOE.model_copy(update=who))
    assert (first.person == other.person, first.spot == other.spot) == (person, spot)


def test_who_has_no_name_or_place_has_no_trace() -> None:
    for facts, who in ((FACTS, None), (FACTS.model_copy(update={"postcode": ""}), ZOE)):
        assert trace_of(Source.RPPS, facts, who) == (0, 0)
    assert trace_of(Source.FINESS, FACTS, ZOE) == (0, 0)
    assert trace_of(Source.RPPS, FACTS, ZOE, b"one") != trace_of(Source.RPPS, FACTS, ZOE, b"other")
