"""Who may ask what under /internal/ops and /internal/audit: operations act, auditors look, agents do neither."""

from collections.abc import Collection
from typing import Annotated

from fastapi import Depends

from shared.problems import Refused
from shared.security import Caller, console_caller


async def operations_caller(known: Annotated[Caller, Depends(console_caller)]) -> Caller:
    """Who runs the services, or supervises that.

    Raises:
        Refused: `issuer-refused`.
    """
    return _of_kind({"operations", "supervisor"}, known)


async def looking_caller(known: Annotated[Caller, Depends(console_caller)]) -> Caller:
    """Who may see how the services go.

    Raises:
        Refused: `issuer-refused`.
    """
    return _of_kind({"operations", "supervisor", "auditor"}, known)


async def auditing_caller(known: Annotated[Caller, Depends(console_caller)]) -> Caller:
    """An auditor, within his mandate: the console gives him no token after it.

    Raises:
        Refused: `issuer-refused`.
    """
    return _of_kind({"auditor"}, known)


async def controlling_caller(known: Annotated[Caller, Depends(console_caller)]) -> Caller:
    """An auditor, or who answers to him.

    Raises:
        Refused: `issuer-refused`.
    """
    return _of_kind({"auditor", "supervisor"}, known)


def _of_kind(kinds: Collection[str], known: Caller) -> Caller:
    if known.actor_kind not in kinds:
        raise Refused("issuer-refused")
    return known
