"""`desk …` and `work …`: what agents do, from a shell."""

import datetime as dt
import sys
from typing import Annotated, Any

import typer

from services.console.acts import desk, work
from services.console.acts.reading import Why
from services.console.cli.shell import AsJson, Reason, Shell, Ticket, run, say, table
from services.console.domain.words import Document, Purpose
from services.console.pages.desk_forms import LONGEST, SHORTEST

app = typer.Typer(no_args_is_help=True, help="One person at the desk.")
work_app = typer.Typer(no_args_is_help=True, help="What waits for the desk over all services.")

PersonId = Annotated[str, typer.Argument(help="The pseudonym that a look-up gives.")]
What = Annotated[Purpose, typer.Option("--purpose", help="What the file is read for; the person sees it.")]
Service = Annotated[str, typer.Argument(help="The service that the item is of.")]
KindOf = Annotated[str, typer.Argument(help="Its kind.")]
ItemId = Annotated[str, typer.Argument(help="Its id.")]


@app.command(name="look-up")
def look_up(reason: Reason, purpose: What, *, ticket: Ticket = "", as_json: AsJson = False) -> None:
    """Find one person. Number and birth date (2026-01-31) come from standard input, one a line, never as arguments."""
    nir, typed = sys.stdin.readline().strip(), sys.stdin.readline().strip()
    try:
        born = dt.date.fromisoformat(typed)
    except ValueError:
        raise typer.BadParameter("the second line is no date") from None

    async def done(shell: Shell) -> Any:
        by, why = await shell.by(), Why(purpose=purpose, reason=reason, ticket=ticket)
        return await _found(shell, await desk.look_up(shell.office, shell.lines, by, nir, born, why))

    run(done, as_json=as_json, show=_show_found)


@app.command(name="look-up-request")
def look_up_request(reason: Reason, purpose: What, *, ticket: Ticket = "", as_json: AsJson = False) -> None:
    """Find one person by the number of a request, a message or a claim; it comes from standard input."""
    number = sys.stdin.readline().strip()
    if not SHORTEST <= len(number) <= LONGEST:
        raise typer.BadParameter(f"a number has from {SHORTEST} to {LONGEST} characters")

    async def done(shell: Shell) -> Any:
        by, why = await shell.by(), Why(purpose=purpose, reason=reason, ticket=ticket)
        return await _found(shell, await desk.look_up_request(shell.office, shell.lines, by, number, why))

    run(done, as_json=as_json, show=_show_found)


async def _found(shell: Shell, person_id: str) -> dict[str, Any]:
    found = await desk.standing(shell.lines, await shell.by(), person_id)
    return {"person_id": person_id, **found.model_dump(mode="json")}


def _show_found(found: dict[str, Any]) -> None:
    table("Account", ("", ""), list(found.items()))


@app.command()
def profile(
    person_id: PersonId, reason: Reason, purpose: What, *, ticket: Ticket = "", as_json: AsJson = False
) -> None:
    """Who the person is; recorded first."""

    async def done(shell: Shell) -> Any:
        why = Why(purpose=purpose, reason=reason, ticket=ticket)
        return await desk.profile(shell.office, shell.lines, await shell.by(), person_id, why)

    run(done, as_json=as_json, show=lambda found: table("Person", ("", ""), list(found.model_dump().items())))


@app.command(name="first-code")
def first_code(
    person_id: PersonId,
    document: Annotated[Document, typer.Option(help="What was shown.")],
    reason: Reason,
    *,
    ticket: Ticket = "",
    as_json: AsJson = False,
) -> None:
    """Have a code printed; where an account stands, ask for a second agent."""

    async def done(shell: Shell) -> Any:
        why = Why(purpose=Purpose.VISIT, reason=reason, ticket=ticket)
        asked = await desk.first_code(shell.office, shell.lines, await shell.by(), person_id, document, why)
        return {"printed": asked is None, "approval_id": asked}

    run(done, as_json=as_json, show=lambda found: table("Code", ("", ""), list(found.items())))


@app.command()
def loss(
    person_id: PersonId,
    place: Annotated[str, typer.Option(help="Where it happened, as the caller says it.")],
    day: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="Since when.")],
    reason: Reason,
    *,
    stolen: Annotated[bool, typer.Option("--stolen", help="Stolen; without it: lost.")] = False,
    honour: Annotated[bool, typer.Option("--on-honour", help="The caller certifies it on his honour.")] = False,
    ticket: Ticket = "",
    as_json: AsJson = False,
) -> None:
    """Take a loss by telephone; what the caller says of himself comes from standard input.

    Three lines: surname, postcode, the last 7 signs of the IBAN. What is wrong with them is not said.
    """
    if not honour:
        raise typer.BadParameter("the caller has to certify it", param_hint="--on-honour")
    surname, postcode, iban = (sys.stdin.readline().strip() for _ in range(3))

    async def done(shell: Shell) -> Any:
        why = Why(purpose=Purpose.CALL, reason=reason, ticket=ticket)
        answers = desk.Answers(surname=surname, postcode=postcode, iban_last7=iban)
        told = desk.Loss(stolen=stolen, place=place, happened_on=day.date())
        await desk.loss_by_phone(shell.office, shell.lines, await shell.by(), person_id, answers, told, why)

    run(done, as_json=as_json)


@app.command(name="approved-code")
def approved_code(approval_id: Annotated[str, typer.Argument(help="The request.")], *, as_json: AsJson = False) -> None:
    """Have the code printed that a second agent has agreed to."""

    async def done(shell: Shell) -> Any:
        await desk.approved_code(shell.office, shell.lines, await shell.by(), approval_id)

    run(done, as_json=as_json)


@work_app.command(name="list")
def listed(*, as_json: AsJson = False) -> None:
    """What waits, the oldest first."""

    async def done(shell: Shell) -> Any:
        return await work.listed(shell.office, shell.lines, await shell.by())

    def show(found: work.WorkList) -> None:
        rows = [(one.service, one.item.kind, one.item.id, one.item.since, one.owner) for one in found.items]
        for kind in found.full:
            say(f"{kind}: more wait than are listed")
        table("Work", ("service", "kind", "id", "since", "owner"), rows)

    run(done, as_json=as_json, show=show)


@work_app.command()
def take(service: Service, kind: KindOf, item_id: ItemId, *, as_json: AsJson = False) -> None:
    """See to an item."""

    async def done(shell: Shell) -> Any:
        await work.take(shell.office, shell.lines, await shell.by(), service, kind, item_id)

    run(done, as_json=as_json)


@work_app.command()
def release(service: Service, kind: KindOf, item_id: ItemId, *, as_json: AsJson = False) -> None:
    """Leave it to others."""

    async def done(shell: Shell) -> Any:
        await work.release(shell.office, await shell.by(), service, kind, item_id)

    run(done, as_json=as_json)


@work_app.command()
def decide(
    service: Service,
    kind: KindOf,
    item_id: ItemId,
    decision: Annotated[str, typer.Argument(help="One of the item's decisions.")],
    reason: Reason,
    *,
    field: Annotated[list[str] | None, typer.Option(help="NAME=VALUE, where the decision asks for it.")] = None,
    ticket: Ticket = "",
    as_json: AsJson = False,
) -> None:
    """Decide an item that one has taken."""
    fields = dict(one.split("=", 1) for one in field or [])

    async def done(shell: Shell) -> Any:
        by = await shell.by()
        await work.decide(
            shell.office, shell.lines, by, service, kind, item_id, decision, reason, fields=fields, ticket=ticket
        )

    run(done, as_json=as_json)
