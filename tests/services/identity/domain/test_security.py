"""Whether an account may have changed hands."""

import pytest

from services.identity.domain.account_events import AccountRecovered, CodeChanged, CodeReset, EmailChanged
from services.identity.domain.security import Security, security_of
from shared.kernel import ERASED, Event
from tests.services.identity.examples import CREATED, CREDENTIAL, EMAIL, VALIDATED, WHOSE, after

CHANGED = EmailChanged(at=after(days=9), **WHOSE, email="autre@exemple.fr", previous=EMAIL)
RESET = CodeReset(at=after(days=10), **WHOSE, credential_id=CREDENTIAL)
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
