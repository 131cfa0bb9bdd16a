"""`audit retention | holds | certificates`: what is kept and destroyed, and what a court has held."""

from pathlib import Path
from typing import Annotated, Any

import typer

from services.console.acts import holds, keeping
from services.console.acts.operations import Why
from services.console.cli.audit import app, typed_person
from services.console.cli.shell import AsJson, Reason, Shell, Ticket, run, say, table

holds_app = typer.Typer(no_args_is_help=True, help="Legal holds: two supervisors place one, two lift it.")
certificates_app = typer.Typer(no_args_is_help=True, help="Certificates of erasure.")
app.add_typer(holds_app, name="holds")
app.add_typer(certificates_app, name="certificates")
PersonId = Annotated[str, typer.Argument(help="The pseudonym.")]


@app.command()
def retention(*, as_json: AsJson = False) -> None:
    """Each class: how long, by which text, where, what is due next, what was destroyed."""

    async def done(shell: Shell) -> Any:
        return await keeping.table(shell.office, shell.lines, await shell.by())

    def show(found: keeping.Keeping) -> None:
        rows = [
            (one.retention, r and r.years, r and r.start, r and r.source, " ".join(p.service for p in one.places),
             r and r.waiting, r and r.next_due, r and r.done)
            for one in found.classes for r in (one.rule,)
        ]  # fmt: skip
        table("Retention", ("class", "years", "from", "source", "services", "waiting", "next", "done"), rows)
        say(f"who saw what: {found.months} months; {found.next_month} goes on {found.next_month_on}")

    run(done, as_json=as_json, show=show)


@holds_app.command(name="list")
def listed(*, as_json: AsJson = False) -> None:
    """Those that stand; those that nobody has agreed to: `asked`."""

    async def done(shell: Shell) -> Any:
        return list((await keeping.table(shell.office, shell.lines, await shell.by())).held)

    def show(found: list[Any]) -> None:
        rows = [
            (one.person_id, hold.hold_id, hold.case, hold.status, hold.since) for one in found for hold in one.holds
        ]
        table("Legal holds", ("person", "hold", "case", "status", "since"), rows)

    run(done, as_json=as_json, show=show)


@holds_app.command()
def ask(
    case: Annotated[str, typer.Option(help="The number of the court's file.")],
    reason: Reason,
    *,
    ticket: Ticket = "",
    as_json: AsJson = False,
) -> None:
    """Ask that nothing of a person be destroyed; number and birth date come from standard input, a line each."""
    nir, born = typed_person()

    async def done(shell: Shell) -> Any:
        why = Why(reason=reason, ticket=ticket)
        asked = await holds.ask(shell.office, shell.lines, await shell.by(), nir, born, case, why)
        return {"approval_id": asked}

    run(done, as_json=as_json, show=lambda found: say(f"another supervisor must agree: {found['approval_id']}"))


@holds_app.command()
def lift(
    person_id: PersonId,
    hold_id: Annotated[str, typer.Argument(help="The hold.")],
    reason: Reason,
    *,
    ticket: Ticket = "",
    as_json: AsJson = False,
) -> None:
    """Ask that a hold end."""

    async def done(shell: Shell) -> Any:
        why = Why(reason=reason, ticket=ticket)
        asked = await holds.ask_lift(shell.office, shell.lines, await shell.by(), person_id, hold_id, why)
        return {"approval_id": asked}

    run(done, as_json=as_json, show=lambda found: say(f"another supervisor must agree: {found['approval_id']}"))


@holds_app.command()
def asked(*, as_json: AsJson = False) -> None:
    """Those that were asked for and that nobody has agreed to, also where the time to do so is over."""

    async def done(shell: Shell) -> Any:
        return list((await keeping.table(shell.office, shell.lines, await shell.by())).asked)

    def show(found: list[Any]) -> None:
        rows = [(one.person_id, one.facts["hold_id"], one.facts["case"], one.asked_at) for one in found]
        table("Asked for", ("person", "hold", "case", "since"), rows)

    run(done, as_json=as_json, show=show)


@holds_app.command()
def withdraw(
    person_id: PersonId,
    hold_id: Annotated[str, typer.Argument(help="The hold.")],
    reason: Reason,
    *,
    as_json: AsJson = False,
) -> None:
    """Take back a hold that was asked for and is not placed."""

    async def done(shell: Shell) -> Any:
        await holds.withdraw(shell.office, shell.lines, await shell.by(), person_id, hold_id, reason)

    run(done, as_json=as_json)


@certificates_app.command(name="list")
def certificates(after: str = "", *, as_json: AsJson = False) -> None:
    """The newest first; `--after`: what the list before called `more`."""

    async def done(shell: Shell) -> Any:
        return await keeping.erasures(shell.lines, await shell.by(), after)

    def show(found: Any) -> None:
        rows = [
            (one.reference, one.person_id, one.at, " ".join(one.waits_for) or one.answered_at) for one in found.items
        ]
        table("Erasures", ("reference", "person", "erased", "answered, or waits for"), rows)
        say(f"more: {found.more}" if found.more else "")

    run(done, as_json=as_json, show=show)


@certificates_app.command(name="show")
def shown(
    person_id: PersonId,
    reference: Annotated[str, typer.Argument(help="EF-…")],
    pdf: Annotated[Path | None, typer.Option(help="Also write it there.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """What was reached, when, by which service; what is kept, until when and why."""

    async def done(shell: Shell) -> Any:
        by = await shell.by()
        if pdf is not None:
            pdf.write_bytes(await keeping.certificate_pdf(shell.lines, by, person_id, reference))
        return await keeping.certificate(shell.lines, by, person_id, reference)

    run(done, as_json=as_json, show=lambda found: table("Certificate", ("", ""), list(found.model_dump().items())))
