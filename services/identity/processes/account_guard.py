"""What must not wait for anybody.

A change of bank details that was cancelled by its link ends all sessions; a code on paper, which proves the member,
opens such changes again; death ends the account.
"""

from typing import assert_never

from services.identity.domain import account_commands as c
from services.identity.domain.account_events import AccountRecovered, CloseReason
from services.identity.domain.bank_commands import UnblockBankChanges
from services.identity.domain.bank_events import BankDetailsChangeCancelled, UnblockedBy
from services.identity.domain.events import PersonDied
from shared.kernel import Issued, Process, members

Heard = BankDetailsChangeCancelled | AccountRecovered | PersonDied


def decide(_: None, event: Heard) -> list[Issued]:
    account = f"account:{event.person_id}"
    match event:
        case BankDetailsChangeCancelled(blocks=blocks):
            return [Issued(account, c.EndSessions(at=event.at))] if blocks else []
        case AccountRecovered(person_id=person_id):
            unblock = UnblockBankChanges(at=event.at, person_id=person_id, by=UnblockedBy.LETTER)
            return [Issued(f"bank:{person_id}", unblock)]
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
