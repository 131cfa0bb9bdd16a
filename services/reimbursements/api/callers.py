"""Who asks, and whose lines he sees: his own, those of persons whom he may see, never their confidential ones."""

from typing import Annotated

from fastapi import Depends

from services.reimbursements.domain.ids import PersonId
from shared.problems import Refused
from shared.security import Caller, gateway_caller


async def own(person_id: str, caller: Annotated[Caller, Depends(gateway_caller)]) -> PersonId:
    """A member, and about his own account; another's does not exist for him."""
    if caller.member != person_id:
        raise Refused("not-found")
    return PersonId(person_id)


Reader = Annotated[PersonId, Depends(own)]
