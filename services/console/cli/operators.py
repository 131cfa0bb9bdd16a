"""What commands of operations share: who may look, which services there are, how a job is followed and shown."""

import asyncio
from typing import Annotated, Final

import typer

from services.console.acts import looking
from services.console.acts import operations as acts
from services.console.acts.office import By
from services.console.cli.shell import Shell, say, table
from services.console.clients import operations as ops
from services.console.domain.words import Role
from shared.kernel import Rejected

Service = Annotated[str, typer.Argument(help="The service.")]
ModelName = Annotated[str, typer.Argument(help="A read model, as the map names it.")]
OPEN: Final = ("waiting", "running")
POLL: Final = 0.5


async def looker(shell: Shell) -> By:
    """Whoever may see how the services go.

    Raises:
        Refused: `sign-in-needed`, `role-refused`.
    """
    by = await shell.by()
    by.needs(Role.OPERATIONS, Role.SUPERVISOR, Role.AUDITOR)
    return by


def known(shell: Shell, service: str) -> str:
    """A service that there is.

    Raises:
        Rejected: `service-unknown`.
    """
    if service not in shell.lines.channels:
        raise Rejected("service-unknown")
    return service


async def desk_of(shell: Shell, service: str) -> acts.Desk:
    """An operator at a service."""
    return acts.Desk(shell.office, shell.lines, await shell.by(), known(shell, service))


async def ended(shell: Shell, service: str, job_id: str) -> ops.Job:
    """A job once it has ended."""
    while True:
        found = await looking.job(shell.lines, await looker(shell), service, job_id)
        if found.state not in OPEN:
            return found
        await asyncio.sleep(POLL)


def unsuccessful(found: ops.Job) -> bool:
    """Whether a job has failed or was given up, or a reconciliation found that something differs."""
    if found.state in OPEN:
        return False
    result = found.result or {}
    topic, models = result.get("topic") or {}, result.get("models") or ()
    differs = topic.get("first_difference") is not None or any(one["different"] for one in models)
    return found.state != "done" or differs or bool(topic.get("unreadable"))


def show_job(found: ops.Job) -> None:
    """What was asked, how far it is, what came of it."""
    state = found.progress.get("state", found.state) if found.state == "running" else found.state
    said = (found.ask["kind"], found.ask.get("projection"), found.id, state, found.error)
    say(" ".join(one for one in said if one))
    if found.progress:
        table("Progress", ("", ""), sorted(found.progress.items()))
    for name, value in (found.result or {}).items():
        say(f"{name}: {value}")
