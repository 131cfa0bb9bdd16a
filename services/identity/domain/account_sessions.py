"""A standing account's sessions and devices, and the door that shuts after too many wrong tries."""

from typing import Any, assert_never

from services.identity.domain import account_commands as c
from services.identity.domain import account_events as e
from services.identity.domain.account_state import Account, Link, require_usable, whose
from services.identity.domain.ids import SessionId
from shared.kernel import Command


def decide(account: Account, command: c.SessionCommand) -> list[e.SessionEvent]:
    of = whose(account, command)
    match command:
        case c.EndSessions(session_ids=named, all_but=all_but, reason=reason):
            wanted = None if not named else frozenset(named)
            return [*ended(account, command, reason, all_but=all_but, among=wanted)]

        case c.ForgetDevice(device_id=device_id):
            there = frozenset(one.session_id for one in account.sessions if one.device_id == device_id)
            forgotten = e.DeviceForgotten(**of, device_id=device_id)
            return [forgotten, *ended(account, command, e.EndReason.REVOKED, among=there)]

        case c.LockSignIns(link_id=link_id, link_expires_at=expires_at):
            return [e.SignInsLocked(**of, link_id=link_id, expires_at=expires_at)]

        case c.ReopenSignIns(link_id=link_id):
            require_usable(account.reopening, link_id, command.at)
            return [e.SignInsReopened(**of, link_id=link_id)]

        case _:
            assert_never(command)


def ended(
    account: Account,
    command: Command,
    reason: e.EndReason,
    *,
    all_but: SessionId | None = None,
    among: frozenset[SessionId] | None = None,
) -> list[e.SessionsEnded]:
    """The sessions that end: all that are open, but for one, or those of them that are named."""
    found = [one.session_id for one in account.open_sessions(command.at) if one.session_id != all_but]
    chosen = tuple(one for one in found if among is None or one in among)
    return [e.SessionsEnded(**whose(account, command), session_ids=chosen, reason=reason)] if chosen else []


def evolve(account: Account, event: e.SessionEvent) -> dict[str, Any]:
    """What changes in the account."""
    match event:
        case e.SessionsEnded(session_ids=gone):
            return {"sessions": tuple(one for one in account.sessions if one.session_id not in gone)}
        case e.SignInsLocked():
            return {"reopening": Link(id=event.link_id, sent_at=event.at, expires_at=event.expires_at)}
        case e.SignInsReopened():
            return {"reopening": None}
        case e.DeviceForgotten():
            return {}
        case _:
            assert_never(event)
