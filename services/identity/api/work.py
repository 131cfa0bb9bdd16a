"""What waits for the desk here: accounts whose holder is in doubt, lines of the register that led to nothing.

The result stands on the member's page.
"""

import datetime as dt
from collections.abc import Sequence

from fastapi import APIRouter

from services.identity.domain import bank_commands as c
from services.identity.domain.ids import BankChangeId, PersonId
from services.identity.inbound.register import set_aside
from services.identity.read_models.bank_work import bank_work
from shared.admin import Decided, Decision, Kind, WorkItem, work_router
from shared.feeds.set_aside import set_aside_work
from shared.kernel import Issued
from shared.service import Service

HOLDER_DOUBT = "bank-holder-doubt"
CONFIRM, REFUSE = Decision(name="confirm"), Decision(name="refuse")


def router(service: Service) -> APIRouter:
    """All kinds of work of this service."""

    async def doubts() -> Sequence[WorkItem]:
        return [
            WorkItem(
                kind=HOLDER_DOUBT,
                id=one.request_id,
                since=one.since,
                person_id=one.person_id,
                decisions=(CONFIRM, REFUSE),
            )
            for one in await service.queries.find(bank_work, kind=HOLDER_DOUBT)
        ]

    lines = set_aside_work(service, set_aside, ["register"])
    return work_router(service, [Kind(HOLDER_DOUBT, doubts, _about_holder), lines])


def _about_holder(item: WorkItem, form: Decided, now: dt.datetime) -> Issued:
    command = c.ConfirmBankHolder if form.decision == CONFIRM.name else c.RefuseBankHolder
    person_id = PersonId(str(item.person_id))
    return Issued(f"bank:{person_id}", command(at=now, person_id=person_id, request_id=BankChangeId(item.id)))
