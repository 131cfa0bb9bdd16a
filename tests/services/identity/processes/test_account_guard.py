"""A change cancelled by its link, and a death."""

import datetime as dt

from services.identity.domain import account_commands as c
from services.identity.domain import bank_events as b
from services.identity.domain import events as e
from services.identity.domain.account_events import AccountRecovered, CloseReason
from services.identity.domain.bank_commands import UnblockBankChanges
from services.identity.processes.account_guard import account_guard
from shared.kernel import Issued
from tests.services.identity.bank_examples import cancelled
from tests.services.identity.examples import CLAIRE, CREDENTIAL, EMAIL, NOW, WHOSE

ACCOUNT = f"account:{CLAIRE}"


def test_the_link_ends_every_session_and_the_members_own_click_does_not() -> None:
    event = cancelled()
    assert account_guard.decide(None, event) == [Issued(ACCOUNT, c.EndSessions(at=event.at))]
    assert account_guard.decide(None, cancelled(b.CancelledBy.ACCOUNT)) == []


def test_a_code_on_paper_opens_changes_again() -> None:
    facts = {"email": "autre@exemple.fr", "previous": EMAIL, "credential_id": CREDENTIAL}
    event = AccountRecovered(at=NOW, **WHOSE, **facts, cgu_version="1", cgu_hash="f" * 64)
    unblock = UnblockBankChanges(at=NOW, person_id=CLAIRE, by=b.UnblockedBy.LETTER)
    assert account_guard.decide(None, event) == [Issued(f"bank:{CLAIRE}", unblock)]


def test_death_closes_the_account() -> None:
    event = e.PersonDied(at=NOW, person_id=CLAIRE, died_on=dt.date(2026, 11, 20))
    assert account_guard.decide(None, event) == [Issued(ACCOUNT, c.CloseAccount(at=NOW, reason=CloseReason.DEATH))]
    assert account_guard.key(event) == CLAIRE
