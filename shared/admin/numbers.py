"""/internal/desk: whose a request, a message or a claim is, by the number that its member reads; asked of an index."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import StringConstraints

from shared.admin.callers import finding_caller
from shared.kernel import Value
from shared.numbers import FindNumber
from shared.problems import Refused


class Sought(Value):
    """What somebody has read on a card, a screen or a paper."""

    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=60)]


class Whose(Value):
    """One person."""

    person_id: str


def numbers_router(find: FindNumber) -> APIRouter:
    """The route, for the desk and for auditors. A number of several persons is nobody's."""
    routes = APIRouter(prefix="/internal/desk", dependencies=[Depends(finding_caller)])

    @routes.post("/number-look-ups")
    async def look_up(form: Sought) -> Whose:
        persons = set(await find(form.number))
        if len(persons) != 1:
            raise Refused("not-found")
        return Whose(person_id=persons.pop())

    return routes
