"""A member's account: given what happened, when it is asked something, then …"""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain import commands as c
from services.identity.domain import events as e
from services.identity.domain.account import account
from services.identity.domain.account_state import Account
from services.identity.domain.ids import CredentialId, SessionId
from shared.kernel import ERASED, Rejected
from shared.testing.spec import Spec
from tests.services.identity.examples import (
    CREATE,
    CREATED,
    CREDENTIAL,
    EMAIL,
    LINK,
    LINK_SENT,
    NEXT_LINK,
    NEXT_SESSION,
    NOW,
    SESSION,
    SIGNED_IN,
    VALIDATED,
    WHOSE,
    after,
)

an_account: Spec[Account, c.AccountCommand, e.AccountEvent] = Spec(account)
pending = an_account.given(CREATED, LINK_SENT)
active = pending.given(VALIDATED)


def sign_in(at: dt.datetime, session: SessionId = SESSION, credential: CredentialId = CREDENTIAL) -> c.SignIn:
    return c.SignIn(at=at, credential_id=credential, session_id=session)


def resend(at: dt.datetime) -> c.RequestEmailValidation:
    return c.RequestEmailValidation(at=at, link_id=NEXT_LINK, link_expires_at=at + dt.timedelta(hours=24))


def attempt(at: dt.datetime) -> c.NoteCreationAttempt:
    return c.NoteCreationAttempt(at=at, obstacle=e.CreationObstacle.ACCOUNT_EXISTS)


def refusals(count: int) -> c.CountRefusedSignIns:
    return c.CountRefusedSignIns(at=after(minutes=6), count=count, first_at=NOW, last_at=after(minutes=4))


def test_an_account_is_created_and_a_link_is_sent() -> None:
    an_account.when(CREATE).then(CREATED, LINK_SENT)


def test_a_second_account_is_refused() -> None:
    pending.when(CREATE).rejected("account-already-exists")
    active.when(CREATE).rejected("account-already-exists")


def test_the_link_validates_the_address() -> None:
    pending.when(c.ValidateEmail(at=after(minutes=5), link_id=LINK)).then(VALIDATED)


def test_a_link_works_once() -> None:
    active.when(c.ValidateEmail(at=after(minutes=6), link_id=LINK)).rejected("link-already-used")


def test_a_link_ends_after_24_hours() -> None:
    pending.when(c.ValidateEmail(at=after(hours=24), link_id=LINK)).rejected("link-expired")


def test_a_new_link_replaces_the_one_before() -> None:
    at = after(minutes=2)
    sent = e.EmailValidationRequested(
        at=at, **WHOSE, link_id=NEXT_LINK, expires_at=at + dt.timedelta(hours=24), email=EMAIL
    )
    pending.when(resend(at)).then(sent)
    replaced = pending.given(sent)
    replaced.when(c.ValidateEmail(at=after(minutes=3), link_id=LINK)).rejected("link-replaced")
    replaced.when(c.ValidateEmail(at=after(minutes=5), link_id=NEXT_LINK)).then(VALIDATED)


def test_links_are_a_minute_apart() -> None:
    pending.when(resend(after(seconds=59))).rejected("link-just-sent")


def test_a_validated_address_needs_no_link() -> None:
    active.when(resend(after(hours=1))).rejected("email-already-validated")


def test_signing_in_opens_everything_once_the_address_is_validated() -> None:
    active.when(sign_in(after(minutes=6))).then(SIGNED_IN)


def test_before_that_it_opens_the_confirmation_only() -> None:
    expected = e.SignedIn(at=after(minutes=1), **WHOSE, session_id=SESSION, access=e.Access.EMAIL_PENDING)
    pending.when(sign_in(after(minutes=1))).then(expected)


def test_a_code_that_is_not_the_accounts_is_refused() -> None:
    other = CredentialId("66666666-6666-4666-8666-666666666666")
    active.when(sign_in(after(minutes=6), credential=other)).rejected("sign-in-refused")


def test_nobody_signs_in_without_an_account() -> None:
    an_account.when(sign_in(NOW)).rejected("sign-in-refused")


def test_signing_out_closes_the_session_once() -> None:
    out = c.SignOut(at=after(minutes=9), session_id=SESSION)
    expected = e.SignedOut(at=after(minutes=9), **WHOSE, session_id=SESSION)
    active.given(SIGNED_IN).when(out).then(expected)
    active.given(SIGNED_IN, expected).when(out).nothing()
    active.when(out).nothing()


def test_signing_out_of_one_session_leaves_the_other() -> None:
    second = SIGNED_IN.model_copy(update={"session_id": NEXT_SESSION})
    out = e.SignedOut(at=after(minutes=9), **WHOSE, session_id=SESSION)
    state = account.fold([CREATED, LINK_SENT, VALIDATED, SIGNED_IN, second, out])
    assert [one.session_id for one in state.sessions] == [NEXT_SESSION]


def test_sessions_that_must_have_ended_are_forgotten() -> None:
    late = SIGNED_IN.model_copy(update={"at": after(hours=5), "session_id": NEXT_SESSION})
    state = account.fold([CREATED, LINK_SENT, VALIDATED, SIGNED_IN, late])
    assert [one.session_id for one in state.sessions] == [NEXT_SESSION]


def test_refused_tries_are_noted_together() -> None:
    expected = e.SignInRefused(at=after(minutes=6), **WHOSE, count=3, first_at=NOW, last_at=after(minutes=4))
    active.when(refusals(3)).then(expected)


def test_refused_tries_without_an_account_are_no_bodys() -> None:
    an_account.when(refusals(3)).rejected("account-unknown")


def test_the_holder_learns_of_a_second_creation_once_an_hour() -> None:
    noted = e.AccountCreationRefused(at=after(minutes=10), **WHOSE, obstacle=e.CreationObstacle.ACCOUNT_EXISTS)
    active.when(attempt(after(minutes=10))).then(noted)
    active.given(noted).when(attempt(after(minutes=69))).nothing()
    active.given(noted).when(attempt(after(minutes=70))).then(noted.model_copy(update={"at": after(minutes=70)}))


def test_every_command_but_creation_needs_an_account() -> None:
    for command in (
        resend(NOW),
        c.ValidateEmail(at=NOW, link_id=LINK),
        attempt(NOW),
        c.SignOut(at=NOW, session_id=SESSION),
    ):
        an_account.when(command).rejected("account-unknown")


def test_an_erased_account_folds() -> None:
    erased = CREATED.model_copy(update={"email": ERASED})
    assert account.fold([erased, LINK_SENT, VALIDATED]).validated


orders = st.builds(
    lambda make, minutes: make(after(minutes=minutes)),
    st.sampled_from(
        [
            lambda at: CREATE.model_copy(update={"at": at}),
            lambda at: c.ValidateEmail(at=at, link_id=LINK),
            lambda at: c.ValidateEmail(at=at, link_id=NEXT_LINK),
            resend,
            sign_in,
            attempt,
            lambda at: c.SignOut(at=at, session_id=SESSION),
        ]
    ),
    st.integers(0, 3000),
)


@given(st.lists(orders, max_size=15))
def test_whatever_is_asked_an_account_is_created_once_and_validated_once(commands: list[c.AccountCommand]) -> None:
    history: list[e.AccountEvent] = []
    for command in sorted(commands, key=lambda one: one.at):
        try:
            history += account.decide(account.fold(history), command)
        except Rejected:
            continue
    kinds = [type(event) for event in history]
    assert kinds.count(e.AccountCreated) <= 1
    assert kinds.count(e.EmailValidated) <= 1
    assert not history or kinds[:2] == [e.AccountCreated, e.EmailValidationRequested]
    full = [index for index, event in enumerate(history) if isinstance(event, e.SignedIn) and event.access == "full"]
    assert all(e.EmailValidated in kinds[:index] for index in full)
