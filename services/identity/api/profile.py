"""« Mon profil » over HTTP: what the register says of a member, and of those whom he may see."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime, Field

from services.identity.access.desk import Desk
from services.identity.api.requests import ACall, Accepted, AMember, HasWritten, shown
from services.identity.domain import commands as c
from services.identity.domain.ids import AddressChangeId, PersonId
from services.identity.domain.nir import masked
from services.identity.domain.postcode import parse_postcode
from services.identity.domain.register import Address, Contact, Doctor, Part
from services.identity.domain.rights import Exemption, RightsPeriod
from services.identity.read_models.profile import Profile, profile
from services.identity.read_models.profile_history import Change, profile_history
from services.identity.read_models.seen_persons import seen_persons
from shared.kernel import Erased, Value
from shared.problems import Refused
from shared.projections.queries import tell_ages
from shared.security import stepped_up_caller
from shared.service import Service

AddressLine = Annotated[str, Field(min_length=1, max_length=38)]
"""As long as a line of an address may be (NF Z10-011)."""


class ProfileShown(Value):
    """A person as he is shown: of the number, sex and year only."""

    person_id: PersonId
    as_of: AwareDatetime
    nir_masked: str | Erased | None
    surname: str | Erased
    given_names: str | Erased
    birth_date: dt.date | Erased
    address: Address | Erased | None
    address_since: dt.date | Erased | None
    post_from: AwareDatetime | None
    rights_from: dt.date | Erased | None
    rights_to: dt.date | Erased | None
    rights: tuple[RightsPeriod, ...] | Erased
    exemptions: tuple[Exemption, ...] | Erased
    doctor: Doctor | Erased | None
    contact: Contact | Erased | None
    rank: int | Erased | None
    own_cover: bool | Erased
    died_on: dt.date | Erased | None


class Persons(Value):
    """Those whom the member may see."""

    persons: tuple[ProfileShown, ...]


class History(Value):
    """What changed, the newest first."""

    changes: tuple[Change, ...]


class NewAddress(Value):
    """Where the member lives now."""

    lines: Annotated[tuple[AddressLine, ...], Field(min_length=1, max_length=4)]
    postcode: Annotated[str, Field(max_length=10)]
    city: AddressLine
    country: AddressLine = "FRANCE"


def profile_router(service: Service, desk: Desk, confirmed: Sequence[object]) -> APIRouter:
    """The routes; `confirmed` are the dependencies that open a member's services."""
    routes = APIRouter(dependencies=list(confirmed))  # type: ignore[arg-type]

    @routes.get("/profile")
    async def own_profile(member_id: AMember, response: Response, x_written: HasWritten = None) -> ProfileShown:
        return as_shown(await shown(service, profile, member_id, x_written, response))

    @routes.get("/persons/{person_id}/profile")
    async def profile_of(person_id: uuid.UUID, member_id: AMember, response: Response) -> ProfileShown:
        seen = str(person_id)
        if seen == member_id:
            return as_shown(await shown(service, profile, seen, None, response))
        if not await sees(service, member_id, seen):
            raise Refused("not-found")
        return but_confidential(await shown(service, profile, seen, None, response))

    @routes.get("/dependants")
    async def dependants(member_id: AMember, response: Response) -> Persons:
        await tell_ages(response.headers, service.queries, [seen_persons, profile], None)
        pairs = await service.queries.find(seen_persons, viewer_id=member_id)
        found = [
            but_confidential(document)
            for one in pairs
            if await sees(service, member_id, one.person_id)
            and (document := await service.queries.get(profile, one.person_id)) is not None
        ]
        return Persons(persons=tuple(sorted(found, key=lambda one: str(one.birth_date))))

    @routes.get("/profile/history")
    async def history(member_id: AMember, response: Response, x_written: HasWritten = None) -> History:
        document = await shown(service, profile_history, member_id, x_written, response)
        return History(changes=document.changes)

    @routes.post("/address-changes", dependencies=[Depends(stepped_up_caller)])
    async def move(form: NewAddress, member_id: AMember, call: ACall) -> Accepted:
        now = desk.clock.now()
        command = c.ChangeAddress(
            at=now,
            person_id=PersonId(member_id),
            change_id=AddressChangeId(call.made("address")),
            address=Address(**{**form.model_dump(), "postcode": parse_postcode(form.postcode)}),
            post_from=now + desk.settings.address_hold,
        )
        answer = await service.handle(f"person:{member_id}", command, cmd=call.cmd, meta=call.meta(member_id))
        return Accepted(stream=answer.stream, version=answer.version)

    return routes


async def sees(service: Service, member_id: str, person_id: str) -> bool:
    """Whether a member may see this person today; asked of the log itself, which is never behind."""
    person, _ = await service.state(f"person:{person_id}")
    return member_id in person.viewers


def as_shown(document: Profile) -> ProfileShown:
    """All of it, the number masked."""
    nir = masked(document.nir) if isinstance(document.nir, str) else document.nir
    facts = document.model_dump(include=set(ProfileShown.model_fields))
    return ProfileShown(**facts, nir_masked=nir)


def but_confidential(document: Profile) -> ProfileShown:
    """Without what the register marks confidential; whoever reads it cannot tell that from what is not known."""
    marked = document.confidential if isinstance(document.confidential, tuple) else tuple(Part)
    changes: dict[str, object] = {}
    if Part.ADDRESS in marked:
        changes |= {"address": None, "address_since": None, "post_from": None}
    if Part.RIGHTS in marked:
        changes |= {"rights": (), "rights_from": None, "rights_to": None}
    if Part.EXEMPTIONS in marked:
        changes["exemptions"] = ()
    changes |= {part.value: None for part in (Part.CONTACT, Part.DOCTOR) if part in marked}
    return as_shown(document).model_copy(update=changes)
