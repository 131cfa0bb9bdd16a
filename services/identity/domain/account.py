"""A member's account: created once, opened by a validated address, signed in to and out of."""

import datetime as dt
from typing import Any, Final, assert_never

from pydantic import AwareDatetime

from services.identity.domain import commands as c
from services.identity.domain import events as e
from services.identity.domain.ids import CredentialId, LinkId, MemberId, PersonId, SessionId
from shared.kernel import Decider, Erased, Value, require

BETWEEN_LINKS: Final = dt.timedelta(minutes=1)
BETWEEN_NOTICES: Final = dt.timedelta(hours=1)
LONGEST_SESSION: Final = dt.timedelta(hours=4)


class Link(Value):
    """The last link that was sent; those before no longer work."""

    id: LinkId
    sent_at: AwareDatetime
    expires_at: AwareDatetime


class Account(Value):
    """Only what the rules below need to decide."""

    member_id: MemberId | None = None
    person_id: PersonId | None = None
    credential_id: CredentialId | None = None
    email: str | Erased = ""
    validated: bool = False
    link: Link | None = None
    noticed_at: AwareDatetime | None = None
    sessions: tuple[tuple[SessionId, AwareDatetime], ...] = ()


def decide(account: Account, command: c.AccountCommand) -> list[e.AccountEvent]:  # noqa: PLR0911 - one for each command
    match command:
        case c.CreateAccount():
            require(account.member_id is None, otherwise="account-already-exists")
            return _created(command)

        case c.RequestEmailValidation(link_id=link_id, link_expires_at=expires_at):
            whose = _whose(account, command)
            require(not account.validated, otherwise="email-already-validated")
            sent_at = account.link.sent_at if account.link else command.at - BETWEEN_LINKS
            require(command.at >= sent_at + BETWEEN_LINKS, otherwise="link-just-sent")
            return [e.EmailValidationRequested(**whose, link_id=link_id, expires_at=expires_at, email=account.email)]

        case c.ValidateEmail(link_id=link_id):
            whose, link = _whose(account, command), account.link
            require(link is not None and link.id == link_id, otherwise="link-replaced")
            require(not account.validated, otherwise="link-already-used")
            require(link is not None and command.at < link.expires_at, otherwise="link-expired")
            return [e.EmailValidated(**whose, email=account.email)]

        case c.NoteCreationAttempt(obstacle=obstacle):
            whose, last = _whose(account, command), account.noticed_at
            if last is not None and command.at < last + BETWEEN_NOTICES:
                return []  # the holder knows, and his mailbox is not a target
            return [e.AccountCreationRefused(**whose, obstacle=obstacle)]

        case c.SignIn(credential_id=credential_id):
            require(credential_id == account.credential_id, otherwise="sign-in-refused")
            access = e.Access.FULL if account.validated else e.Access.EMAIL_PENDING
            how = command.model_dump(include={"session_id", "device_id", "device_name", "factor"})
            return [e.SignedIn(**_whose(account, command), access=access, **how)]

        case c.CountRefusedSignIns(count=count, first_at=first_at, last_at=last_at):
            whose = _whose(account, command)
            return [e.SignInRefused(**whose, count=count, first_at=first_at, last_at=last_at)]

        case c.SignOut(session_id=session_id):
            whose = _whose(account, command)
            is_open = any(session == session_id for session, _ in account.sessions)
            return [e.SignedOut(**whose, session_id=session_id)] if is_open else []

        case _:
            assert_never(command)


def _created(command: c.CreateAccount) -> list[e.AccountEvent]:
    whose = command.model_dump(include={"at", "member_id", "person_id", "email"})
    terms = command.model_dump(include={"cgu_version", "cgu_hash", "credential_id"})
    return [
        e.AccountCreated(**whose, **terms),
        e.EmailValidationRequested(**whose, link_id=command.link_id, expires_at=command.link_expires_at),
    ]


def _whose(account: Account, command: c.AccountCommand) -> dict[str, Any]:
    """What every event of the account begins with."""
    require(account.member_id is not None, otherwise="account-unknown")
    return {"at": command.at, "member_id": account.member_id, "person_id": account.person_id}


def evolve(account: Account, event: e.AccountEvent) -> Account:
    changes: dict[str, Any]
    match event:
        case e.AccountCreated():
            changes = event.model_dump(include={"member_id", "person_id", "credential_id", "email"})
        case e.EmailValidationRequested():
            changes = {"link": Link(id=event.link_id, sent_at=event.at, expires_at=event.expires_at)}
        case e.EmailValidated():
            changes = {"validated": True}
        case e.AccountCreationRefused():
            changes = {"noticed_at": event.at}
        case e.SignedIn():
            young = [one for one in account.sessions if event.at - one[1] < LONGEST_SESSION]
            changes = {"sessions": (*young, (event.session_id, event.at))}
        case e.SignedOut():
            changes = {"sessions": tuple(one for one in account.sessions if one[0] != event.session_id)}
        case e.SignInRefused():
            changes = {}
        case _:
            assert_never(event)
    return account.model_copy(update=changes)


account = Decider(category="account", retention="account", initial=Account(), decide=decide, evolve=evolve)
