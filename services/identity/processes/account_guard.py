"""What must not wait for anybody: a change that was cancelled by its link ends all sessions; death ends the account."""

from typing import assert_never

from services.identity.domain import account_commands as c
from services.identity.domain.account_events import CloseReason
from services.identity.domain.bank_events import BankDetailsChangeCancelled
from services.identity.domain.events import PersonDied
from shared.kernel import Issued, Process, members

Heard = BankDetailsChangeCancelled | PersonDied


def decide(_: None, event: Heard) -> list[Issued]:
    account = f"account:{event.person_id}"
    match event:
        case BankDetailsChangeCancelled(blocks=blocks):
            return [Issued(account, c.EndSessions(at=event.at))] if blocks else []
        case PersonDied():
            return [Issued(account, c.CloseAccount(at=event.at, reason=CloseReason.DEATH))]
        case _:
            assert_never(event)


account_guard: Process[None, Heard] = Process(
    name="account-guard",
    initial=None,
    handles=members(Heard),
    key=lambda event: event.person_id,
    decide=decide,
    evolve=lambda state, _: state,
)
