"""What the desk finds of a person: by number and birth date alone, then how his account stands, then his file.

The console notes that it was read before it asks for any of it.
"""

import datetime as dt
import uuid
from enum import StrEnum

from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime

from services.identity.access.desk import Desk, id_in
from services.identity.api.doors import Short
from services.identity.api.profile import ProfileShown, as_shown
from services.identity.api.requests import shown
from services.identity.domain.account_state import Account
from services.identity.domain.bank_details import BankDetails
from services.identity.domain.iban import short_mask
from services.identity.domain.ids import PersonId
from services.identity.domain.nir import parse_nir
from services.identity.domain.person import Person
from services.identity.domain.postcode import parse_postcode
from services.identity.domain.proofs import answers_right
from services.identity.domain.provisional import Provisional, Stage
from services.identity.domain.register import RegisterFacts
from services.identity.read_models.profile import profile
from shared.admin.callers import finding_caller
from shared.kernel import Value
from shared.problems import Refused
from shared.security import desk_caller
from shared.service import Service


class LookUp(Value):
    """Who stands before the desk, or calls: the whole number, and the birth date."""

    nir: Short
    birth_date: dt.date


class Found(Value):
    """One person. `relatives`: who opens his rights, whose child he is, who sees him; the agent may be one of them."""

    person_id: PersonId
    household_id: str | None
    relatives: tuple[PersonId, ...]


class Answers(Value):
    """What somebody on the telephone has said, as the agent has typed it."""

    surname: Short
    postcode: Short
    iban_last7: Short


class CallerChecked(Value):
    """One answer for all of it: which part was wrong is told to nobody."""

    right: bool


class Standing(StrEnum):
    """How an account stands."""

    NONE = "none"
    EMAIL_PENDING = "email-pending"
    OPEN = "open"
    LOCKED = "locked"
    CLOSED = "closed"


class DeskFile(Value):
    """What the desk needs to help: no name, no address, of the bank account country and last two characters."""

    person_id: PersonId
    account: Standing
    email_bounced: bool
    code: Stage | None
    code_until: AwareDatetime | None
    bank: str | None
    bank_change_due_at: AwareDatetime | None
    bank_change_in_doubt: bool
    bank_changes_blocked: bool


def finding_router(desk: Desk) -> APIRouter:
    """Who somebody is, and who is close to him: for the desk and for auditors."""
    routes = APIRouter(prefix="/internal/desk", dependencies=[Depends(finding_caller)])

    @routes.post("/look-ups")
    async def look_up(form: LookUp) -> Found:
        nir = parse_nir(form.nir, refuse_zero_parts=desk.settings.nir_refuse_zero_parts)
        stream = await desk.holder(desk.indexes.nir.of(nir))
        person: Person = (await desk.service.state(stream or "person:nobody"))[0]
        if person.facts is None or person.facts.birth_date != form.birth_date or stream is None:
            raise Refused("not-found")
        return _found(PersonId(id_in(stream)), person, person.facts)

    @routes.get("/{person_id}/relatives")
    async def relatives(person_id: uuid.UUID) -> Found:
        person: Person = (await desk.service.state(f"person:{person_id}"))[0]
        if person.facts is None:
            raise Refused("not-found")
        return _found(PersonId(str(person_id)), person, person.facts)

    return routes


def desk_file_router(service: Service, desk: Desk) -> APIRouter:
    """The routes, for the console alone."""
    routes = APIRouter(prefix="/internal/desk", dependencies=[Depends(desk_caller)])

    @routes.get("/{person_id}")
    async def stands(person_id: uuid.UUID) -> DeskFile:
        person: Person = (await desk.service.state(f"person:{person_id}"))[0]
        if person.facts is None:
            raise Refused("not-found")
        account: Account = (await desk.service.state(f"account:{person_id}"))[0]
        code: Provisional = (await desk.service.state(f"provisional:{person_id}"))[0]
        bank: BankDetails = (await desk.service.state(f"bank:{person_id}"))[0]
        return DeskFile(
            person_id=PersonId(str(person_id)),
            account=_standing(account),
            email_bounced=account.bounced,
            code=code.stage(desk.clock.now()),
            code_until=code.code.expires_at if code.code else None,
            bank=short_mask(bank.iban) if isinstance(bank.iban, str) else None,
            bank_change_due_at=bank.pending.due_at if bank.pending else None,
            bank_change_in_doubt=bank.pending is not None and bank.pending.in_doubt,
            bank_changes_blocked=bank.blocked,
        )

    @routes.post("/{person_id}/caller-checks")
    async def check_caller(person_id: uuid.UUID, form: Answers) -> CallerChecked:
        person: Person = (await desk.service.state(f"person:{person_id}"))[0]
        right = answers_right(form.surname, parse_postcode(form.postcode), form.iban_last7, person)
        return CallerChecked(right=right)

    @routes.get("/{person_id}/profile")
    async def file(person_id: uuid.UUID, response: Response) -> ProfileShown:
        return as_shown(await shown(service, profile, str(person_id), None, response))

    return routes


def _found(person_id: PersonId, person: Person, facts: RegisterFacts) -> Found:
    parents = facts.parents if isinstance(facts.parents, tuple) else ()
    insured = (facts.insured_person_id,) if isinstance(facts.insured_person_id, str) else ()
    relatives = {*person.viewers, *parents, *insured} - {person_id}
    household = facts.household_id if isinstance(facts.household_id, str) else None
    return Found(person_id=person_id, household_id=household, relatives=tuple(sorted(relatives)))


def _standing(account: Account) -> Standing:
    if account.member_id is None:
        return Standing.NONE
    if account.closed:
        return Standing.CLOSED
    if account.locked:
        return Standing.LOCKED
    return Standing.OPEN if account.validated else Standing.EMAIL_PENDING
