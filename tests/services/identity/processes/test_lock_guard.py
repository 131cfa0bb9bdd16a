"""A locked account: what was asked for with it does not happen."""

from functools import reduce
from typing import Any

import pytest

from services.identity.domain import bank_events as b
from services.identity.domain.account_events import AccountLocked, LockReason
from services.identity.domain.bank_commands import CancelBankDetailsChange
from services.identity.processes.lock_guard import Held, lock_guard
from shared.kernel import Issued
from tests.services.identity.api.test_bank_details import ask, details
from tests.services.identity.bank_examples import cancelled, completed, requested, stopped
from tests.services.identity.conftest import Feeding, Site, open_account
from tests.services.identity.examples import CLAIRE, LINE, NOW, WHOSE
from tests.services.in_memory import InMemoryService

LOCKED = AccountLocked(at=NOW, **WHOSE, reason=LockReason.CONTESTED)


def after(*events: Any) -> Held:
    return reduce(lock_guard.evolve, events, lock_guard.initial)


def test_a_change_under_way_is_cancelled_and_others_are_shut_out() -> None:
    command = CancelBankDetailsChange(
        at=NOW, person_id=CLAIRE, request_id=requested().request_id, by=b.CancelledBy.LINK
    )
    assert lock_guard.decide(after(requested()), LOCKED) == [Issued(f"bank:{CLAIRE}", command)]
    assert lock_guard.key(LOCKED) == CLAIRE


@pytest.mark.parametrize("end", [cancelled(), stopped(b.StoppedBy.REGISTER), completed()], ids=lambda one: one.NAME)
def test_where_nothing_is_under_way_nothing_is_cancelled(end: Any) -> None:
    assert lock_guard.decide(after(), LOCKED) == []
    assert lock_guard.decide(after(requested(), end), LOCKED) == []
    assert lock_guard.decide(after(), requested()) == []


async def test_contested_by_the_letter_it_pays_nobody_else(site: Site, service: InMemoryService, feed: Feeding) -> None:
    await feed(LINE)
    await open_account(service)
    await ask(site)
    assert (await details(site))["request_id"] is not None
    await service.happened(f"account:{CLAIRE}", LOCKED)
    await service.settle()
    [event] = [one for one in await service.events() if isinstance(one, b.BankDetailsChangeCancelled)]
    assert event.blocks
