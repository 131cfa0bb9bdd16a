"""`ops parked …`: keys that wait behind a failed event; tried again with a preview and a cap, passed over by two."""

from typing import Annotated, Any

import typer

from services.console.acts import looking
from services.console.acts import operations as acts
from services.console.cli.operators import Service, desk_of, known, looker
from services.console.cli.shell import AsJson, Reason, Shell, Ticket, run, say, table
from services.console.clients import operations as ops

app = typer.Typer(no_args_is_help=True, help="Keys that wait behind a failed event. An event is never edited.")
Row = Annotated[str, typer.Argument(help="A parked key's id, as `list` prints it.")]
Consumer = Annotated[str, typer.Option(help="Whose keys, as `list` prints it.")]
Class = Annotated[str, typer.Option("--error", help="Which class of error.")]
Cap = Annotated[int, typer.Option(min=1, max=1000, help="How many keys at most, the oldest first.")]


@app.command(name="list")
def listed(service: Service, *, as_json: AsJson = False) -> None:
    """By class of error, and key by key."""

    async def work(shell: Shell) -> Any:
        by = await looker(shell)
        groups, rows = await looking.parked(shell.lines, by, known(shell, service))
        return {"groups": groups, "keys": rows}

    def show(found: dict[str, Any]) -> None:
        groups: tuple[ops.Group, ...] = found["groups"]
        table("By error", tuple(ops.Group.model_fields), [tuple(one.model_dump().values()) for one in groups])
        keys: tuple[ops.Parked, ...] = found["keys"]
        rows = [(one.id, one.stream, one.version, one.event_type, one.error, one.at, one.waiting) for one in keys]
        table("Key by key", ("id", "stream", "version", "event", "error", "since", "waiting"), rows)

    run(work, as_json=as_json, show=show)


@app.command()
def preview(service: Service, consumer: Consumer, error: Class, cap: Cap, *, as_json: AsJson = False) -> None:
    """How many keys `retry` would try; nothing is changed."""

    async def work(shell: Shell) -> Any:
        return await acts.preview(await desk_of(shell, service), consumer, error, cap)

    run(work, as_json=as_json, show=_show_counts)


@app.command()
def retry(
    service: Service,
    consumer: Consumer,
    error: Class,
    cap: Cap,
    reason: Reason,
    *,
    ticket: Ticket = "",
    as_json: AsJson = False,
) -> None:
    """Try the keys of one class of error again."""

    async def work(shell: Shell) -> Any:
        why = acts.Why(reason=reason, ticket=ticket)
        return await acts.retry(await desk_of(shell, service), consumer, error, cap, why)

    run(work, as_json=as_json, show=_show_counts)


@app.command(name="retry-key")
def retry_key(service: Service, row: Row, reason: Reason, *, ticket: Ticket = "", as_json: AsJson = False) -> None:
    """Try one key again."""

    async def work(shell: Shell) -> Any:
        await acts.retry_one(await desk_of(shell, service), row, acts.Why(reason=reason, ticket=ticket))

    run(work, as_json=as_json)


@app.command(name="ask-skip")
def ask_skip(service: Service, row: Row, reason: Reason, *, ticket: Ticket = "", as_json: AsJson = False) -> None:
    """Ask a second person to agree that an event is passed over; prints what `approvals agree` takes."""

    async def work(shell: Shell) -> Any:
        why = acts.Why(reason=reason, ticket=ticket)
        return {"approval_id": await acts.ask_to_skip(await desk_of(shell, service), row, why)}

    run(work, as_json=as_json, show=lambda found: say(found["approval_id"]))


@app.command()
def skip(
    approval_id: Annotated[str, typer.Argument(help="A request that another has agreed to.")],
    reason: Reason,
    *,
    ticket: Ticket = "",
    as_json: AsJson = False,
) -> None:
    """Pass over the event that a second person has agreed to; it stays in the log."""

    async def work(shell: Shell) -> Any:
        why = acts.Why(reason=reason, ticket=ticket)
        await acts.skip(shell.office, shell.lines, await shell.by(), approval_id, why)

    run(work, as_json=as_json)


def _show_counts(found: ops.Retried) -> None:
    say(f"{found.keys} keys; {found.chosen} chosen, {found.requested} will be tried again")
