"""Names that belong to one stream."""

from typing import Any

import pytest

from services.identity.access.claims import account_claims, link_claim, person_claims
from services.identity.domain import account_events as a
from services.identity.domain import events as e
from services.identity.domain.account import account
from services.identity.domain.account_state import Account
from services.identity.domain.nir import Nir
from services.identity.domain.person import Person, person
from shared.kernel import ERASED
from shared.personal_data import BlindIndex
from tests.services.identity.examples import (
    AS_OF,
    CREATED,
    DAY,
    EMAIL,
    LINK,
    LINK_SENT,
    NOW,
    VALIDATED,
    WHOSE,
    facts,
    registered,
)

INDEX = BlindIndex("nir", 1, bytes(32))
EMAILS = BlindIndex("email", 1, bytes(32))


def moved(**changes: object) -> e.PersonUpdated:
    return e.PersonUpdated(at=NOW, **facts(as_of=AS_OF + DAY, **changes))


def test_a_person_takes_his_number() -> None:
    taken = person_claims(INDEX)(Person(), [registered()])
    assert list(taken.take) == [INDEX.of("2850183137042")]


def test_a_new_number_is_taken_and_the_former_kept() -> None:
    claims = person_claims(INDEX)(person.fold([registered()]), [moved(nir=Nir("2850183137043"))])
    assert list(claims.take) == [INDEX.of("2850183137043")]
    assert not claims.release


def test_other_news_take_nothing() -> None:
    state = person.fold([registered()])
    assert not person_claims(INDEX)(state, [moved(surname="MARTIN")]).take
    assert not person_claims(INDEX)(state, [moved(nir=None)]).take
    assert not person_claims(INDEX)(Person(), [registered(nir=ERASED)]).take


def test_an_account_takes_its_address_and_its_links() -> None:
    claims = account_claims(EMAILS)(Account(), [CREATED, LINK_SENT, VALIDATED])
    assert list(claims.take) == [EMAILS.of("claire.lefevre@exemple.fr"), link_claim(LINK)]


def test_one_mailbox_is_one_name_in_upper_and_lower_case() -> None:
    shouted = CREATED.model_copy(update={"email": "Claire.Lefevre@exemple.fr"})
    asked = LINK_SENT.model_copy(update={"email": shouted.email})
    claims = account_claims(EMAILS)(Account(), [shouted, asked])
    assert claims == account_claims(EMAILS)(Account(), [CREATED, LINK_SENT])


def test_an_address_that_is_anothers_is_not_taken() -> None:
    claims = account_claims(EMAILS)(Account(), [CREATED, LINK_SENT.model_copy(update={"taken": True})])
    assert list(claims.take) == [link_claim(LINK)]


@pytest.mark.parametrize("kind", [a.EmailCorrected, a.EmailChanged])
def test_the_address_before_is_given_up_unless_it_is_the_same_written_otherwise(kind: Any) -> None:
    state = account.fold([CREATED, LINK_SENT])
    other = kind(at=NOW, **WHOSE, email="claire@exemple.org", previous=EMAIL)
    assert list(account_claims(EMAILS)(state, [other]).release) == [EMAILS.of(EMAIL)]
    same = kind(at=NOW, **WHOSE, email=EMAIL.upper(), previous=EMAIL)
    assert not account_claims(EMAILS)(state, [same]).release
