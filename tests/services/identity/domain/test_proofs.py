"""Whether what a visitor typed proves who he is."""

import datetime as dt
from typing import Any

import pytest

from services.identity.domain import events as e
from services.identity.domain.nir import Nir
from services.identity.domain.person import Person, person
from services.identity.domain.proofs import Claimed, proves
from shared.kernel import ERASED
from shared.personal_data import BlindIndex
from tests.services.identity.examples import CARD, CLAIRE, NEXT_PROOF, NOW, PAUL, PROOF, facts, registered

TODAY = dt.date(2026, 11, 24)
KEYED = BlindIndex("iban", 1, bytes(range(32)))
LEARNED = e.SerialLearned(at=NOW, person_id=CLAIRE, card_id=CARD, serial_proof=PROOF)


def known(**changes: Any) -> Person:
    return person.fold([registered(**changes), LEARNED])


def claimed(**changes: Any) -> Claimed:
    typed: dict[str, Any] = {
        "nir": Nir("2850183137042"),
        "surname": "Lefevre d’Arc",  # noqa: RUF001 - a typographic apostrophe is what phones type
        "birth_date": dt.date(1985, 1, 17),
        "postcode": "83000",
        "iban_proof": KEYED.of("3M02606"),
        "serial_proof": PROOF,
    }
    return Claimed(**typed | changes)


def test_every_item_right() -> None:
    assert proves(claimed(), known(), TODAY, KEYED.of)


@pytest.mark.parametrize(
    "wrong",
    [
        {"surname": "MARTIN"},
        {"surname": ""},
        {"birth_date": dt.date(1985, 1, 18)},
        {"postcode": "83100"},
        {"iban_proof": KEYED.of("7890189")},
        {"serial_proof": NEXT_PROOF},
        {"nir": Nir("2860183137042")},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_one_item_wrong(wrong: dict[str, Any]) -> None:
    assert not proves(claimed(**wrong), known(), TODAY, KEYED.of)


def test_the_end_of_an_iban_is_compared_by_its_hash_under_a_key() -> None:
    plain, other = claimed(iban_proof="3M02606"), BlindIndex("iban", 1, bytes(32))
    assert not proves(plain, known(), TODAY, KEYED.of)
    assert not proves(claimed(), known(), TODAY, other.of)


def test_nobody_is_proved_when_nobody_is_known() -> None:
    assert not proves(claimed(), Person(), TODAY, KEYED.of)


def test_what_stands_in_for_nobody_proves_nobody() -> None:
    typed = claimed(
        surname="nobody",
        birth_date=dt.date(1900, 1, 1),
        postcode="00000",
        iban_proof=KEYED.of("·······"),
        nir=Nir("2000183137042"),
    )
    assert not proves(typed, Person(serial_proof=PROOF), TODAY, KEYED.of)


def test_a_card_that_is_opposed_or_replaced_proves_nothing() -> None:
    opposed = e.SerialRevoked(at=NOW, person_id=CLAIRE, card_id=CARD, serial_proof=PROOF)
    replaced = LEARNED.model_copy(update={"serial_proof": NEXT_PROOF})
    assert not proves(claimed(), person.fold([registered(), LEARNED, opposed]), TODAY, KEYED.of)
    assert not proves(claimed(), person.fold([registered(), LEARNED, replaced]), TODAY, KEYED.of)


def test_a_person_without_card_or_iban_cannot_prove_it_this_way() -> None:
    assert not proves(claimed(serial_proof=""), person.fold([registered()]), TODAY, KEYED.of)
    assert not proves(claimed(iban_proof=KEYED.of("")), known(iban=None), TODAY, KEYED.of)


def test_an_erased_person_is_nobody() -> None:
    erased = known(**dict.fromkeys(set(facts()) - {"person_id", "as_of"}, ERASED))
    assert not proves(claimed(surname="effacé"), erased, TODAY, KEYED.of)


@pytest.mark.parametrize(
    ("birth_date", "insured", "may"),
    [
        (dt.date(2008, 11, 24), PAUL, True),
        (dt.date(2008, 11, 25), PAUL, False),
        (dt.date(2008, 11, 25), CLAIRE, True),
        (dt.date(2008, 11, 25), None, True),
        (dt.date(2010, 11, 25), CLAIRE, False),
    ],
    ids=["18 today", "18 tomorrow", "17, own cover", "17, own cover unsaid", "15, own cover"],
)
def test_only_adults_and_covered_minors_of_16(birth_date: dt.date, insured: Any, may: bool) -> None:  # noqa: FBT001
    nir = Nir(f"2{birth_date:%y%m}83137042")
    typed = claimed(nir=nir, birth_date=birth_date)
    assert proves(typed, known(nir=nir, birth_date=birth_date, insured_person_id=insured), TODAY, KEYED.of) is may
