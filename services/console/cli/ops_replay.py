"""`ops replay …`: count, replay beside or in place, compare field by field, flip, go back."""

from typing import Annotated, Any

import typer

from services.console.acts import looking
from services.console.acts import operations as acts
from services.console.cli.operators import ModelName, Service, desk_of, ended, known, looker, show_job, unsuccessful
from services.console.cli.shell import AsJson, Reason, Shell, Ticket, run, say, table
from services.console.clients import operations as ops
from services.console.domain.operations import Act
from services.console.read_models.operations import OperationDone

app = typer.Typer(no_args_is_help=True, help="Count, replay, compare, flip, go back. Each act is recorded first.")
JobId = Annotated[str, typer.Argument(help="What `start` has printed.")]
Person = Annotated[str, typer.Option(help="In place: this person or member alone (a pseudonym).")]
Since = Annotated[str, typer.Option(help="In place: everybody touched since a position or an ISO date.")]
Limit = Annotated[float, typer.Option(min=0, max=1_000_000, help="Events a second at most; 0: as fast as possible.")]
Wait = Annotated[bool, typer.Option("--wait", help="Until it has ended; code 1 where it did not succeed.")]


@app.command()
def plan(
    service: Service,
    reason: Reason,
    *,
    person: Person = "",
    since: Since = "",
    ticket: Ticket = "",
    as_json: AsJson = False,
) -> None:
    """A dry run: events by type, time, effects that would fire (0). Waits for the answer."""
    wanted = {"kind": Act.PLAN, "person": person, "since": since}
    _start(service, wanted, reason, ticket, wait=True, as_json=as_json)


@app.command()
def start(
    service: Service,
    reason: Reason,
    *,
    person: Person = "",
    since: Since = "",
    limit: Limit = 0,
    again: Annotated[bool, typer.Option("--again", help="Begin at the first event, not at the checkpoint.")] = False,
    wait: Wait = False,
    ticket: Ticket = "",
    as_json: AsJson = False,
) -> None:
    """Fill the read models of the release from the log, beside the live ones; with a scope, in place."""
    wanted = {"kind": Act.FILL, "person": person, "since": since, "limit": limit, "again": again}
    _start(service, wanted, reason, ticket, wait=wait, as_json=as_json)


@app.command()
def compare(
    service: Service, model: ModelName, reason: Reason, *, ticket: Ticket = "", as_json: AsJson = False
) -> None:
    """The release's read model against what readers see: counts, hashes, fields that differ. Waits for the answer."""
    _start(service, {"kind": Act.COMPARE, "projection": model}, reason, ticket, wait=True, as_json=as_json)


def _start(service: str, wanted: dict[str, Any], reason: str, ticket: str, *, wait: bool, as_json: bool) -> None:
    async def work(shell: Shell) -> Any:
        why = acts.Why(reason=reason, ticket=ticket)
        job_id = await acts.start(await desk_of(shell, service), acts.JobWanted.model_validate(wanted), why)
        if wait:
            return await ended(shell, service, job_id)
        return await looking.job(shell.lines, await looker(shell), service, job_id)

    run(work, as_json=as_json, show=show_job, failed=unsuccessful)


@app.command()
def job(service: Service, job_id: JobId, *, wait: Wait = False, as_json: AsJson = False) -> None:
    """How far a job is, and what came of it."""

    async def work(shell: Shell) -> Any:
        by = await looker(shell)
        found = await looking.job(shell.lines, by, known(shell, service), job_id)
        return await ended(shell, service, job_id) if wait else found

    run(work, as_json=as_json, show=show_job, failed=unsuccessful)


@app.command()
def jobs(service: Service, *, as_json: AsJson = False) -> None:
    """The last jobs, the newest first."""

    async def work(shell: Shell) -> Any:
        by = await looker(shell)
        return await looking.jobs(shell.lines, by, known(shell, service))

    def show(found: tuple[ops.Job, ...]) -> None:
        rows = [
            (one.id, one.ask["kind"], one.ask.get("projection"), one.state, one.asked_at, one.progress.get("position"))
            for one in found
        ]
        table(service, ("id", "kind", "read model", "state", "asked", "position"), rows)

    run(work, as_json=as_json, show=show)


@app.command()
def pause(service: Service, job_id: JobId, reason: Reason, *, ticket: Ticket = "", as_json: AsJson = False) -> None:
    """Let a replay stand still; what it has filled stays."""
    _wish(service, job_id, Act.PAUSE, reason, ticket, as_json=as_json)


@app.command()
def resume(service: Service, job_id: JobId, reason: Reason, *, ticket: Ticket = "", as_json: AsJson = False) -> None:
    """Let it go on."""
    _wish(service, job_id, Act.CONTINUE, reason, ticket, as_json=as_json)


@app.command()
def cancel(service: Service, job_id: JobId, reason: Reason, *, ticket: Ticket = "", as_json: AsJson = False) -> None:
    """Give it up; readers never saw it."""
    _wish(service, job_id, Act.CANCEL, reason, ticket, as_json=as_json)


def _wish(service: str, job_id: str, act: Act, reason: str, ticket: str, *, as_json: bool) -> None:
    async def work(shell: Shell) -> Any:
        await acts.wish(await desk_of(shell, service), job_id, act, acts.Why(reason=reason, ticket=ticket))

    run(work, as_json=as_json)


@app.command()
def throttle(
    service: Service, job_id: JobId, limit: Limit, reason: Reason, *, ticket: Ticket = "", as_json: AsJson = False
) -> None:
    """Let a replay under way go faster or slower."""

    async def work(shell: Shell) -> Any:
        why = acts.Why(reason=reason, ticket=ticket)
        await acts.throttle(await desk_of(shell, service), job_id, limit, why)

    run(work, as_json=as_json)


@app.command()
def flip(service: Service, model: ModelName, reason: Reason, *, ticket: Ticket = "", as_json: AsJson = False) -> None:
    """Let readers see the version that the release fills."""
    _move(acts.flip, "flipped", service, model, reason, ticket, as_json=as_json)


@app.command()
def rollback(
    service: Service, model: ModelName, reason: Reason, *, ticket: Ticket = "", as_json: AsJson = False
) -> None:
    """Let readers see what they saw before the last flip."""
    _move(acts.roll_back, "rolled_back", service, model, reason, ticket, as_json=as_json)


def _move(do: Any, word: str, service: str, model: str, reason: str, ticket: str, *, as_json: bool) -> None:
    async def work(shell: Shell) -> Any:
        return {word: await do(await desk_of(shell, service), model, acts.Why(reason=reason, ticket=ticket))}

    run(work, as_json=as_json, show=lambda found: say(word if found[word] else "unchanged"))


@app.command()
def done(service: Service, *, as_json: AsJson = False) -> None:
    """What was ordered of a service, by whom, why; the newest first."""

    async def work(shell: Shell) -> Any:
        await looker(shell)
        return await looking.done(shell.office, known(shell, service))

    def show(found: list[OperationDone]) -> None:
        rows = [(one.at, one.act, one.target, one.facts, one.ordered_by, one.reason, one.ticket) for one in found]
        table(service, ("when", "act", "what", "how", "by", "reason", "ticket"), rows)

    run(work, as_json=as_json, show=show)
