"""Who holds cards and where they go: the register's word, and identity's word about the post."""

import datetime as dt
from typing import Any

from services.cards.domain.holder import (
    Address,
    HolderLearned,
    HolderMoved,
    RecordHolder,
    RecordHolderAddress,
    holder,
)
from shared.kernel import ERASED
from shared.testing.spec import Spec
from tests.services.cards.sample import AT, LATER, PERSON

person: Spec[Any, Any, Any] = Spec(holder)

OLD = Address(lines=("12 rue du Four",), postcode="83000", city="TOULON", country="FR")
NEW = Address(lines=("3 quai Nord",), postcode="29200", city="BREST", country="FR")
FACTS: dict[str, Any] = {
    "person_id": PERSON,
    "as_of": AT,
    "surname": "Martin",
    "given_names": "Léa",
    "birth_date": dt.date(1990, 3, 10),
    "personal_number": None,
    "insured_person_id": None,
    "address": OLD,
    "rights_from": None,
    "rights_to": dt.date(2026, 12, 31),
}
TELL = RecordHolder(at=AT, **FACTS)
LEARNED = HolderLearned(at=AT, **FACTS)
MOVE = RecordHolderAddress(at=LATER, person_id=PERSON, address=NEW)
MOVED = HolderMoved(at=LATER, person_id=PERSON, address=NEW)
MARRIED = {"as_of": LATER, "surname": "Petit"}


def test_the_register_names_a_person_once() -> None:
    person.when(TELL).then(LEARNED)
    person.given(LEARNED).when(TELL.model_copy(update={"as_of": LATER})).nothing()
    person.given(LEARNED).when(TELL.model_copy(update=MARRIED)).then(LEARNED.model_copy(update=MARRIED))


def test_what_the_register_said_before_is_no_news() -> None:
    later = LEARNED.model_copy(update=MARRIED)
    person.given(later).when(TELL).nothing()


def test_cards_go_where_letters_go_told_once() -> None:
    person.given(LEARNED).when(MOVE).then(MOVED)
    person.given(LEARNED, MOVED).when(MOVE).nothing()


def test_the_register_s_address_is_the_post_s_only_once_identity_says_so() -> None:
    same = RecordHolderAddress(at=LATER, person_id=PERSON, address=OLD)
    person.given(LEARNED).when(same).then(MOVED.model_copy(update={"address": OLD}))


def test_the_member_s_own_address_outweighs_what_the_register_goes_on_saying() -> None:
    person.given(LEARNED, MOVED).when(TELL.model_copy(update={"as_of": LATER})).nothing()
    married = LEARNED.model_copy(update=MARRIED)
    person.given(LEARNED, MOVED).when(TELL.model_copy(update=MARRIED)).then(married)
    known = holder.fold([LEARNED, MOVED, married])
    assert known is not None
    assert (known.surname, known.address) == ("Petit", NEW)


def test_nobody_moves_whom_the_register_has_not_named_or_who_is_erased() -> None:
    person.when(MOVE).rejected("holder-unknown")
    erased = LEARNED.model_copy(update={"surname": ERASED, "address": ERASED})
    person.given(erased).when(MOVE).rejected("holder-erased")
    person.given(erased).when(TELL).rejected("holder-erased")
