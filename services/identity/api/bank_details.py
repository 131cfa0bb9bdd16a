"""« Mes coordonnées bancaires » over HTTP: the account on file, and its change."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime, Field

from services.identity.access.bank_changes import BankChanges
from services.identity.api.requests import ACall, Accepted, AMember, HasWritten
from services.identity.domain.ids import PersonId
from services.identity.read_models.bank_details import BankDetailsShown, bank_details_shown
from shared.kernel import Value
from shared.projections.queries import tell_age
from shared.security import gateway_caller, stepped_up_caller
from shared.service import Service

Iban = Annotated[str, Field(max_length=60)]


class BankDetails(BankDetailsShown):
    """What the page shows; `closed_until` says why nothing can be asked now."""

    closed_until: AwareDatetime | None = None


class NewIban(Value):
    """An account as it is typed."""

    iban: Iban


class CheckedIban(Value):
    """What the page may say of it before anything is asked."""

    masked: str
    bank: str | None


class CancelToken(Value):
    """The last part of the link."""

    token: Annotated[str, Field(max_length=400)]


def bank_router(service: Service, changes: BankChanges, confirmed: Sequence[Any]) -> APIRouter:
    """The routes of a member; `confirmed` are the dependencies that open his services."""
    routes = APIRouter(prefix="/bank-details", dependencies=list(confirmed))

    @routes.get("")
    async def details(member_id: AMember, response: Response, x_written: HasWritten = None) -> BankDetails:
        await tell_age(response.headers, service.queries, bank_details_shown, x_written)
        found = await service.queries.get(bank_details_shown, member_id)
        until = changes.refused_until(await changes.security(member_id))
        known = found or BankDetailsShown(person_id=PersonId(member_id))
        return BankDetails(**known.model_dump(), closed_until=_to_come(until, service.clock.now()))

    @routes.post("/checks")
    async def check(form: NewIban) -> CheckedIban:
        found = changes.read(form.iban)
        return CheckedIban(masked=found.masked, bank=found.bank)

    @routes.post("/changes", dependencies=[Depends(stepped_up_caller)])
    async def request(form: NewIban, member_id: AMember, call: ACall) -> Accepted:
        answer = await changes.request(call, member_id, form.iban)
        return Accepted(stream=answer.stream, version=answer.version)

    @routes.post("/changes/{request_id}/cancellation")
    async def cancel(request_id: uuid.UUID, member_id: AMember, call: ACall) -> Accepted:
        answer = await changes.cancel(call, member_id, str(request_id))
        return Accepted(stream=answer.stream, version=answer.version)

    return routes


def bank_open_router(changes: BankChanges) -> APIRouter:
    """What needs no account: the link of the notice."""
    routes = APIRouter()

    @routes.post("/bank-details/cancellations", dependencies=[Depends(gateway_caller)])
    async def cancel_by_link(form: CancelToken, call: ACall) -> Accepted:
        answer = await changes.cancel_by_link(call, form.token)
        return Accepted(stream=answer.stream, version=answer.version)

    return routes


def _to_come(until: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    return until if until is not None and until > now else None
