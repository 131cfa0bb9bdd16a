"""`audit sample …`: draw, note, close, take away; draw again to see that it comes to the same (4: it does not)."""

import hashlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import AwareDatetime, TypeAdapter

from services.console.acts import sampling
from services.console.cli.audit_dossier import STRAYS
from services.console.cli.shell import AsJson, Reason, Shell, Ticket, run, table
from services.console.domain.samples import PaperForm, Verdict
from services.console.pages.audit_papers import paper
from shared.lifecycles import Wanted
from shared.lifecycles.draws import listing

app = typer.Typer(no_args_is_help=True, help="Random samples of lifecycles, and what is found in each.")
SampleId = Annotated[str, typer.Argument(help="The sample.")]
Instant = Annotated[str, typer.Option(help="ISO date and time with its zone.")]
Target = Annotated[Path, typer.Argument(help="Where to; `-`: standard output.")]
_time: TypeAdapter[AwareDatetime] = TypeAdapter(AwareDatetime)


@app.command()
def draw(
    service: Annotated[str, typer.Argument(help="cards or notifications.")],
    lifecycle: Annotated[str, typer.Argument(help="Such as `vitale order`.")],
    size: Annotated[int, typer.Argument(help="How many, 100 at most.")],
    reason: Reason,
    *,
    state: Annotated[str, typer.Option(help="Those in this state.")] = "",
    code: Annotated[str, typer.Option(help="Those of which an event says this word: lost, stolen …")] = "",
    since: Instant = "",
    until: Instant = "",
    seed: Annotated[str, typer.Option(help="One is made where none is given.")] = "",
    ticket: Ticket = "",
    as_json: AsJson = False,
) -> None:
    """Draw a sample and keep it."""
    wanted = Wanted(
        lifecycle=lifecycle,
        state=state,
        code=code,
        since=_time.validate_python(since) if since else None,
        until=_time.validate_python(until) if until else None,
    )
    form = sampling.ToDraw(service=service, wanted=wanted, size=size, seed=seed)

    async def done(shell: Shell) -> Any:
        return {"sample_id": await sampling.draw(shell.office, shell.lines, await shell.by(), form, reason, ticket)}

    run(done, as_json=as_json, show=lambda found: table("Drawn", ("", ""), list(found.items())))


@app.command(name="list")
def listed(*, as_json: AsJson = False) -> None:
    """The last samples, the newest first."""

    async def done(shell: Shell) -> Any:
        return await sampling.listed(shell.office, await shell.by())

    def show(found: Any) -> None:
        rows = [(one.sample_id, one.draw.wanted.lifecycle, len(one.items), one.at, one.closed_at) for one in found]
        table("Samples", ("id", "lifecycle", "items", "drawn", "closed"), rows)

    run(done, as_json=as_json, show=show)


@app.command()
def show(sample_id: SampleId, *, as_json: AsJson = False) -> None:
    """One of them, with what was found."""

    async def done(shell: Shell) -> Any:
        return await sampling.shown(shell.office, await shell.by(), sample_id)

    def rows(found: Any) -> None:
        noted = [
            (one.id, one.state, getattr(found.findings.get(one.id), "verdict", None)) for one in found.sample.items
        ]
        table(f"Sample {sample_id}", ("item", "state", "verdict"), noted)

    run(done, as_json=as_json, show=rows)


@app.command()
def note(
    sample_id: SampleId,
    item: Annotated[str, typer.Argument(help="The item's id.")],
    verdict: Annotated[Verdict, typer.Argument(help="What it is.")],
    *,
    text: Annotated[str, typer.Option("--note", help="In what; needed where it does not conform.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say what one of them is; the last word holds."""

    async def done(shell: Shell) -> Any:
        await sampling.note(shell.office, await shell.by(), sample_id, item, verdict, text)

    run(done, as_json=as_json)


@app.command()
def close(
    sample_id: SampleId,
    conclusion: Annotated[str, typer.Argument(help="What comes of it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Nothing more is to be said; every item has a finding."""

    async def done(shell: Shell) -> Any:
        await sampling.close(shell.office, await shell.by(), sample_id, conclusion)

    run(done, as_json=as_json)


@app.command()
def again(sample_id: SampleId, *, as_json: AsJson = False) -> None:
    """Draw the same again, from the log as it was then."""
    same: list[bool] = []

    async def done(shell: Shell) -> Any:
        by = await shell.by()
        same.append(await sampling.again(shell.lines, by, (await sampling.shown(shell.office, by, sample_id)).sample))
        return {"same": same[0]}

    run(done, as_json=as_json, show=lambda found: table("Drawn again", ("", ""), list(found.items())))
    if not all(same):
        raise typer.Exit(STRAYS)


@app.command()
def population(sample_id: SampleId, target: Target, *, as_json: AsJson = False) -> None:
    """The ids that a sample was drawn from, one a line: its SHA-256 stands in the draw."""

    async def done(shell: Shell) -> Any:
        by = await shell.by()
        ids = await sampling.population(shell.lines, by, (await sampling.shown(shell.office, by, sample_id)).sample)
        return _written(target, listing(ids))

    run(done, as_json=as_json, show=_told(target))


@app.command()
def export(
    sample_id: SampleId,
    form: Annotated[PaperForm, typer.Argument(help="The kind of file.")],
    target: Target,
    *,
    as_json: AsJson = False,
) -> None:
    """The working paper; that it goes out is recorded first."""

    async def done(shell: Shell) -> Any:
        by = await shell.by()
        content = paper(await sampling.shown(shell.office, by, sample_id), form, shell.office.clock.now())
        await sampling.exported(shell.office, by, sample_id, form, hashlib.sha256(content).hexdigest())
        return _written(target, content)

    run(done, as_json=as_json, show=_told(target))


def _written(target: Path, content: bytes) -> dict[str, Any]:
    if str(target) == "-":
        sys.stdout.buffer.write(content)
    else:
        target.write_bytes(content)
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _told(target: Path) -> Any:
    """Nothing beside a file that goes to standard output."""
    return lambda found: None if str(target) == "-" else table("Written", ("", ""), list(found.items()))
