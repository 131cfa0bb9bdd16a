"""« Mes relevés »: which months there are, and the file of one; it is made the first time it is asked for."""

import asyncio
import base64
import uuid
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter
from fastapi import Path as InPath
from pydantic import AwareDatetime

from services.reimbursements.api.callers import Reader, today, window
from services.reimbursements.api.composing import Composer, months_with_something
from services.reimbursements.api.history import load
from services.reimbursements.api.printing import printed
from services.reimbursements.api.views import visible
from services.reimbursements.domain.ids import PersonId
from services.reimbursements.domain.statements import IssueStatement, Summary
from services.reimbursements.read_models.my_statements import MyStatement, my_statements, statement_key
from shared.documents import RENDERER, Renderer
from shared.envelope import Metadata
from shared.kernel import Value
from shared.problems import Refused
from shared.projections.queries import Written
from shared.service import Service

TEMPLATES: Final = Path(__file__).parents[1] / "templates"
TEMPLATE: Final = 1
_NAMESPACE: Final = uuid.UUID("1f4b7c52-6f0e-5d0a-8f43-9a4e3c1b2d70")

MonthText = Annotated[str, InPath(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class Available(Value):
    """A month of which there is a statement. `total`: cents; None until it is made."""

    month: str
    issued_at: AwareDatetime | None
    total: int | None


class Listed(Value):
    """The newest first."""

    statements: tuple[Available, ...]


class File(Value):
    """A PDF, as base64."""

    month: str
    issued_at: AwareDatetime
    content: str


def router(service: Service) -> APIRouter:
    """The list, and the files."""
    routes = APIRouter(prefix="/persons/{person_id}/statements")
    renderer = Renderer(TEMPLATES)

    @routes.get("")
    async def listed(reader: Reader) -> Listed:
        day = today(service)
        history = await load(service, reader, await visible(service, reader), window(day))
        known = await service.queries.find(my_statements, reader_id=reader)
        heads = {one.month: one for one in known if one.renderer}
        months = [month for month in months_with_something(history) if month < f"{day:%Y-%m}"]
        return Listed(statements=tuple(_available(month, heads.get(month)) for month in months))

    @routes.get("/{month}")
    async def file(reader: Reader, month: MonthText) -> File:
        if month not in window(today(service)):
            raise Refused("not-found")
        head = await _head(service, reader, month)
        parts = await service.queries.find(my_statements, reader_id=reader)
        own = [one for one in parts if one.month == month and not one.renderer]
        data = printed(head, own)
        pdf = await asyncio.to_thread(renderer.render, "statement", head.template, data)
        return File(month=month, issued_at=head.issued_at, content=base64.b64encode(pdf).decode())

    return routes


def _available(month: str, head: MyStatement | None) -> Available:
    summary = head.summary if head else None
    total = summary.total if isinstance(summary, Summary) else None
    return Available(month=month, issued_at=head.issued_at if head else None, total=total)


async def _head(service: Service, reader: PersonId, month: str) -> MyStatement:
    """The statement; made now if there is none. Two who ask at once get the same one: its command's id is fixed."""
    key = statement_key(reader, month)
    if known := await service.queries.get(my_statements, key):
        return known
    command = await _command(service, reader, month)
    stream = f"statements:{reader}"
    meta = Metadata(
        pk=reader,
        actor="statements",
        actor_kind="process",
        correlation_id=str(uuid.uuid5(_NAMESPACE, key)),
        member_id=reader,
        person_id=reader,
    )
    answer = await service.handle(stream, command, cmd=str(uuid.uuid5(_NAMESPACE, key)), meta=meta)
    await service.queries.wait(my_statements, Written(answer.stream, answer.version))
    made = await service.queries.get(my_statements, key)
    if made is None:
        raise Refused("unavailable")
    return made


async def _command(service: Service, reader: PersonId, month: str) -> IssueStatement:
    months = window(today(service))
    months = [*months, *(f"{int(month[:4]) - 1}-{number:02}" for number in range(1, 13))]
    history = await load(service, reader, await visible(service, reader), sorted(set(months), reverse=True))
    issued, _ = await service.state(f"statements:{reader}")
    composed = Composer(history, issued.months).statement(month)
    if composed is None:
        raise Refused("not-found")
    return IssueStatement(at=service.clock.now(), person_id=reader, renderer=RENDERER, template=TEMPLATE, **composed)
