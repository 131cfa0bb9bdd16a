"""A person of the register: given what was known, when a line or a card arrives, then …"""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain import commands as c
from services.identity.domain import events as e
from services.identity.domain.nir import Nir
from services.identity.domain.person import Person, person
from services.identity.domain.register import Doctor
from shared.kernel import ERASED, Rejected
from shared.testing.spec import Spec
from tests.services.identity.examples import (
    AS_OF,
    CARD,
    CLAIRE,
    DAY,
    NEXT_CARD,
    NEXT_PROOF,
    NOW,
    PROOF,
    facts,
    known,
    posted,
    register,
    registered,
)

NEXT_DAY = AS_OF + DAY

a_person: Spec[Person, c.PersonCommand, e.PersonEvent] = Spec(person)


def learn(proof: str = PROOF, card: Any = CARD) -> c.LearnSerial:
    return c.LearnSerial(at=NOW, person_id=CLAIRE, card_id=card, serial_proof=proof)


def revoke(proof: str = PROOF, card: Any = CARD) -> c.RevokeSerial:
    return c.RevokeSerial(at=NOW, person_id=CLAIRE, card_id=card, serial_proof=proof)


LEARNED = e.SerialLearned(**learn().model_dump())
NEXT_LEARNED = e.SerialLearned(**learn(NEXT_PROOF, NEXT_CARD).model_dump())
REVOKED = e.SerialRevoked(**revoke().model_dump())


def test_a_person_is_registered() -> None:
    a_person.when(register()).then(*known())


def test_the_same_line_again_changes_nothing() -> None:
    a_person.given(*known()).when(register()).nothing()


def test_the_same_facts_at_a_later_date_change_nothing() -> None:
    a_person.given(*known()).when(register(as_of=NEXT_DAY)).nothing()


@pytest.mark.parametrize(
    "change",
    [
        {"surname": "MARTIN"},
        {"nir": Nir("2850183137043")},
        {"iban": None},
        {"rights_to": dt.date(2027, 1, 1)},
        {"doctor": Doctor(name="Dr Satie", rpps=None)},
        {"doctor": None},
        {"rank": 2},
    ],
)
def test_another_fact_updates_the_person(change: dict[str, Any]) -> None:
    expected: list[e.PersonEvent] = [e.PersonUpdated(at=NOW, **facts(as_of=NEXT_DAY, **change))]
    if "surname" in change:
        expected.append(posted(**change))  # another name stands on the envelope
    a_person.given(*known()).when(register(as_of=NEXT_DAY, **change)).then(*expected)


def test_an_older_date_never_overwrites_a_later_one() -> None:
    a_person.given(*known()).when(register(as_of=AS_OF - DAY, surname="MARTIN")).nothing()


def test_an_erased_person_is_not_taken_up_again() -> None:
    erased = registered(**dict.fromkeys(set(facts()) - {"person_id", "as_of"}, ERASED))
    a_person.given(erased).when(register(as_of=NEXT_DAY)).rejected("person-erased")


def test_a_card_proves_its_holder_even_before_the_register_names_him() -> None:
    a_person.when(learn()).then(LEARNED)
    a_person.given(LEARNED).when(register()).then(*known())


def test_a_card_is_learned_once() -> None:
    a_person.given(*known(), LEARNED).when(learn()).nothing()


def test_a_new_card_replaces_the_one_before() -> None:
    a_person.given(LEARNED).when(learn(NEXT_PROOF, NEXT_CARD)).then(NEXT_LEARNED)
    assert person.fold([LEARNED, NEXT_LEARNED]).serial_proof == NEXT_PROOF


def test_an_opposed_card_proves_nothing() -> None:
    a_person.given(LEARNED).when(revoke()).then(REVOKED)
    assert person.fold([LEARNED, REVOKED]).serial_proof is None


def test_a_card_is_opposed_once() -> None:
    a_person.given(LEARNED, REVOKED).when(revoke()).nothing()


def test_an_opposed_card_is_never_learned_again() -> None:
    a_person.given(LEARNED, REVOKED).when(learn()).rejected("serial-opposed")
    a_person.given(REVOKED).when(learn()).rejected("serial-opposed")


def test_opposing_the_card_before_leaves_the_new_one() -> None:
    assert person.fold([LEARNED, NEXT_LEARNED, REVOKED]).serial_proof == NEXT_PROOF


def test_an_erased_proof_folds_and_equals_nothing() -> None:
    erased = LEARNED.model_copy(update={"serial_proof": ERASED})
    assert person.fold([erased]).serial_proof is ERASED


orders = st.one_of(
    st.builds(
        lambda day, surname: register(as_of=AS_OF + day * DAY, surname=surname),
        st.integers(0, 5),
        st.sampled_from(["MARTIN", "DURAND", "PETIT"]),
    ),
    st.builds(learn, st.sampled_from([PROOF, NEXT_PROOF])),
    st.builds(revoke, st.sampled_from([PROOF, NEXT_PROOF])),
)


def folded(history: list[e.PersonEvent], command: c.PersonCommand) -> list[e.PersonEvent]:
    try:
        return [*history, *person.decide(person.fold(history), command)]
    except Rejected:
        return history


@given(st.lists(orders, max_size=12))
def test_whatever_the_order_and_however_often(commands: list[c.PersonCommand]) -> None:
    history: list[e.PersonEvent] = []
    for command in commands:
        history = folded(history, command)
        assert folded(history, command) == history, "a command twice is a command once"
        state = person.fold(history)
        assert state.serial_proof not in state.revoked
        dates = [event.as_of for event in history if isinstance(event, e.PersonRegistered | e.PersonUpdated)]
        assert dates == sorted(dates)
    registrations = [event for event in history if isinstance(event, e.PersonRegistered)]
    assert len(registrations) <= 1
