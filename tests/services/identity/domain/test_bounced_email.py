"""An address that mail comes back from."""

from typing import Any

from services.identity.domain import account_commands as s
from services.identity.domain import account_events as a
from services.identity.domain.account import account
from shared.testing.spec import Spec
from tests.services.identity.examples import CREATED, CREDENTIAL, EMAIL, HASH, LINK_SENT, VALIDATED, WHOSE, after

AT = after(minutes=10)
NEW = "claire@exemple.org"
NOTE = s.NoteEmailBounced(at=AT, email=EMAIL)
BOUNCED = a.EmailBounced(at=AT, **WHOSE, email=EMAIL)
CHANGED = a.EmailChanged(at=AT, **WHOSE, email=NEW, previous=EMAIL)

an_account: Spec[Any, Any, Any] = Spec(account)
active = an_account.given(CREATED, LINK_SENT, VALIDATED)


def test_the_address_of_today_is_marked_once() -> None:
    active.when(NOTE).then(BOUNCED)
    active.given(BOUNCED).when(NOTE).nothing()


def test_an_address_that_was_given_up_troubles_nobody() -> None:
    active.given(CHANGED).when(NOTE).nothing()
    active.given(BOUNCED, CHANGED).when(NOTE).nothing()


def test_another_address_may_bounce_in_its_turn() -> None:
    second = NOTE.model_copy(update={"email": NEW})
    active.given(BOUNCED, CHANGED).when(second).then(BOUNCED.model_copy(update={"email": NEW}))


def test_without_an_account_there_is_nothing_to_mark() -> None:
    an_account.when(NOTE).nothing()


def test_an_account_that_was_recovered_has_an_address_to_prove() -> None:
    facts: dict[str, Any] = {"credential_id": CREDENTIAL, "cgu_version": "2026-01", "cgu_hash": HASH}
    recovered = a.AccountRecovered(at=AT, **WHOSE, **facts, email=NEW, previous=EMAIL)
    second = NOTE.model_copy(update={"email": NEW})
    active.given(BOUNCED, recovered).when(second).then(BOUNCED.model_copy(update={"email": NEW}))
