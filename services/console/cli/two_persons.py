"""`approvals …`: what takes two persons."""

from typing import Annotated, Any

import typer

from services.console.acts import holds, two_persons
from services.console.cli.shell import AsJson, Reason, Shell, run, table
from services.console.read_models.open_approvals import OpenApproval

app = typer.Typer(no_args_is_help=True, help="What takes two persons.")
Id = Annotated[str, typer.Argument(help="The request's id.")]


@app.command(name="list")
def listed(*, as_json: AsJson = False) -> None:
    """What is open."""

    async def work(shell: Shell) -> Any:
        await shell.by()
        return await two_persons.waiting(shell.office)

    def show(found: list[OpenApproval]) -> None:
        rows = [(one.approval_id, one.action, one.asked_by, one.asked_at, one.given_by) for one in found]
        table("Waiting for a second person", ("id", "action", "asked by", "since", "agreed by"), rows)

    run(work, as_json=as_json, show=show)


@app.command()
def agree(approval_id: Id, reason: Reason, *, as_json: AsJson = False) -> None:
    """Agree to what another has asked for."""
    _decide(approval_id, reason, agreed=True, as_json=as_json)


@app.command()
def refuse(approval_id: Id, reason: Reason, *, as_json: AsJson = False) -> None:
    """Do not agree; or take back what one has asked for oneself."""
    _decide(approval_id, reason, agreed=False, as_json=as_json)


@app.command()
def finish(approval_id: Id, *, as_json: AsJson = False) -> None:
    """Carry out what one has agreed to, where the service did not answer then."""

    async def work(shell: Shell) -> Any:
        await holds.finish(shell.office, shell.lines, await shell.by(), approval_id)

    run(work, as_json=as_json)


def _decide(approval_id: str, reason: str, *, agreed: bool, as_json: bool) -> None:
    async def work(shell: Shell) -> Any:
        await holds.decide(shell.office, shell.lines, await shell.by(), approval_id, reason, agreed=agreed)

    run(work, as_json=as_json)
