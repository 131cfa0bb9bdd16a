"""Who may ask what under /internal: operations act on services, auditors look, supervisors hold, agents do neither."""

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


async def supervising_caller(known: Annotated[Caller, Depends(console_caller)]) -> Caller:
    """Who supervises.

    Raises:
        Refused: `issuer-refused`.
    """
    return _of_kind({"supervisor"}, known)


async def finding_caller(known: Annotated[Caller, Depends(console_caller)]) -> Caller:
    """Who may find a person by number and birth date: the desk, and auditors.

    Raises:
        Refused: `issuer-refused`.
    """
    return _of_kind({"agent", "supervisor", "auditor"}, known)


def _of_kind(kinds: Collection[str], known: Caller) -> Caller:
    if known.actor_kind not in kinds:
        raise Refused("issuer-refused")
    return known
