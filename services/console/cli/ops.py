"""`ops …`: how every service goes, why a document says what it says, what the log holds; from a shell."""

from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from services.console.acts import looking
from services.console.acts import operations as acts
from services.console.cli import ops_explain, ops_parked, ops_replay
from services.console.cli.operators import Service, desk_of, ended, known, looker, show_job, unsuccessful
from services.console.cli.shell import AsJson, Reason, Shell, Ticket, run, say, table
from services.console.clients import operations as ops
from services.console.domain.operations import Act

app = typer.Typer(no_args_is_help=True, help="How the services go: the map, replays, parked keys, explanations.")
app.add_typer(ops_replay.app, name="replay")
app.add_typer(ops_parked.app, name="parked")
app.command()(ops_explain.explain)
app.command()(ops_explain.unmask)

MODEL_COLUMNS: Final = (
    "read model", "page", "state", "position", "head", "lag", "seconds", "trend", "rate", "left", "version", "parked",
    "differs",
)  # fmt: skip


class Find(StrEnum):
    """How events are looked for."""

    STREAM = "stream"
    PERSON = "person"
    CORRELATION = "correlation"
    AFTER = "after"


@app.command(name="map")
def overview(
    service: Annotated[str, typer.Option(help="One service alone.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Every read model: state, position, lag, trend, rate, time left; code 1 where a service does not answer."""

    async def work(shell: Shell) -> Any:
        by = await looker(shell)
        if not service:
            return await looking.everything(shell.lines, by)
        return [await looking.one(shell.lines, by, known(shell, service))]

    run(work, as_json=as_json, show=_show_map, failed=lambda found: any(one.relay is None for one in found))


def _show_map(found: list[looking.ServiceView]) -> None:
    for one in found:
        if one.relay is None:
            say(f"{one.name}: does not answer")
            continue
        relay = "stalled" if one.relay.stalled else f"{one.relay.lag} behind" if one.relay.lag else "current"
        table(f"{one.name}: head {one.relay.head}, relay {relay}", MODEL_COLUMNS, [_model(each) for each in one.models])
        for said in one.old_screens:
            say(f"  ! {said}")


def _model(one: ops.ModelState) -> tuple[Any, ...]:
    version = f"{one.version} (readers: {one.live.rpartition('__v')[2]})" if one.shadow else one.version
    parked = f"{one.parked_keys} {one.last_error}" if one.parked_keys else 0
    numbers = (_rounded(one.lag_seconds), one.trend, _rounded(one.rate), _rounded(one.seconds_left))
    return (
        one.name,
        one.screen,
        one.pulse,
        one.position,
        one.head,
        one.lag_events,
        *numbers,
        version,
        parked,
        _differs(one.check),
    )


def _differs(check: ops.Check | None) -> str:
    if check is None:
        return "never checked"
    return f"{check.different} of {check.checked} {' '.join(check.fields)}".strip()


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 1)


@app.command()
def routes(service: Service, *, as_json: AsJson = False) -> None:
    """Which event of a service leads to which read models, pages, processes and reactions of others."""

    async def work(shell: Shell) -> Any:
        by = await looker(shell)
        known(shell, service)
        views = await looking.everything(shell.lines, by)
        return looking.routes(views, service)

    def show(found: list[looking.Route]) -> None:
        rows = [
            (one.type, *(", ".join(part) for part in (one.projections, one.screens, one.followed_by))) for one in found
        ]
        table(service, ("event", "read models", "pages", "followed by"), rows)

    run(work, as_json=as_json, show=show)


@app.command()
def events(
    service: Service,
    find: Annotated[Find, typer.Argument(help="What the name is; `after`: a position.")],
    name: Annotated[str, typer.Argument(help="A stream, a pseudonym, a correlation or a position.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Events of a service's log, the oldest first, never a value."""
    if find is Find.AFTER and not name.isdecimal():
        raise typer.BadParameter("a position is a number")

    async def work(shell: Shell) -> Any:
        by = await looker(shell)
        return await looking.facts(shell.lines, by, known(shell, service), find.value, name)

    def show(found: tuple[ops.Fact, ...]) -> None:
        rows = [
            (one.position, one.type, one.stream, one.version, one.recorded_at, one.actor_kind, one.hash[:12])
            for one in found
        ]
        table(service, ("position", "event", "stream", "version", "recorded", "by", "hash"), rows)

    run(work, as_json=as_json, show=show)


@app.command()
def reconcile(service: Service, reason: Reason, *, ticket: Ticket = "", as_json: AsJson = False) -> None:
    """Compare log, topic and read models; waits for the answer, code 1 where they differ."""

    async def work(shell: Shell) -> Any:
        desk = await desk_of(shell, service)
        wanted = acts.JobWanted(kind=Act.RECONCILE)
        job_id = await acts.start(desk, wanted, acts.Why(reason=reason, ticket=ticket))
        return await ended(shell, service, job_id)

    run(work, as_json=as_json, show=show_job, failed=unsuccessful)


@app.command()
def graphs(*, as_json: AsJson = False) -> None:
    """What every service has measured in the last hour; a table shows the last minute."""

    async def work(shell: Shell) -> Any:
        return await looking.samples(shell.lines, await looker(shell))

    def show(found: dict[str, tuple[ops.Sample, ...]]) -> None:
        rows = [(name, *one.model_dump().values()) for name, several in found.items() for one in several[-1:]]
        table("Now", ("service", *ops.Sample.model_fields), rows)

    run(work, as_json=as_json, show=show)
