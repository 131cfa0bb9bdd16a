"""An account that stands: its code, address, sessions, terms, lock and end."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain import account_commands as s
from services.identity.domain import account_events as a
from services.identity.domain import commands as c
from services.identity.domain import events as e
from services.identity.domain.account import account
from services.identity.domain.account_state import Account
from services.identity.domain.ids import CredentialId, DeviceId, LinkId
from shared.kernel import Rejected
from shared.testing.spec import Spec
from tests.services.identity.examples import (
    CREATE,
    CREATED,
    CREDENTIAL,
    EMAIL,
    HASH,
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

OTHER = CredentialId("66666666-6666-4666-8666-666666666666")
DEVICE = DeviceId("d0" * 16)
NEW_EMAIL = "claire@exemple.org"
AT = after(minutes=10)
TILL = after(hours=24)

an_account: Spec[Account, c.AccountCommand, e.AccountEvent] = Spec(account)
pending = an_account.given(CREATED, LINK_SENT)
active = pending.given(VALIDATED)
SECOND = SIGNED_IN.model_copy(update={"session_id": NEXT_SESSION, "device_id": DEVICE})
inside = active.given(SIGNED_IN, SECOND)
LOCKED = a.AccountLocked(at=after(minutes=8), **WHOSE, reason=a.LockReason.CONTESTED)
CLOSED = a.AccountClosed(at=after(minutes=8), **WHOSE, reason=a.CloseReason.MEMBER)


def ended(*sessions: Any, reason: a.EndReason, at: dt.datetime = AT) -> a.SessionsEnded:
    return a.SessionsEnded(at=at, **WHOSE, session_ids=sessions, reason=reason)


def test_another_code_ends_the_other_sessions() -> None:
    command = s.ChangeCode(at=AT, credential_id=OTHER, session_id=SESSION)
    changed = a.CodeChanged(at=AT, **WHOSE, credential_id=OTHER)
    inside.when(command).then(changed, ended(NEXT_SESSION, reason=a.EndReason.CODE_CHANGED))
    active.when(command).then(changed)
    sign_in = c.SignIn(at=AT, credential_id=CREDENTIAL, session_id=SESSION)
    active.given(changed).when(sign_in).rejected("sign-in-refused")


def ask_reset(at: dt.datetime = AT, link: LinkId = LINK) -> s.RequestCodeReset:
    return s.RequestCodeReset(at=at, link_id=link, link_expires_at=at + dt.timedelta(minutes=30))


def reset_asked(at: dt.datetime = AT, link: LinkId = LINK) -> a.CodeResetRequested:
    return a.CodeResetRequested(at=at, **WHOSE, link_id=link, expires_at=at + dt.timedelta(minutes=30))


def test_a_forgotten_code_is_replaced_by_a_link_that_works_once_for_half_an_hour() -> None:
    active.when(ask_reset()).then(reset_asked())
    asked = inside.given(reset_asked())
    at = after(minutes=39)
    use = s.ResetCode(at=at, link_id=LINK, credential_id=OTHER)
    done = a.CodeReset(at=at, **WHOSE, credential_id=OTHER)
    asked.when(use).then(done, ended(SESSION, NEXT_SESSION, reason=a.EndReason.CODE_CHANGED, at=at))
    asked.given(done).when(use).rejected("link-replaced")
    late = s.ResetCode(at=after(minutes=40), link_id=LINK, credential_id=OTHER)
    asked.when(late).rejected("link-expired")
    active.when(use).rejected("link-replaced")


def test_links_for_a_forgotten_code_are_a_minute_apart_and_the_newest_counts() -> None:
    asked = active.given(reset_asked())
    asked.when(ask_reset(after(minutes=10, seconds=59), NEXT_LINK)).nothing()
    again = asked.given(reset_asked(after(minutes=11), NEXT_LINK))
    again.when(s.ResetCode(at=after(minutes=12), link_id=LINK, credential_id=OTHER)).rejected("link-replaced")


def test_before_an_address_is_confirmed_no_link_goes_there() -> None:
    pending.when(ask_reset()).rejected("account-locked")


def change(email: str = NEW_EMAIL, link: LinkId = NEXT_LINK) -> s.ChangeEmail:
    return s.ChangeEmail(at=AT, email=email, link_id=link, link_expires_at=TILL)


def test_a_mistyped_address_is_corrected_and_gets_the_link() -> None:
    corrected = a.EmailCorrected(at=AT, **WHOSE, email=NEW_EMAIL, previous=EMAIL)
    sent = e.EmailValidationRequested(at=AT, **WHOSE, link_id=NEXT_LINK, expires_at=TILL, email=NEW_EMAIL)
    pending.when(change()).then(corrected, sent)
    there = pending.given(corrected, sent)
    there.when(c.ValidateEmail(at=AT, link_id=LINK)).rejected("link-replaced")
    validated = e.EmailValidated(at=AT, **WHOSE, email=NEW_EMAIL)
    there.when(c.ValidateEmail(at=AT, link_id=NEXT_LINK)).then(validated)


def test_an_address_changes_once_the_new_one_is_confirmed() -> None:
    asked = a.EmailChangeRequested(at=AT, **WHOSE, link_id=NEXT_LINK, expires_at=TILL, email=NEW_EMAIL)
    active.when(change()).then(asked)
    use = c.ValidateEmail(at=after(hours=1), link_id=NEXT_LINK)
    changed = a.EmailChanged(at=after(hours=1), **WHOSE, email=NEW_EMAIL, previous=EMAIL)
    active.given(asked).when(use).then(changed)
    active.given(asked, changed).when(use).rejected("link-replaced")
    active.given(asked).when(c.ValidateEmail(at=TILL, link_id=NEXT_LINK)).rejected("link-expired")
    active.given(asked).when(c.ValidateEmail(at=AT, link_id=LINK)).rejected("link-already-used")


LINK_TO_ANOTHER: dict[str, Any] = {"link_id": NEXT_LINK, "expires_at": TILL, "email": NEW_EMAIL, "taken": True}


def test_an_address_that_is_anothers_is_asked_for_and_corrected_to_like_any() -> None:
    taken = change().model_copy(update={"taken": True})
    active.when(taken).then(a.EmailChangeRequested(at=AT, **WHOSE, **LINK_TO_ANOTHER))
    corrected = a.EmailCorrected(at=AT, **WHOSE, email=NEW_EMAIL, previous=EMAIL, taken=True)
    asked = e.EmailValidationRequested(at=AT, **WHOSE, **LINK_TO_ANOTHER)
    pending.when(taken).then(corrected, asked)


def test_an_address_that_is_anothers_opens_nothing_until_it_is_free() -> None:
    there = pending.given(e.EmailValidationRequested(at=AT, **WHOSE, **LINK_TO_ANOTHER))
    there.when(c.ValidateEmail(at=AT, link_id=NEXT_LINK)).rejected("link-replaced")
    again = c.RequestEmailValidation(at=after(hours=1), link_id=LINK, link_expires_at=TILL)
    facts: dict[str, Any] = {"at": after(hours=1), **WHOSE, "link_id": LINK, "expires_at": TILL, "email": EMAIL}
    there.when(again.model_copy(update={"taken": True})).then(e.EmailValidationRequested(**facts, taken=True))
    free = e.EmailValidationRequested(**facts)
    there.when(again).then(free)
    validated = e.EmailValidated(at=after(hours=2), **WHOSE, email=EMAIL)
    there.given(free).when(c.ValidateEmail(at=after(hours=2), link_id=LINK)).then(validated)


@pytest.mark.parametrize("same", [EMAIL, EMAIL.upper()])
def test_the_same_address_is_no_change(same: str) -> None:
    active.when(change(same)).rejected("email-unchanged")
    pending.when(change(same)).rejected("email-unchanged")


def test_sessions_end_one_by_one_or_all_but_one() -> None:
    revoked = a.EndReason.REVOKED
    inside.when(s.EndSessions(at=AT, session_ids=(SESSION,))).then(ended(SESSION, reason=revoked))
    inside.when(s.EndSessions(at=AT, all_but=SESSION)).then(ended(NEXT_SESSION, reason=revoked))
    inside.when(s.EndSessions(at=AT)).then(ended(SESSION, NEXT_SESSION, reason=revoked))
    active.when(s.EndSessions(at=AT)).nothing()
    inside.when(s.EndSessions(at=after(hours=5))).nothing()


def test_a_device_is_forgotten_with_its_sessions() -> None:
    forgotten = a.DeviceForgotten(at=AT, **WHOSE, device_id=DEVICE)
    inside.when(s.ForgetDevice(at=AT, device_id=DEVICE)).then(
        forgotten, ended(NEXT_SESSION, reason=a.EndReason.REVOKED)
    )


def test_a_shared_door_is_opened_by_its_newest_link_once() -> None:
    shut = a.SignInsLocked(at=NOW, **WHOSE, link_id=NEXT_LINK, expires_at=TILL)
    active.when(s.LockSignIns(at=NOW, link_id=NEXT_LINK, link_expires_at=TILL)).then(shut)
    opened = a.SignInsReopened(at=AT, **WHOSE, link_id=NEXT_LINK)
    use = s.ReopenSignIns(at=AT, link_id=NEXT_LINK)
    active.given(shut).when(use).then(opened)
    active.given(shut, opened).when(use).rejected("link-replaced")
    active.given(shut).when(s.ReopenSignIns(at=TILL, link_id=NEXT_LINK)).rejected("link-expired")


def test_newer_terms_are_accepted_once() -> None:
    command = s.AcceptTerms(at=AT, cgu_version="2027-01", cgu_hash=HASH)
    accepted = a.TermsAccepted(at=AT, **WHOSE, cgu_version="2027-01", cgu_hash=HASH)
    active.when(command).then(accepted)
    active.given(accepted).when(command).nothing()
    active.when(s.AcceptTerms(at=AT, cgu_version="2026-01", cgu_hash=HASH)).nothing()


def test_a_locked_account_opens_for_nobody_until_the_desk_unlocks_it() -> None:
    command = s.LockAccount(at=AT, reason=a.LockReason.CONTESTED)
    locked = a.AccountLocked(at=AT, **WHOSE, reason=a.LockReason.CONTESTED)
    inside.when(command).then(locked, ended(SESSION, NEXT_SESSION, reason=a.EndReason.LOCKED))
    shut = active.given(locked)
    shut.when(command).nothing()
    refused_everywhere(shut)
    unlocked = a.AccountUnlocked(at=AT, **WHOSE)
    shut.when(s.UnlockAccount(at=AT)).then(unlocked)
    active.when(s.UnlockAccount(at=AT)).nothing()
    sign_in = c.SignIn(at=AT, credential_id=CREDENTIAL, session_id=SESSION)
    shut.given(unlocked).when(sign_in).then(SIGNED_IN.model_copy(update={"at": AT}))


def test_a_closed_account_is_over() -> None:
    command = s.CloseAccount(at=AT, reason=a.CloseReason.DEATH)
    closed = a.AccountClosed(at=AT, **WHOSE, reason=a.CloseReason.DEATH)
    inside.when(command).then(closed, ended(SESSION, NEXT_SESSION, reason=a.EndReason.CLOSED))
    over = active.given(CLOSED)
    over.when(command).nothing()
    refused_everywhere(over)
    over.when(s.LockAccount(at=AT, reason=a.LockReason.DESK)).rejected("account-closed")
    over.when(s.UnlockAccount(at=AT)).rejected("account-closed")


def refused_everywhere(spec: Any) -> None:
    spec.when(c.SignIn(at=AT, credential_id=CREDENTIAL, session_id=SESSION)).rejected("sign-in-refused")
    spec.when(s.ChangeCode(at=AT, credential_id=OTHER, session_id=None)).rejected("account-locked")
    spec.when(ask_reset()).rejected("account-locked")
    spec.given(reset_asked()).when(s.ResetCode(at=AT, link_id=LINK, credential_id=OTHER)).rejected("account-locked")
    spec.when(change()).rejected("account-locked")
    spec.when(s.AcceptTerms(at=AT, cgu_version="2027-01", cgu_hash=HASH)).rejected("account-locked")


def test_after_the_end_a_new_account_may_be_opened_and_knows_nothing_of_the_old_one() -> None:
    again = CREATE.model_copy(update={"at": AT, "credential_id": OTHER})
    over = inside.given(reset_asked(), CLOSED)
    created, sent = (
        CREATED.model_copy(update={"at": AT, "credential_id": OTHER}),
        LINK_SENT.model_copy(update={"at": AT}),
    )
    over.when(again).then(created, sent)
    state = account.fold([CREATED, LINK_SENT, VALIDATED, SIGNED_IN, CLOSED, created])
    assert state == account.fold([created])


def test_without_an_account_nothing_is_taken() -> None:
    for command in (
        s.ChangeCode(at=AT, credential_id=OTHER, session_id=None),
        ask_reset(),
        change(),
        s.EndSessions(at=AT),
        s.LockSignIns(at=AT, link_id=LINK, link_expires_at=TILL),
        s.LockAccount(at=AT, reason=a.LockReason.DESK),
        s.CloseAccount(at=AT, reason=a.CloseReason.DESK),
    ):
        an_account.when(command).rejected("account-unknown")


orders = st.builds(
    lambda make, minutes: make(after(minutes=minutes)),
    st.sampled_from(
        [
            lambda at: CREATE.model_copy(update={"at": at}),
            lambda at: c.ValidateEmail(at=at, link_id=LINK),
            lambda at: c.ValidateEmail(at=at, link_id=NEXT_LINK),
            lambda at: c.SignIn(at=at, credential_id=CREDENTIAL, session_id=SESSION),
            lambda at: c.SignIn(at=at, credential_id=OTHER, session_id=NEXT_SESSION, device_id=DEVICE),
            lambda at: ask_reset(at, LINK),
            lambda at: s.ResetCode(at=at, link_id=LINK, credential_id=OTHER),
            lambda at: change().model_copy(update={"at": at}),
            lambda at: s.EndSessions(at=at),
            lambda at: s.ForgetDevice(at=at, device_id=DEVICE),
            lambda at: s.LockAccount(at=at, reason=a.LockReason.DESK),
            lambda at: s.UnlockAccount(at=at),
            lambda at: s.CloseAccount(at=at, reason=a.CloseReason.MEMBER),
        ]
    ),
    st.integers(0, 600),
)


@given(st.lists(orders, max_size=25))
def test_whatever_is_asked_no_session_outlives_a_lock_and_one_code_opens(commands: list[c.AccountCommand]) -> None:
    history: list[e.AccountEvent] = []
    for command in sorted(commands, key=lambda one: one.at):
        before = account.fold(history)
        try:
            events = account.decide(before, command)
        except Rejected:
            continue
        history += events
        state = account.fold(history)
        assert not (isinstance(command, c.SignIn) and command.credential_id != before.credential_id)
        if state.locked or state.closed:
            assert state.open_sessions(command.at) == ()
        assert events == [] or account.fold([*history]) == account.fold(events, before)
