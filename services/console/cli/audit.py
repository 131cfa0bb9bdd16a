"""`audit …`: what auditors look into, from a shell; legal holds by two supervisors."""

import datetime as dt
import sys
from typing import Annotated

import typer

from services.console.acts import finding
from services.console.acts.finding import household
from services.console.acts.reading import Household, Why
from services.console.cli.shell import Shell
from services.console.domain.words import Purpose

app = typer.Typer(no_args_is_help=True, help="For auditors: proofs, who saw what, what is kept and destroyed.")
Person = Annotated[
    str,
    typer.Option(
        "--person", help="The pseudonym. Without it number and birth date come from standard input, a line each."
    ),
]


def audit_why(reason: str, ticket: str) -> Why:
    """Of every look of an auditor."""
    return Why(purpose=Purpose.AUDIT, reason=reason, ticket=ticket)


def typed_person() -> tuple[str, dt.date]:
    """Number and birth date (2026-01-31): never as arguments, which other users of the machine could read."""
    return sys.stdin.readline().strip(), dt.date.fromisoformat(sys.stdin.readline().strip())


async def found_person(shell: Shell, person: str) -> tuple[str, Household]:
    """The pseudonym, and who is close to him."""
    if person:
        return person, household(shell.lines)
    nir, born = typed_person()
    return await finding.by_number(shell.lines, await shell.by(), nir, born)
