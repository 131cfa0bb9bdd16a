"""A member's account: created once, opened by a validated address, signed in to and out of. The rest lies beside."""

import datetime as dt
from typing import Any, Final, assert_never

from services.identity.domain import account_code, account_email, account_life, account_sessions
from services.identity.domain import account_commands as standing
from services.identity.domain import account_events as later
from services.identity.domain import commands as c
from services.identity.domain import events as e
from services.identity.domain.account_state import Account, Link, Open, require_usable, whose
from shared.kernel import Decider, require

BETWEEN_LINKS: Final = dt.timedelta(minutes=1)
BETWEEN_NOTICES: Final = dt.timedelta(hours=1)


def decide(account: Account, command: c.AccountCommand) -> list[e.AccountEvent]:  # noqa: C901, PLR0911, PLR0912 - one for each
    match command:
        case c.CreateAccount():
            require(account.member_id is None or account.closed, otherwise="account-already-exists")
            return _created(command)

        case c.RequestEmailValidation(link_id=link_id, link_expires_at=expires_at):
            of = whose(account, command)
            require(not account.validated, otherwise="email-already-validated")
            sent_at = account.link.sent_at if account.link else command.at - BETWEEN_LINKS
            require(command.at >= sent_at + BETWEEN_LINKS, otherwise="link-just-sent")
            link: dict[str, Any] = {"link_id": link_id, "expires_at": expires_at, "email": account.email}
            return [e.EmailValidationRequested(**of, **link, taken=command.taken)]

        case c.ValidateEmail():
            return _validated(account, command)

        case c.NoteCreationAttempt(obstacle=obstacle):
            of, last = whose(account, command), account.noticed_at
            if last is not None and command.at < last + BETWEEN_NOTICES:
                return []  # the holder knows, and his mailbox is not a target
            return [e.AccountCreationRefused(**of, obstacle=obstacle)]

        case c.SignIn(credential_id=credential_id):
            require(account.usable and credential_id == account.credential_id, otherwise="sign-in-refused")
            access = e.Access.FULL if account.validated else e.Access.EMAIL_PENDING
            how = command.model_dump(include={"session_id", "device_id", "device_name", "factor"})
            return [e.SignedIn(**whose(account, command), access=access, **how)]

        case c.CountRefusedSignIns(count=count, first_at=first_at, last_at=last_at):
            of = whose(account, command)
            return [e.SignInRefused(**of, count=count, first_at=first_at, last_at=last_at)]

        case c.SignOut(session_id=session_id):
            of = whose(account, command)
            is_open = any(one.session_id == session_id for one in account.sessions)
            return [e.SignedOut(**of, session_id=session_id)] if is_open else []

        case standing.RecoverAccount() | standing.ChangeCode() | standing.RequestCodeReset() | standing.ResetCode():
            return [*account_code.decide(account, command)]
        case standing.ChangeEmail() | standing.NoteEmailBounced():
            return [*account_email.decide(account, command)]
        case standing.EndSessions() | standing.ForgetDevice() | standing.LockSignIns() | standing.ReopenSignIns():
            return [*account_sessions.decide(account, command)]
        case standing.AcceptTerms() | standing.LockAccount() | standing.UnlockAccount() | standing.CloseAccount():
            return [*account_life.decide(account, command)]
        case _:
            assert_never(command)


def _created(command: c.CreateAccount) -> list[e.AccountEvent]:
    of = command.model_dump(include={"at", "member_id", "person_id", "email"})
    terms = command.model_dump(include={"cgu_version", "cgu_hash", "credential_id"})
    return [
        e.AccountCreated(**of, **terms),
        e.EmailValidationRequested(
            **of, link_id=command.link_id, expires_at=command.link_expires_at, taken=command.taken
        ),
    ]


def _validated(account: Account, command: c.ValidateEmail) -> list[e.AccountEvent]:
    """The first address, or the one that replaces it."""
    of, change = whose(account, command), account.change
    if change is not None and change.id == command.link_id:
        require_usable(change, command.link_id, command.at)
        return [later.EmailChanged(**of, email=change.email, previous=account.email)]
    require(account.link is not None and account.link.id == command.link_id, otherwise="link-replaced")
    require(not account.validated, otherwise="link-already-used")
    require(not account.taken, otherwise="link-replaced")
    require_usable(account.link, command.link_id, command.at)
    return [e.EmailValidated(**of, email=account.email)]


def evolve(account: Account, event: e.AccountEvent) -> Account:
    before = Account() if isinstance(event, e.AccountCreated) else account  # one that is closed leaves nothing
    return before.model_copy(update=_changes(account, event))


def _changes(account: Account, event: e.AccountEvent) -> dict[str, Any]:  # noqa: C901, PLR0911 - one for each
    match event:
        case e.AccountCreated():
            known = event.model_dump(include={"member_id", "person_id", "credential_id", "email", "cgu_version"})
            return {**known, "opened_with": event.credential_id}
        case e.EmailValidationRequested():
            link = Link(id=event.link_id, sent_at=event.at, expires_at=event.expires_at)
            return {"link": link, "taken": event.taken}
        case e.EmailValidated():
            return {"validated": True}
        case e.AccountCreationRefused():
            return {"noticed_at": event.at}
        case e.SignedIn():
            opened = Open(session_id=event.session_id, at=event.at, device_id=event.device_id)
            return {"sessions": (*account.open_sessions(event.at), opened)}
        case e.SignedOut():
            return {"sessions": tuple(one for one in account.sessions if one.session_id != event.session_id)}
        case e.SignInRefused():
            return {}
        case later.AccountRecovered() | later.CodeChanged() | later.CodeResetRequested() | later.CodeReset():
            return account_code.evolve(event)
        case later.EmailCorrected() | later.EmailChangeRequested() | later.EmailChanged() | later.EmailBounced():
            return account_email.evolve(event)
        case later.SessionsEnded() | later.DeviceForgotten() | later.SignInsLocked() | later.SignInsReopened():
            return account_sessions.evolve(account, event)
        case later.TermsAccepted() | later.AccountLocked() | later.AccountUnlocked() | later.AccountClosed():
            return account_life.evolve(event)
        case _:
            assert_never(event)


account = Decider(category="account", retention="account", initial=Account(), decide=decide, evolve=evolve)
