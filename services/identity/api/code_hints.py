"""What is said of a code while it is typed. It is answered and forgotten; sending the form checks it again."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends

from services.identity.access.desk import Desk
from services.identity.access.personal_words import holds_own_words, is_known
from services.identity.api.doors import Secret
from services.identity.domain.ids import EnrolmentId
from shared.kernel import Value
from shared.security import Caller, gateway_caller


class TypedCode(Value):
    """A code, and the enrolment that it is chosen in, if that is where."""

    code: Secret
    enrolment_id: uuid.UUID | None = None


class Hints(Value):
    """Whether everybody tries it, and whether it is made of the person's own data.

    Nobody learns the second of somebody else: it is told to a member, and to who has proved who he is; else it is None.
    """

    known: bool
    personal: bool | None


def code_hints_router(desk: Desk) -> APIRouter:
    """The route; it changes nothing."""
    routes = APIRouter()

    @routes.post("/code-hints")
    async def hints(form: TypedCode, caller: Annotated[Caller, Depends(gateway_caller)]) -> Hints:
        code, person_id = form.code.get_secret_value(), caller.member_id
        if person_id is None and form.enrolment_id is not None:
            enrolment = await desk.stores.enrolments.get(EnrolmentId(str(form.enrolment_id)), desk.clock.now())
            person_id = enrolment.person_id if enrolment else None
        personal = None if person_id is None else await holds_own_words(desk, person_id, code)
        return Hints(known=is_known(code), personal=personal)

    return routes
