"""A standing account's address: corrected while none is confirmed, afterwards changed by confirming the new one."""

from typing import Any, assert_never

from services.identity.domain import account_commands as c
from services.identity.domain import account_events as e
from services.identity.domain.account_state import Account, Link, whose
from services.identity.domain.email import email_key
from services.identity.domain.events import EmailValidationRequested
from shared.kernel import require

Decided = list[e.EmailEvent | EmailValidationRequested]


def decide(account: Account, command: c.EmailCommand) -> Decided:
    match command:
        case c.ChangeEmail():
            return _change(account, command)
        case c.NoteEmailBounced(email=email):
            # Only the address of today: one that was given up meanwhile troubles nobody.
            news = email == account.email and isinstance(email, str) and not account.bounced
            return [e.EmailBounced(**whose(account, command), email=email)] if news else []
        case _:
            assert_never(command)


def _change(account: Account, command: c.ChangeEmail) -> Decided:
    of = whose(account, command)
    link: dict[str, Any] = {
        "link_id": command.link_id,
        "expires_at": command.link_expires_at,
        "email": command.email,
        "taken": command.taken,
    }
    require(account.usable, otherwise="account-locked")
    same = isinstance(account.email, str) and isinstance(command.email, str)
    same = same and email_key(str(account.email)) == email_key(str(command.email))
    require(not same, otherwise="email-unchanged")
    if account.validated:
        return [e.EmailChangeRequested(**of, **link)]
    corrected = e.EmailCorrected(**of, email=command.email, previous=account.email, taken=command.taken)
    return [corrected, EmailValidationRequested(**of, **link)]


def evolve(event: e.EmailEvent) -> dict[str, Any]:
    """What changes in the account."""
    match event:
        case e.EmailCorrected(email=email):
            return {"email": email, "bounced": False}
        case e.EmailChangeRequested():
            link = Link(id=event.link_id, sent_at=event.at, expires_at=event.expires_at, email=event.email)
            return {"change": link}
        case e.EmailChanged(email=email):
            return {"email": email, "change": None, "bounced": False}
        case e.EmailBounced():
            return {"bounced": True}
        case _:
            assert_never(event)
