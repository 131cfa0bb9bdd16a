"""A standing account's terms, lock and end."""

from typing import Any, assert_never

from services.identity.domain import account_commands as c
from services.identity.domain import account_events as e
from services.identity.domain.account_sessions import ended
from services.identity.domain.account_state import Account, whose
from shared.kernel import require

Decided = list[e.LifeEvent | e.SessionsEnded]


def decide(account: Account, command: c.LifeCommand) -> Decided:
    of = whose(account, command)
    match command:
        case c.AcceptTerms(cgu_version=version, cgu_hash=digest):
            require(account.usable, otherwise="account-locked")
            known = account.cgu_version == version
            return [] if known else [e.TermsAccepted(**of, cgu_version=version, cgu_hash=digest)]

        case c.LockAccount(reason=reason):
            require(not account.closed, otherwise="account-closed")
            if account.locked:
                return []
            return [e.AccountLocked(**of, reason=reason), *ended(account, command, e.EndReason.LOCKED)]

        case c.UnlockAccount():
            require(not account.closed, otherwise="account-closed")
            return [e.AccountUnlocked(**of)] if account.locked else []

        case c.CloseAccount(reason=reason):
            if account.closed:
                return []
            return [e.AccountClosed(**of, reason=reason), *ended(account, command, e.EndReason.CLOSED)]

        case _:
            assert_never(command)


def evolve(event: e.LifeEvent) -> dict[str, Any]:
    """What changes in the account."""
    match event:
        case e.TermsAccepted(cgu_version=version):
            return {"cgu_version": version}
        case e.AccountLocked():
            return {"locked": True}
        case e.AccountUnlocked():
            return {"locked": False}
        case e.AccountClosed():
            return {"closed": True}
        case _:
            assert_never(event)
