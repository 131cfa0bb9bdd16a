"""« Mes relevés »: which months there are, and the file of one, made now where it has not fallen due yet."""

import asyncio
import base64
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter
from fastapi import Path as InPath
from pydantic import AwareDatetime

from services.reimbursements.answers.composing import months_with_something
from services.reimbursements.answers.days import today, window
from services.reimbursements.answers.history import load
from services.reimbursements.answers.making import NotShown, made
from services.reimbursements.answers.views import visible
from services.reimbursements.api.callers import Reader
from services.reimbursements.api.printing import printed
from services.reimbursements.domain.statements import Summary
from services.reimbursements.read_models.my_statements import MyStatement, my_statements
from shared.documents import Renderer
from shared.kernel import Value
from shared.problems import Refused
from shared.service import Service

TEMPLATES: Final = Path(__file__).parents[1] / "templates"

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
        try:
            head = await made(service, reader, month)
        except NotShown:
            raise Refused("unavailable") from None
        if head is None:
            raise Refused("not-found")
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
