"""`audit checkpoints | export | verify | reads`: how far logs are signed, what is taken away of them, who saw what."""

from pathlib import Path
from typing import Annotated, Any

import typer

from services.console.acts import proofs, records
from services.console.acts.records import Wanted
from services.console.cli.audit import Person, app, audit_why, found_person
from services.console.cli.shell import AsJson, Reason, Shell, Ticket, run, say, table
from services.console.domain.words import Part, Role
from shared.proofs import verify as verifier

UNREADABLE = 2


@app.command()
def checkpoints(*, as_json: AsJson = False) -> None:
    """The last checkpoint of each log, whether it fits the one before and the witness, and what is younger."""

    async def done(shell: Shell) -> Any:
        return await proofs.standings(shell.office, shell.lines, await shell.by())

    def show(found: list[proofs.ServiceStanding]) -> None:
        rows = [
            (one.service, s.last and s.last.size, s.last and s.last.at, s.witnessed and s.witnessed.size, s.younger,
             ", ".join(s.alarms) or "fits", s.fingerprint)
            if (s := one.standing) else (one.service, *[None] * 4, "does not answer", None)
            for one in found
        ]  # fmt: skip
        columns = ("service", "commits", "signed", "witness", "younger", "together", "fingerprint")
        table("Checkpoints", columns, rows)

    run(done, as_json=as_json, show=show)


@app.command()
def export(
    reason: Reason,
    to: Annotated[Path, typer.Option(help="A folder; one file for each service.")],
    person: Person = "",
    service: Annotated[list[str] | None, typer.Option(help="Of these services; all, where none is named.")] = None,
    *,
    ticket: Ticket = "",
    as_json: AsJson = False,
) -> None:
    """Take away what the logs hold of a person: ciphertexts and proofs. The look is recorded first."""

    async def done(shell: Shell) -> Any:
        by, why = await shell.by(), audit_why(reason, ticket)
        person_id, close = await found_person(shell, person)
        to.mkdir(parents=True, exist_ok=True)
        made = []
        for name in service or list(shell.lines.auditing):
            path = to / f"{name}.zip"
            part = path.with_suffix(".part")
            try:
                with part.open("wb") as file:
                    await proofs.export(
                        shell.office, shell.lines, by.part(name), person_id, name, why, close, file.write
                    )
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
            made.append(str(path))
        return made

    run(done, as_json=as_json, show=lambda found: say("\n".join(found)))


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="An export.")],
    key: Annotated[str, typer.Option(help="The fingerprint, which must have come another way.")],
    witness: Annotated[Path | None, typer.Option(help="Checkpoints that were kept elsewhere.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """The same as `verify.py`: 0 nothing found, 1 something found, 2 it is no export. Asks nobody."""
    try:
        done = verifier.verify(file, key, witness)
    except verifier.Unreadable as error:
        typer.echo(f"this is no export that can be read: {error}", err=True)
        raise typer.Exit(UNREADABLE) from None
    verifier.report(done, as_json=as_json)
    raise typer.Exit(1 if done.found else 0)


@app.command()
def reads(
    reason: Reason,
    month: Annotated[str, typer.Option(help="2026-11. A month, a person, or both.")] = "",
    person: Annotated[str, typer.Option(help="The pseudonym; `-`: number and birth date from standard input.")] = "",
    role: Annotated[Role | None, typer.Option(help="Of whoever looked.")] = None,
    part: Annotated[Part | None, typer.Option(help="Of the file.")] = None,
    *,
    ticket: Ticket = "",
    as_json: AsJson = False,
) -> None:
    """Who has looked at whose file, and why; all of it, the newest first. The look is recorded first."""

    async def done(shell: Shell) -> Any:
        by = await shell.by()
        person_id, close = await found_person(shell, "" if person == "-" else person) if person else ("", _nobody)
        wanted = Wanted(month=month, person_id=person_id, role=role, part=part)
        await records.record(shell.office, by, wanted, audit_why(reason, ticket), close, exported=True)
        return [one async for one in records.everything(shell.office, wanted)]

    def show(found: list[Any]) -> None:
        rows = [(one.at, one.reader, one.role, one.purpose, one.part, one.reason, one.person_id) for one in found]
        table("Looks", ("at", "by", "role", "purpose", "part", "reason", "person"), rows)

    run(done, as_json=as_json, show=show)


async def _nobody(*_: object) -> frozenset[str]:
    return frozenset()
