"""« Où en est mon compte ? »"""

from functools import reduce
from typing import Any

from services.identity.domain import account_events as a
from services.identity.domain import events as e
from services.identity.read_models.account_overview import AccountOverview, Shown, account_overview, evolve
from shared.kernel import ERASED
from tests.services.identity.examples import (
    CLAIRE,
    CREATED,
    CREDENTIAL,
    EMAIL,
    HASH,
    LINK,
    MEMBER,
    NOW,
    SIGNED_IN,
    VALIDATED,
    WHOSE,
    after,
)


def folded(*events: Shown) -> AccountOverview:
    document = reduce(evolve, events, None)
    assert document is not None
    return document


def test_a_new_account_waits_for_its_address() -> None:
    expected = AccountOverview(member_id=MEMBER, person_id=CLAIRE, email=EMAIL, created_at=NOW, cgu_version="2026-01")
    assert folded(CREATED) == expected
    assert not expected.email_validated


def test_a_validated_address_shows() -> None:
    assert folded(CREATED, VALIDATED).email_validated


def test_the_last_sign_in_shows_beside_this_one() -> None:
    later = SIGNED_IN.model_copy(update={"at": after(hours=3)})
    overview = folded(CREATED, VALIDATED, SIGNED_IN, later)
    assert overview.signed_in_at == after(hours=3)
    assert overview.signed_in_before == SIGNED_IN.at


def test_an_erased_address_shows_as_erased() -> None:
    erased = folded(*[one.model_copy(update={"email": ERASED}) for one in (CREATED, VALIDATED)])
    assert erased.email is ERASED


def test_it_follows_the_members_own_events_only() -> None:
    assert {e.AccountCreated, e.EmailValidated, e.SignedIn} <= set(account_overview.handles)
    assert account_overview.key(SIGNED_IN) == MEMBER


NEW = "claire@exemple.org"
ASKED = a.EmailChangeRequested(at=NOW, **WHOSE, link_id=LINK, expires_at=NOW, email=NEW)
CHANGED = a.EmailChanged(at=NOW, **WHOSE, email=NEW, previous=EMAIL)


def test_a_corrected_address_shows_at_once_and_a_changed_one_when_it_is_confirmed() -> None:
    corrected = a.EmailCorrected(at=NOW, **WHOSE, email=NEW, previous=EMAIL)
    assert folded(CREATED, corrected).email == NEW
    waiting = folded(CREATED, VALIDATED, ASKED)
    assert (waiting.email, waiting.email_to_confirm) == (EMAIL, NEW)
    done = folded(CREATED, VALIDATED, ASKED, CHANGED)
    assert (done.email, done.email_to_confirm) == (NEW, None)


def test_newer_terms_and_the_end_show() -> None:
    accepted = a.TermsAccepted(at=NOW, **WHOSE, cgu_version="2027-01", cgu_hash=HASH)
    closed = a.AccountClosed(at=NOW, **WHOSE, reason=a.CloseReason.MEMBER)
    over = folded(CREATED, accepted, closed)
    assert (over.cgu_version, over.closed) == ("2027-01", True)
    assert folded(CREATED, closed, CREATED) == folded(CREATED)


def test_an_address_that_mail_comes_back_from_shows_until_there_is_another() -> None:
    bounced = a.EmailBounced(at=NOW, **WHOSE, email=EMAIL)
    changed = a.EmailChanged(at=NOW, **WHOSE, email="claire@exemple.org", previous=EMAIL)
    assert folded(CREATED, VALIDATED, bounced).email_bounced
    facts: dict[str, Any] = {"credential_id": CREDENTIAL, "cgu_version": "2026-01", "cgu_hash": HASH}
    recovered = a.AccountRecovered(at=NOW, **WHOSE, **facts, email="claire@exemple.org", previous=EMAIL)
    for after_it in (changed, recovered):
        assert not folded(CREATED, VALIDATED, bounced, after_it).email_bounced
