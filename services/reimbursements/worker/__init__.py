"""What the reimbursements service does when time says so: statements that fall due are made."""

from collections.abc import Sequence

from services.reimbursements.answers.making import made
from services.reimbursements.domain.ids import PersonId
from services.reimbursements.domain.statements import StatementDue
from services.reimbursements.read_models.my_month import my_month
from shared.effects import Deferred, Effect
from shared.projections.queries import Written
from shared.service import Service


def effects(service: Service) -> Sequence[Effect]:
    """One: the statement of a month."""

    async def make(event: StatementDue, _: str) -> None:
        reader = PersonId(event.person_id)
        ledger = f"household:{reader}"
        _state, version = await service.state(ledger)
        if await service.queries.wait(my_month, Written(ledger, version)):
            raise Deferred  # the read models have not seen the whole ledger yet
        await made(service, reader, event.month, due=True)

    async def not_yet(_: str) -> bool | None:
        return False  # made again it is the same: its command's id is fixed

    return [Effect("statement", StatementDue, make, not_yet)]
