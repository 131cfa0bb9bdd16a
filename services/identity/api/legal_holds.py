"""What agents and auditors do about forgetting a person: the list of cases, requests at the desk, legal holds."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from services.identity.access.attestations import PDF
from services.identity.access.erasure_certificate import Certificate, certificate, printed
from services.identity.access.erasures import Erasures
from services.identity.api.desk import ADeskCall
from services.identity.api.requests import Accepted
from services.identity.domain import erasure_commands as c
from services.identity.domain import erasure_events as e
from services.identity.domain.erasure_state import Status
from services.identity.domain.ids import HoldId, PersonId
from services.identity.read_models.erasure_cases import ErasureCase, erasure_cases
from shared.admin.callers import supervising_caller
from shared.command_handler import Answer
from shared.kernel import Value
from shared.problems import Refused
from shared.security import Caller, agent_caller, console_caller
from shared.service import Service


class Cases(Value):
    """The oldest first."""

    items: tuple[ErasureCase, ...]


class HoldAsked(Value):
    """Why nothing may be destroyed: the number of a file. The console names the hold itself, to find it again."""

    case: c.Case
    hold_id: uuid.UUID | None = None


Reference = Annotated[str | None, Query(max_length=40)]
"""Which erasure of a person who came back; without it, the last one."""
AnAgent = Annotated[Caller, Depends(agent_caller)]
ASupervisor = Annotated[Caller, Depends(supervising_caller)]


def cases_router(service: Service, erasures: Erasures) -> APIRouter:
    """For whoever works in the console, auditors included."""
    routes = APIRouter(prefix="/internal/erasures", dependencies=[Depends(console_caller)])

    @routes.get("")
    async def cases(status: Status | None = None, *, held: bool | None = None) -> Cases:
        asked: dict[str, Any] = {"status": status, "held": held}
        asked = {name: value for name, value in asked.items() if value is not None}
        found = await service.queries.find(erasure_cases, **asked or {"status": Status.REQUESTED})
        return Cases(items=tuple(sorted(found, key=lambda one: (one.requested_at is None, one.requested_at))))

    @routes.get("/{person_id}")
    async def case(person_id: str) -> ErasureCase:
        return await known(person_id)

    @routes.get("/{person_id}/certificate")
    async def as_data(person_id: str, reference: Reference = None) -> Certificate:
        return certificate(await known(person_id, reference))

    @routes.get("/{person_id}/certificate/pdf", response_class=Response, responses={200: {"content": {PDF: {}}}})
    async def as_pdf(person_id: str, reference: Reference = None) -> Response:
        return Response(printed(certificate(await known(person_id, reference))), media_type=PDF)

    async def known(person_id: str, reference: str | None = None) -> ErasureCase:
        found = await erasures.case(person_id, reference)
        if found is None:
            raise Refused("not-found")
        return found

    return routes


def holds_router(service: Service, erasures: Erasures) -> APIRouter:
    """Requests at the desk, by agents; legal holds, by supervisors: each takes two to place, and two to lift."""
    routes = APIRouter(prefix="/internal/desk/{person_id}")

    @routes.post("/erasure")
    async def request(person_id: str, call: ADeskCall, _: AnAgent) -> Accepted:
        return _accepted(await erasures.request_at_desk(call, PersonId(person_id)))

    @routes.post("/erasure/cancellation")
    async def cancel(person_id: str, call: ADeskCall, _: AnAgent) -> Accepted:
        return _accepted(await erasures.cancel(call, person_id, e.CancelledBy.DESK))

    @routes.post("/legal-holds")
    async def ask(person_id: str, form: HoldAsked, call: ADeskCall, who: ASupervisor) -> Accepted:
        hold_id = HoldId(str(form.hold_id) if form.hold_id else call.made("legal-hold"))
        step = c.RequestLegalHold(
            at=service.clock.now(), person_id=PersonId(person_id), hold_id=hold_id, agent_id=who.actor, case=form.case
        )
        return await handle(step, call)

    @routes.post("/legal-holds/{hold_id}/approval")
    async def approve(person_id: str, hold_id: str, call: ADeskCall, who: ASupervisor) -> Accepted:
        return await step(c.ApproveLegalHold, person_id, hold_id, call, who)

    @routes.post("/legal-holds/{hold_id}/withdrawal")
    async def withdraw(person_id: str, hold_id: str, call: ADeskCall, who: ASupervisor) -> Accepted:
        return await step(c.WithdrawLegalHold, person_id, hold_id, call, who)

    @routes.post("/legal-holds/{hold_id}/lift")
    async def lift(person_id: str, hold_id: str, call: ADeskCall, who: ASupervisor) -> Accepted:
        return await step(c.RequestLegalHoldLift, person_id, hold_id, call, who)

    @routes.post("/legal-holds/{hold_id}/lift/approval")
    async def approve_lift(person_id: str, hold_id: str, call: ADeskCall, who: ASupervisor) -> Accepted:
        return await step(c.ApproveLegalHoldLift, person_id, hold_id, call, who)

    async def step(kind: type[c.HoldStep], person_id: str, hold_id: str, call: ADeskCall, who: Caller) -> Accepted:
        command = kind(
            at=service.clock.now(), person_id=PersonId(person_id), hold_id=HoldId(hold_id), agent_id=who.actor
        )
        return await handle(command, call)

    async def handle(command: c.HoldCommand, call: ADeskCall) -> Accepted:
        stream, meta = f"erasure:{command.person_id}", call.meta(command.person_id)
        return _accepted(await service.handle(stream, command, cmd=call.cmd, meta=meta))

    return routes


def _accepted(answer: Answer) -> Accepted:
    return Accepted(stream=answer.stream, version=answer.version)
