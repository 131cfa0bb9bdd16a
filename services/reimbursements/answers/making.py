"""Makes the statement of a month: when it falls due, or when its reader asks for it before that. Once for ever."""

import uuid
from typing import Final

from services.reimbursements.answers.composing import Composer
from services.reimbursements.answers.days import today, window
from services.reimbursements.answers.history import load
from services.reimbursements.answers.views import visible
from services.reimbursements.domain.ids import PersonId
from services.reimbursements.domain.statements import IssueStatement
from services.reimbursements.read_models.my_statements import MyStatement, my_statements, statement_key
from shared.documents import RENDERER
from shared.envelope import Metadata
from shared.projections.queries import Written
from shared.service import Service

TEMPLATE: Final = 1
_NAMESPACE: Final = uuid.UUID("1f4b7c52-6f0e-5d0a-8f43-9a4e3c1b2d70")


class NotShown(Exception):  # noqa: N818 - said as it is
    """It is made, but the read model has not come so far yet."""


async def made(service: Service, reader: PersonId, month: str, *, due: bool = False) -> MyStatement | None:
    """The head of a statement, made now if there is none; None where there is nothing to show.

    Two who ask at once get the same one: its command's id is fixed.

    Raises:
        NotShown: ask again in a moment.
    """
    key = statement_key(reader, month)
    if known := await service.queries.get(my_statements, key):
        return known
    command = await _command(service, reader, month, due=due)
    if command is None:
        return None
    meta = Metadata(
        pk=reader,
        actor="statements",
        actor_kind="process",
        correlation_id=str(uuid.uuid5(_NAMESPACE, key)),
        member_id=reader,
        person_id=reader,
    )
    answer = await service.handle(f"statements:{reader}", command, cmd=str(uuid.uuid5(_NAMESPACE, key)), meta=meta)
    await service.queries.wait(my_statements, Written(answer.stream, answer.version))
    found = await service.queries.get(my_statements, key)
    if found is None:
        raise NotShown
    return found


async def _command(service: Service, reader: PersonId, month: str, *, due: bool) -> IssueStatement | None:
    months = window(today(service))
    months = [*months, *(f"{int(month[:4]) - 1}-{number:02}" for number in range(1, 13))]
    history = await load(service, reader, await visible(service, reader), sorted(set(months), reverse=True))
    issued, _ = await service.state(f"statements:{reader}")
    composed = Composer(history, issued.months).statement(month)
    if composed is None:
        return None
    now = service.clock.now()
    return IssueStatement(at=now, person_id=reader, renderer=RENDERER, template=TEMPLATE, due=due, **composed)
