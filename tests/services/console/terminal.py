"""A shell at a console in memory: what is printed, and the codes that scripts read."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import typer
from structlog.testing import capture_logs
from typer.testing import CliRunner

from services.console.cli.app import add_commands
from services.console.cli.shell import SHELLS, Shell
from services.console.domain.words import Role
from tests.services.console.world import CODE, Person, World


class Terminal:
    """A shell in which somebody may sign in."""

    def __init__(self, console: World, chief: Person, session: Path) -> None:
        self.console, self.chief, self.session = console, chief, session
        self.app = typer.Typer()
        add_commands(self.app)

    def run(self, *words: str, typed: str = "") -> tuple[int, str]:
        @asynccontextmanager
        async def shells() -> AsyncIterator[Shell]:
            console = self.console
            yield Shell(console.service, console.office, console.site.lines, console.site.sessions)  # type: ignore[arg-type]

        environment = {"CONSOLE_SESSION": str(self.session), "COLUMNS": "240"}
        before = SHELLS.set(shells)
        with capture_logs():  # a real shell prints none
            done = CliRunner().invoke(self.app, words, input=typed, env=environment)
        SHELLS.reset(before)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    def json(self, *words: str) -> tuple[int, Any]:
        code, text = self.run(*words, "--json")
        return code, json.loads(text)

    def other(self, role: Role) -> "Terminal":
        """A shell of a colleague, who has signed in."""
        person = self.chief if role is Role.SUPERVISOR else self.hire(role)
        found = Terminal(self.console, self.chief, self.session.with_name(person.login))
        found.sign_in(person)
        return found

    def hire(self, role: Role) -> Person:
        """Somebody who was invited, and has joined."""
        return asyncio.run(self.console.staff(role, f"{role.value}-{len(self.console.service.types())}", self.chief))

    def sign_in(self, person: Person) -> None:
        self.console.clock.move(30)
        typed = f"{CODE}\n{person.otp(self.console.clock.now())}\n"
        code, text = self.run("sign-in", person.login, "--stdin", typed=typed)
        assert code == 0, text
