"""`audit dossier | day | deviations`. Exit code 4: what was held against something does not fit it."""

import datetime as dt
import sys
from typing import Annotated, Any, Final

import typer

from services.console.acts import auditing
from services.console.cli.audit import Person, app, audit_why, found_person
from services.console.cli.shell import UNREACHABLE, AsJson, Reason, Shell, Ticket, run, say, table
from services.console.pages.audit_forms import of_day
from services.console.pages.audit_words import duration

STRAYS: Final = 4


@app.command()
def dossier(
    reason: Reason,
    person: Person = "",
    *,
    number: Annotated[bool, typer.Option("--number", help="Of a card or a declaration, from standard input.")] = False,
    ticket: Ticket = "",
    as_json: AsJson = False,
) -> None:
    """One person's cards over all services: each step, who, why, whether it is declared. 3: a service is missing."""
    typed = sys.stdin.readline().strip() if number else ""
    down: list[str] = []

    async def done(shell: Shell) -> Any:
        by, why = await shell.by(), audit_why(reason, ticket)
        whose = (
            await auditing.by_number(shell.office, shell.lines, by, typed)
            if number
            else (await found_person(shell, person))[0]
        )
        found = await auditing.dossier(shell.office, shell.lines, by, whose, why)
        down.extend(found.down)
        return {
            "person_id": whose,
            "down": list(found.down),
            "standings": [{"service": name, **one.model_dump(mode="json")} for name, one in found.standings],
            "timeline": [{"service": row.service, **row.event.model_dump(mode="json")} for row in found.rows],
        }

    run(done, as_json=as_json, show=_show_dossier)
    if down:
        raise typer.Exit(UNREACHABLE)


@app.command()
def day(date: Annotated[str, typer.Argument(help="2026-11-30, in Paris.")], *, as_json: AsJson = False) -> None:
    """Which cards, orders and messages changed on a day, by pseudonym."""
    try:
        wanted = of_day(dt.date.fromisoformat(date))
    except ValueError:
        raise typer.BadParameter("a day: 2026-11-30") from None

    async def done(shell: Shell) -> Any:
        found = await auditing.lives(shell.lines, await shell.by(), wanted, rounds=None)
        return {name: None if one is None else one.model_dump(mode="json") for name, one in found.items()}

    def show(found: dict[str, Any]) -> None:
        rows = [
            (name, life["lifecycle"], life["subject"], life["state"], life["since"], life["person_id"])
            for name, lives in found.items()
            for life in (lives or {"lives": []})["lives"]
        ]
        table(f"Changed on {date}", ("service", "lifecycle", "subject", "state", "since", "person"), rows)

    run(done, as_json=as_json, show=show)


@app.command()
def deviations(*, as_json: AsJson = False) -> None:
    """What strays from its declared lifecycle, and what stands still, over all logs. 4: something strays."""
    strays: list[int] = []

    async def done(shell: Shell) -> Any:
        found = await auditing.findings(shell.lines, await shell.by(), rounds=None)
        strays.extend(one.found.deviating for one in found if one.found)
        return {one.service: one.found.model_dump(mode="json") if one.found else None for one in found}

    run(done, as_json=as_json, show=_show_findings)
    if any(strays):
        raise typer.Exit(STRAYS)


def _show_dossier(found: dict[str, Any]) -> None:
    for name in found["down"]:
        say(f"{name} does not answer: what follows is not all")
    standings = [
        (one["service"], one["lifecycle"], one["subject"], one["state"], duration(one["seconds"]), one["deviations"])
        for one in found["standings"]
    ]
    table("Now", ("service", "lifecycle", "subject", "state", "for", "deviations"), standings)
    rows = [
        (one["recorded_at"], one["service"], one["position"], one["type"], _moves(one), one["actor_kind"])
        for one in found["timeline"]
    ]
    table("Timeline", ("recorded", "service", "position", "event", "steps", "by"), rows)


def _moves(event: dict[str, Any]) -> str:
    return "; ".join(
        f"{one['before'] or '(new)'} → {one['after']}{'' if one['allowed'] else ' NOT DECLARED'}"
        for one in event["moves"]
    )


def _show_findings(found: dict[str, Any]) -> None:
    for name, one in found.items():
        if one is None:
            say(f"{name} does not answer")
            continue
        say(f"{name}: {one['moves']} steps in {one['streams']} streams")
        _rows(one["deviations"], "Strayed", ("lifecycle", "subject", "before", "after", "at", "person_id"))
        _rows(one["stuck"], "Standing still", ("lifecycle", "subject", "state", "since", "late", "person_id"))


def _rows(found: list[dict[str, Any]], title: str, columns: tuple[str, ...]) -> None:
    table(title, columns, [tuple(row[name] for name in columns) for row in found])
