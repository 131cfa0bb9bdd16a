"""A standing account's code: changed by the member, or by a link when it is forgotten."""

import datetime as dt
from typing import Any, Final, assert_never

from services.identity.domain import account_commands as c
from services.identity.domain import account_events as e
from services.identity.domain.account_sessions import ended
from services.identity.domain.account_state import Account, Link, require_usable, whose
from services.identity.domain.events import EmailValidationRequested
from shared.kernel import require

BETWEEN_RESETS: Final = dt.timedelta(minutes=1)

Decided = list[e.CodeEvent | e.SessionsEnded | EmailValidationRequested]


def decide(account: Account, command: c.CodeCommand) -> Decided:
    of = whose(account, command)
    match command:
        case c.ChangeCode(credential_id=credential_id, session_id=session_id):
            require(account.usable, otherwise="account-locked")
            others = ended(account, command, e.EndReason.CODE_CHANGED, all_but=session_id)
            return [e.CodeChanged(**of, credential_id=credential_id), *others]

        case c.RequestCodeReset(link_id=link_id, link_expires_at=expires_at):
            require(account.usable and account.validated, otherwise="account-locked")
            last = account.reset
            if last is not None and command.at < last.sent_at + BETWEEN_RESETS:
                return []  # his mailbox is not a target
            return [e.CodeResetRequested(**of, link_id=link_id, expires_at=expires_at)]

        case c.ResetCode(link_id=link_id, credential_id=credential_id):
            require(account.usable, otherwise="account-locked")
            require_usable(account.reset, link_id, command.at)
            return [
                e.CodeReset(**of, credential_id=credential_id),
                *ended(account, command, e.EndReason.CODE_CHANGED),
            ]

        case c.RecoverAccount():
            require(account.usable, otherwise="account-locked")
            facts = command.model_dump(include={"email", "cgu_version", "cgu_hash", "credential_id"})
            link: dict[str, Any] = {
                "link_id": command.link_id,
                "expires_at": command.link_expires_at,
                "email": command.email,
                "taken": command.taken,
            }
            return [
                e.AccountRecovered(**of, **facts, previous=account.email),
                EmailValidationRequested(**of, **link),
                *ended(account, command, e.EndReason.CODE_CHANGED),
            ]

        case _:
            assert_never(command)


def evolve(event: e.CodeEvent) -> dict[str, Any]:
    """What changes in the account."""
    match event:
        case e.CodeChanged(credential_id=credential_id):
            return {"credential_id": credential_id}
        case e.CodeResetRequested():
            return {"reset": Link(id=event.link_id, sent_at=event.at, expires_at=event.expires_at)}
        case e.CodeReset(credential_id=credential_id):
            return {"credential_id": credential_id, "reset": None}
        case e.AccountRecovered():
            known = event.model_dump(include={"email", "credential_id", "cgu_version"})
            return {**known, "validated": False, "bounced": False, "change": None, "reset": None}
        case _:
            assert_never(event)
