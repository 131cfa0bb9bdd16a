"""Who asks, and whose lines he sees: his own, those of persons whom he may see, never their confidential ones."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import Depends

from services.reimbursements.domain.ids import PersonId
from shared.problems import Refused
from shared.security import Caller, gateway_caller
from shared.service import Service

PARIS: Final = ZoneInfo("Europe/Paris")
HISTORY_MONTHS: Final = 27
"""What a member sees of the past: the limitation period (L160-11)."""


async def own(person_id: str, caller: Annotated[Caller, Depends(gateway_caller)]) -> PersonId:
    """A member, and about his own account; another's does not exist for him."""
    if caller.member != person_id:
        raise Refused("not-found")
    return PersonId(person_id)


Reader = Annotated[PersonId, Depends(own)]


def today(service: Service) -> dt.date:
    """The day in France."""
    return service.clock.now().astimezone(PARIS).date()


def window(day: dt.date) -> Sequence[str]:
    """The months of payment that a member sees, the newest first."""
    newest = day.year * 12 + day.month - 1
    return [f"{one // 12:04}-{one % 12 + 1:02}" for one in range(newest, newest - HISTORY_MONTHS, -1)]
