"""`sign-in` and `sign-out`; and how two factors are typed."""

import sys
import uuid
from typing import Annotated, Any

import typer
from pydantic import BaseModel

from services.console.acts import doors
from services.console.cli.shell import AsJson, Shell, run, say, session_file
from services.console.domain.ids import SessionId

Login = Annotated[str, typer.Argument(help="Small letters, digits, points and hyphens.")]


class Secrets(BaseModel):
    """What is typed by hand, or comes from standard input as two lines: the code, and a code of the app."""

    code: str
    otp: str


def secrets(*, from_input: bool) -> Secrets:
    """Ask for both; nothing of it ever stands in an argument, which other users of the machine could read."""
    if from_input:
        return Secrets(code=sys.stdin.readline().rstrip("\n"), otp=sys.stdin.readline().strip())
    return Secrets(code=typer.prompt("Code", hide_input=True), otp=typer.prompt("Code of the app"))


FromInput = Annotated[bool, typer.Option("--stdin", help="Read the code and a code of the app from standard input.")]


def add_doors(outer: typer.Typer) -> None:
    """`sign-in` and `sign-out`."""

    @outer.command(name="sign-in")
    def sign_in(login: Login, *, stdin: FromInput = False, as_json: AsJson = False) -> None:
        """Open a session for the commands that follow; it ends like a browser's."""
        typed = secrets(from_input=stdin)

        async def work(shell: Shell) -> Any:
            cmd = str(uuid.uuid4())
            opened = await doors.sign_in(shell.office, cmd, cmd, login, typed.code, typed.otp)
            session = await shell.sessions.sign_in(await shell.sessions.open(None), opened.staff_id)
            session.change(console_session=opened.session_id)
            await shell.sessions.keep(session)
            file = session_file()
            file.touch(mode=0o600)
            file.chmod(0o600)
            file.write_text(session.cookie)
            return {"role": opened.role.value, "staff_id": opened.staff_id}

        run(work, as_json=as_json, show=lambda found: say(f"signed in as {found['role']}"))

    @outer.command(name="sign-out")
    def sign_out(*, as_json: AsJson = False) -> None:
        """End the shell's session."""

        async def work(shell: Shell) -> Any:
            by = await shell.by()
            session = await shell.sessions.open(session_file().read_text().strip())
            await doors.sign_out(shell.office, by, SessionId(session.state.console_session or ""))
            await shell.sessions.end(session)
            session_file().unlink(missing_ok=True)

        run(work, as_json=as_json)
