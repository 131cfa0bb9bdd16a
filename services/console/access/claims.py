"""A login belongs to one account; the first account of all is made once."""

from collections.abc import Callable
from typing import Final

from services.console.domain import staff_events as e
from services.console.domain.staff import StaffAccount
from shared.command_handler import Claims
from shared.kernel import Erased
from shared.personal_data import BlindIndex

FIRST: Final = "first:account"


def staff_claims(logins: BlindIndex) -> Callable[[StaffAccount, list[e.StaffEvent]], Claims]:
    """The names that an invitation takes."""

    def claims(_: StaffAccount, events: list[e.StaffEvent]) -> Claims:
        taken = []
        for event in events:
            if isinstance(event, e.StaffInvited) and not isinstance(event.login, Erased):
                taken.append(logins.of(event.login))
                if event.by is None and not event.recovery:
                    taken.append(FIRST)
        return Claims(take=taken)

    return claims
