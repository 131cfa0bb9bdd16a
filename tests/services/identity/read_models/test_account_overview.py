"""« Où en est mon compte ? »"""

from functools import reduce

from services.identity.domain import events as e
from services.identity.read_models.account_overview import AccountOverview, Shown, account_overview, evolve
from shared.kernel import ERASED
from tests.services.identity.examples import CLAIRE, CREATED, EMAIL, MEMBER, NOW, SIGNED_IN, VALIDATED, after


def folded(*events: Shown) -> AccountOverview:
    document = reduce(evolve, events, None)
    assert document is not None
    return document


def test_a_new_account_waits_for_its_address() -> None:
    expected = AccountOverview(member_id=MEMBER, person_id=CLAIRE, email=EMAIL, created_at=NOW)
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
    assert set(account_overview.handles) == {e.AccountCreated, e.EmailValidated, e.SignedIn}
    assert account_overview.key(SIGNED_IN) == MEMBER
