"""Queries and commands of a member, and those of the desk."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import AwareDatetime

from services.reimbursements.answers.days import today, window
from services.reimbursements.answers.history import History, load
from services.reimbursements.answers.views import visible
from services.reimbursements.api import claims, deductions, explanations, spending, statements, tomorrow, work
from services.reimbursements.api.callers import Reader
from services.reimbursements.api.rows import Detail, Found, Search, detail, search
from services.reimbursements.api.work import FEEDS
from services.reimbursements.domain import signals as s
from services.reimbursements.domain.ids import LineId, MemberId, PersonId, SignalId
from services.reimbursements.read_models.my_claims import my_claims
from services.reimbursements.read_models.my_deductions import my_deductions
from services.reimbursements.read_models.my_payments import Payment
from shared.envelope import Metadata
from shared.kernel import Value
from shared.own_acts import own_acts_router
from shared.problems import Refused
from shared.security import Caller, gateway_caller
from shared.service import Service


class Report(Value):
    """The form of « Signaler un remboursement »."""

    motive: s.Motive
    account: s.Account = ""


class Accepted(Value):
    """What every command answers; the next query gives it back to see its effect."""

    stream: str
    version: int


class Summary(Value):
    """What the member's home shows, of one reading of his history."""

    payment: Payment | None
    """The last one to himself."""
    claims: claims.Overview
    deductions: deductions.Overview
    as_of: AwareDatetime | None


class Age(Value):
    """Until when the fund's word reaches that the screens show; None before its first file."""

    as_of: AwareDatetime | None


def routers(service: Service) -> Sequence[APIRouter]:
    """All of them."""
    own = own_acts_router(service.store)
    return [_lines(service), _pages(service), statements.router(service), work.router(service), own]


async def _history(service: Service, reader: PersonId, persons: Sequence[PersonId] | None = None) -> History:
    seen = await visible(service, reader) if persons is None else persons
    return await load(service, reader, seen, window(today(service)))


async def _age(service: Service) -> dt.datetime | None:
    as_of: dt.datetime | None = (await service.state(f"feed:{FEEDS[0]}"))[0].as_of
    return as_of


def _lines(service: Service) -> APIRouter:
    routes = APIRouter(prefix="/persons/{person_id}/reimbursements")

    @routes.post("/search")
    async def find(reader: Reader, wanted: Search) -> Found:
        """A query: its words stand in no URL."""
        return search(await _history(service, reader), wanted)

    @routes.get("/lines/{line_id}")
    async def one(reader: Reader, line_id: uuid.UUID) -> Detail:
        return await _line(reader, line_id)

    @routes.post("/lines/{line_id}/reports")
    async def report(
        reader: Reader,
        caller: Annotated[Caller, Depends(gateway_caller)],
        line_id: uuid.UUID,
        form: Report,
        request: Request,
        idempotency_key: Annotated[uuid.UUID, Header()],
    ) -> Accepted:
        seen = await _line(reader, line_id)
        signal_id = SignalId(str(uuid.uuid5(idempotency_key, "signal")))
        command = s.ReportReimbursement(
            at=service.clock.now(),
            signal_id=signal_id,
            person_id=PersonId(seen.row.person_id),
            member_id=MemberId(reader),
            line_id=LineId(str(line_id)),
            motive=form.motive,
            account=form.account,
        )
        meta = Metadata(
            pk=seen.row.person_id,
            actor=reader,
            actor_kind="member",
            correlation_id=request.state.correlation_id,
            member_id=reader,
            person_id=seen.row.person_id,
            acting_for=seen.row.person_id if seen.row.person_id != reader else None,
            channel=caller.channel,
        )
        answer = await service.handle(f"signal:{signal_id}", command, cmd=str(idempotency_key), meta=meta)
        return Accepted(stream=answer.stream, version=answer.version)

    async def _line(reader: PersonId, line_id: uuid.UUID) -> Detail:
        found = detail(await _history(service, reader), str(line_id))
        if found is None:
            raise Refused("not-found")
        return found

    return routes


def _pages(service: Service) -> APIRouter:
    routes = APIRouter(prefix="/persons/{person_id}")

    @routes.get("/deductions")
    async def kept(reader: Reader) -> deductions.Overview:
        persons = await visible(service, reader)
        history = await _history(service, reader, persons)
        counters = await service.queries.get_many(my_deductions, persons)
        return deductions.overview(history, counters, today(service))

    @routes.post("/tomorrow")
    async def asked(reader: Reader, question: tomorrow.Question) -> tomorrow.Answer:
        """A query: what was typed stands in no URL, and nothing is kept of it."""
        persons = await visible(service, reader)
        history = await _history(service, reader, persons)
        counters = await service.queries.get_many(my_deductions, persons)
        try:
            return tomorrow.answer(history, counters, question, today(service))
        except KeyError:
            raise Refused("not-found") from None

    @routes.get("/claims")
    async def where(reader: Reader) -> claims.Overview:
        persons = await visible(service, reader)
        history = await _history(service, reader, persons)
        known = await service.queries.get_many(my_claims, persons)
        return claims.overview(history, known, today(service))

    @routes.get("/spending")
    async def spent(reader: Reader) -> spending.Picture:
        return spending.picture(await _history(service, reader), window(today(service)))

    @routes.get("/summary")
    async def summary(reader: Reader) -> Summary:
        persons, day = await visible(service, reader), today(service)
        history = await _history(service, reader, persons)
        counters = await service.queries.get_many(my_deductions, persons)
        kept = deductions.overview(history, counters, day)
        return Summary(
            payment=next((one for one in history.payments if one.to_member), None),
            claims=claims.overview(history, await service.queries.get_many(my_claims, persons), day),
            deductions=kept.model_copy(update={"kept": ()}),
            as_of=await _age(service),
        )

    @routes.get("/age")
    async def age(_: Reader) -> Age:
        return Age(as_of=await _age(service))

    @routes.get("/explanations")
    async def exported(reader: Reader) -> Response:
        bundle = explanations.bundle(await _history(service, reader), service.clock.now())
        return Response(bundle, media_type="application/fhir+json")

    return routes
