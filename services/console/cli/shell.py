"""How a command of the shell comes to its office, says what came of it, and ends.

Exit codes: 0 done, 1 refused (or what was asked for has failed), 2 wrong usage, 3 something does not answer,
4 (audit) what was checked does not fit.
"""

import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer
import uvloop
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.table import Table

from services.console.acts import doors
from services.console.acts.office import By, Office
from services.console.clients.lines import Lines
from services.console.domain.ids import StaffId
from services.console.drafts import State
from services.console.main import NAME, definition, lines, office, prepare, sessions
from services.console.settings import ConsoleSettings
from shared.event_store import AppendError, ClaimTaken, StoreUnavailable
from shared.kernel import Erased, Rejected
from shared.mongo import PyMongoError
from shared.problems import Refused
from shared.service import Service
from shared.telemetry import configure
from shared.web import channel
from shared.web.sessions import Sessions

REFUSED: Final = 1
USAGE: Final = 2
UNREACHABLE: Final = 3
AsJson = Annotated[bool, typer.Option("--json", help="For programs: one JSON value on standard output.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is recorded.")]
Ticket = Annotated[str, typer.Option("--ticket", help="The number of a demand or incident; it is recorded.")]

_ANYTHING: Final[TypeAdapter[Any]] = TypeAdapter(Any)


@dataclass(frozen=True)
class Shell:
    """What a command works with."""

    service: Service
    office: Office
    lines: Lines
    sessions: Sessions[State]

    async def by(self) -> By:
        """Whoever has signed in from this shell.

        Raises:
            Refused: `sign-in-needed`.
        """
        cookie = session_file().read_text().strip() if session_file().exists() else None
        session = await self.sessions.open(cookie)
        known = session.state.console_session
        role = await doors.still_open(self.office, StaffId(session.holder), known) if session.holder and known else None
        if role is None or session.holder is None:
            raise Refused("sign-in-needed")
        cmd = str(uuid.uuid4())
        return By(StaffId(session.holder), role, cmd, cmd, session.reference, session.state.signed_in_at)


Work = Callable[[Shell], Awaitable[Any]]
Opened = Callable[[], AbstractAsyncContextManager[Shell]]


def session_file() -> Path:
    """Where the shell's session is kept: a file that only its owner reads."""
    return Path(os.environ.get("CONSOLE_SESSION") or Path.home() / ".console-session")


@asynccontextmanager
async def opened() -> AsyncIterator[Shell]:
    """A shell on the console's own store; no log line disturbs what is printed."""
    values = ConsoleSettings()
    configure(NAME, level="critical")
    service = Service(definition(values), values)
    found, clients = lines(service)
    try:
        yield Shell(service, office(service), found, sessions(service))
    finally:
        for http in clients:
            await http.aclose()
        await service.close()


SHELLS: Final[ContextVar[Opened]] = ContextVar("shells", default=opened)
"""How a command comes to its shell."""


def run(
    work: Work,
    *,
    as_json: bool,
    show: Callable[[Any], None] | None = None,
    first: bool = False,
    failed: Callable[[Any], bool] = lambda _: False,
) -> None:
    """Do it, and show what came of it. `first`: the store may be new; `failed`: whether that is no success.

    Raises:
        typer.Exit: with the code that scripts read.
    """
    found = _done(work, as_json=as_json, first=first)
    if as_json:
        Console().print_json(data=_plain(found))
    elif show is not None:
        show(found)
    else:
        Console().print("done")
    if failed(found):
        raise typer.Exit(REFUSED)


def _done(work: Work, *, as_json: bool, first: bool) -> Any:

    async def inside() -> Any:
        async with SHELLS.get()() as shell:
            if first:
                await shell.service.prepare()
                await prepare(shell.service)
            return await work(shell)

    try:
        return uvloop.run(inside())
    except ClaimTaken as error:
        raise _refused(f"{error.kind}-taken", as_json=as_json) from None
    except (Rejected, Refused, channel.Refused) as error:
        raise _refused(error.code, as_json=as_json) from None
    except (StoreUnavailable, PyMongoError, channel.ServiceDown):
        raise _ended({"error": "unavailable"}, "does not answer", UNREACHABLE, as_json=as_json) from None
    except AppendError:
        raise _refused("conflict", as_json=as_json) from None
    except ValidationError as error:  # said by the name of the field alone: what was typed may be personal
        names = sorted({".".join(map(str, one["loc"])) for one in error.errors(include_input=False)})
        wrong = {"error": "usage", "fields": names}
        raise _ended(wrong, f"wrong usage: {', '.join(names)}", USAGE, as_json=as_json) from None


def say(text: str) -> None:
    """A line for people."""
    Console().print(text, markup=False, highlight=False)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows for people."""
    made = Table(title=title, title_justify="left")
    for column in columns:
        made.add_column(column)
    for row in rows:
        made.add_row(*("" if one is None else _text(one) for one in row))
    Console().print(made)


def _text(one: Any) -> str:
    return one.value if isinstance(one, Erased) else str(one)


def _plain(found: Any) -> Any:
    return {"done": True} if found is None else _ANYTHING.dump_python(found, mode="json")


def _refused(code: str, *, as_json: bool) -> typer.Exit:
    return _ended({"error": code}, f"refused: {code}", REFUSED, as_json=as_json)


def _ended(data: dict[str, Any], text: str, code: int, *, as_json: bool) -> typer.Exit:
    if as_json:
        Console().print_json(data=data)
    else:
        Console(stderr=True).print(text, markup=False)
    return typer.Exit(code)
