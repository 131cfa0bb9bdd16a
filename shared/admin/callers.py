"""Who may ask what under /internal: operations act on services, auditors look, supervisors hold, agents do neither."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from fastapi import Depends

from shared.problems import Refused
from shared.security import Caller, console_caller


def _of_kind(*kinds: str) -> Callable[[Caller], Awaitable[Caller]]:
    """The dependency of a route; it raises Refused, `issuer-refused`, for anybody else."""

    async def checked(known: Annotated[Caller, Depends(console_caller)]) -> Caller:
        if known.actor_kind not in kinds:
            raise Refused("issuer-refused")
        return known

    return checked


operations_caller: Final = _of_kind("operations", "supervisor")
"""Who runs the services, or supervises that."""
looking_caller: Final = _of_kind("operations", "supervisor", "auditor")
"""Who may see how the services go."""
auditing_caller: Final = _of_kind("auditor")
"""An auditor, within his mandate: the console gives him no token after it."""
controlling_caller: Final = _of_kind("auditor", "supervisor")
"""An auditor, or who answers to him."""
supervising_caller: Final = _of_kind("supervisor")
"""Who supervises."""
finding_caller: Final = _of_kind("agent", "supervisor", "auditor")
"""Who may find a person by number and birth date: the desk, and auditors."""
