"""Whether an account may have changed hands."""

import pytest

from services.identity.domain.account_events import AccountRecovered, CodeChanged, CodeReset, EmailChanged
from services.identity.domain.events import EVENTS
from services.identity.domain.factor_events import FACTOR_EVENTS, TotpDisabled, TotpEnabled
from services.identity.domain.ids import EnrolmentId, ProvisionalCodeId, TotpId
from services.identity.domain.provisional import PROVISIONAL_EVENTS, ProvisionalCodeUsed
from services.identity.domain.security import SENSITIVE, Security, security_of
from shared.kernel import ERASED, Event
from tests.services.identity.examples import CLAIRE, CREATED, CREDENTIAL, EMAIL, MEMBER, VALIDATED, WHOSE, after

CHANGED = EmailChanged(at=after(days=9), **WHOSE, email="autre@exemple.fr", previous=EMAIL)
RESET = CodeReset(at=after(days=10), **WHOSE, credential_id=CREDENTIAL)
CODE, ENROLMENT = ProvisionalCodeId("code"), EnrolmentId("enrolment")
OWN = CodeChanged(at=after(days=11), **WHOSE, credential_id=CREDENTIAL)


def test_the_first_address_and_the_member_s_own_new_code_are_no_change_of_hands() -> None:
    assert security_of([]) == Security()
    assert security_of([CREATED, VALIDATED, OWN]) == Security()


@pytest.mark.parametrize("history", [[CREATED, VALIDATED, CHANGED], [CHANGED, VALIDATED, CREATED]])
def test_another_address_is_one_and_the_one_before_is_known(history: list[Event]) -> None:
    assert security_of(history) == Security(changed_at=after(days=9), previous_email=EMAIL)


def test_a_lost_account_that_was_opened_again_is_one() -> None:
    facts = {"email": "autre@exemple.fr", "previous": EMAIL, "credential_id": CREDENTIAL}
    recovered = AccountRecovered(at=after(days=3), **WHOSE, **facts, cgu_version="1", cgu_hash="f" * 64)
    assert security_of([recovered]) == Security(changed_at=after(days=3), previous_email=EMAIL)


def test_a_forgotten_code_is_one() -> None:
    assert security_of([CHANGED, RESET, OWN]) == Security(changed_at=after(days=10), previous_email=EMAIL)
    gone = CHANGED.model_copy(update={"previous": ERASED})
    assert security_of([gone]) == Security(changed_at=after(days=9))


def test_another_second_factor_is_one() -> None:
    enabled = TotpEnabled(at=after(days=2), member_id=MEMBER, person_id=CLAIRE, totp_id=TotpId("t"))
    disabled = TotpDisabled(at=after(days=4), member_id=MEMBER, person_id=CLAIRE)
    assert security_of([enabled]).changed_at == after(days=2)
    assert security_of([disabled, enabled]).changed_at == after(days=4)


def test_a_code_on_paper_is_one_whether_it_came_by_post_or_from_the_desk() -> None:
    whose = {"member_id": MEMBER, "person_id": CLAIRE}
    used = ProvisionalCodeUsed(at=after(days=5), **whose, code_id=CODE, enrolment_id=ENROLMENT)
    assert security_of([used, CREATED]).changed_at == after(days=5)


def test_every_name_is_one_of_an_event() -> None:
    known = {event.NAME for event in (*EVENTS, *FACTOR_EVENTS, *PROVISIONAL_EVENTS)}
    assert known >= SENSITIVE
