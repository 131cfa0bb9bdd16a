"""`ops explain`, `ops unmask`: why a document says what it says; values only after a recorded look."""

import datetime as dt
from typing import Annotated, Any, Final

import typer

from services.console.acts import looking, reading
from services.console.acts.finding import household
from services.console.cli.operators import ModelName, Service, known, looker
from services.console.cli.shell import AsJson, Reason, Shell, Ticket, run, say, table
from services.console.clients import operations as ops
from services.console.domain.words import Purpose, Role

Key = Annotated[str, typer.Argument(help="The document's key: most often a person's pseudonym.")]
PURPOSES: Final = {Role.SUPERVISOR: Purpose.INCIDENT, Role.AUDITOR: Purpose.AUDIT}


def explain(
    service: Service,
    model: ModelName,
    key: Key,
    at: Annotated[dt.datetime | None, typer.Option(help="As it was then (UTC); made again with today's code.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """A document event by event and field by field: shapes and hashes; values only after `ops unmask`."""

    async def work(shell: Shell) -> Any:
        by, until = await looker(shell), at.replace(tzinfo=dt.UTC) if at else None
        known(shell, service)
        return (await looking.explain(shell.office, shell.lines, by, service, model, key, until))[0]

    run(work, as_json=as_json, show=_show_explained)


def _show_explained(found: ops.Explained) -> None:
    say(
        {True: "as readers see it now", False: "OTHER than what readers see now", None: "made again with today's code"}[
            found.as_live
        ]
    )
    table("Document", ("field", "value"), [(name, seen(value)) for name, value in found.document.items()])
    rows = [
        (
            step.position,
            step.type,
            step.version,
            step.recorded_at,
            step.actor_kind,
            name,
            seen(change.before),
            seen(change.after),
        )
        for step in found.steps
        for name, change in step.fields.items()
    ]
    table("Events", ("position", "event", "version", "recorded", "by", "field", "before", "after"), rows)
    if found.failure:
        say(f"STOPPED at {found.failure.type}, position {found.failure.position}: {found.failure.error}")


def seen(one: ops.Masked | None) -> str:
    """What may be shown of a value."""
    if one is None or (one.hash is None and one.value is None):
        return "-"
    return f"{one.shape} {one.hash}" if one.hash else str(one.value)


def unmask(person_id: Key, reason: Reason, *, ticket: Ticket = "", as_json: AsJson = False) -> None:
    """Be shown values of a person for 15 minutes. Recorded first, and the person sees it."""

    async def work(shell: Shell) -> Any:
        by = await shell.by()
        by.needs(*PURPOSES)
        why = reading.Why(purpose=PURPOSES[by.role], reason=reason, ticket=ticket)
        await reading.unmask(shell.office, by, person_id, why, household(shell.lines))

    run(work, as_json=as_json)
