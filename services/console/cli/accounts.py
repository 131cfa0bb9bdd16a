"""`accounts …`: the first account, invitations, locks, mandates."""

import datetime as dt
import uuid
from typing import Annotated, Any

import typer

from services.console.acts import accounts
from services.console.acts.office import By
from services.console.cli.doors import FromInput, Login, secrets
from services.console.cli.shell import AsJson, Reason, Shell, run, say, table
from services.console.domain.ids import PersonId, StaffId
from services.console.domain.words import Role
from services.console.read_models.staff_list import StaffListed, staff_list
from shared.kernel import Rejected

app = typer.Typer(no_args_is_help=True, help="Accounts of the staff.")


@app.command()
def add(login: Login, reason: Reason = "first account", *, as_json: AsJson = False) -> None:
    """Invite the first supervisor. Works once; the others are invited by those who are there."""

    async def work(shell: Shell) -> Any:
        cmd = str(uuid.uuid4())
        nobody = By(StaffId("shell"), Role.SUPERVISOR, cmd, cmd)
        return await accounts.add_first(shell.office, nobody, login, reason)

    run(work, as_json=as_json, show=_invited, first=True)


@app.command()
def recover(login: Login, reason: Reason, *, as_json: AsJson = False) -> None:
    """Invite a supervisor in the place of the only one there is, who is locked. For whoever holds the machine."""

    async def work(shell: Shell) -> Any:
        cmd = str(uuid.uuid4())
        nobody = By(StaffId("shell"), Role.SUPERVISOR, cmd, cmd)
        return await accounts.recover(shell.office, nobody, login, reason)

    run(work, as_json=as_json, show=_invited)


@app.command()
def invite(
    login: Login,
    role: Annotated[Role, typer.Option(help="What he may do.")],
    reason: Reason,
    until: Annotated[dt.datetime | None, typer.Option(help="End of an auditor's mandate (UTC).")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Let somebody make himself an account; prints what goes into the link."""

    async def work(shell: Shell) -> Any:
        mandate = until.replace(tzinfo=dt.UTC) if until else None
        return await accounts.invite(shell.office, await shell.by(), login, role, reason, mandate)

    run(work, as_json=as_json, show=_invited)


@app.command()
def secret(token: Annotated[str, typer.Argument(help="The invitation's word.")], *, as_json: AsJson = False) -> None:
    """Show the app's secret to whoever was invited."""
    run(
        lambda shell: accounts.open_invitation(shell.office, token),
        as_json=as_json,
        show=lambda found: say(f"secret for the app: {found.secret}\n{found.uri}"),
    )


@app.command()
def join(
    token: Annotated[str, typer.Argument(help="The invitation's word.")],
    *,
    stdin: FromInput = False,
    as_json: AsJson = False,
) -> None:
    """Take up an invitation: choose a code, and prove that the app knows its secret."""
    typed = secrets(from_input=stdin)

    async def work(shell: Shell) -> Any:
        joining = await accounts.open_invitation(shell.office, token)
        cmd = str(uuid.uuid4())
        await accounts.join(shell.office, By(joining.staff_id, Role.AGENT, cmd, cmd), token, typed.code, typed.otp)

    run(work, as_json=as_json)


@app.command(name="list")
def listed(*, as_json: AsJson = False) -> None:
    """Who works here."""

    async def work(shell: Shell) -> Any:
        (await shell.by()).needs(Role.SUPERVISOR)
        return await shell.office.queries.find(staff_list)

    def show(found: list[StaffListed]) -> None:
        rows = [(one.login, one.role, one.standing, one.mandate_until, one.signed_in_at) for one in found]
        table("Accounts", ("login", "role", "state", "mandate until", "last sign-in"), rows)

    run(work, as_json=as_json, show=show)


@app.command()
def lock(login: Login, reason: Reason, *, as_json: AsJson = False) -> None:
    """Close an account at once."""
    _about(accounts.lock, login, reason, as_json=as_json)


@app.command()
def unlock(login: Login, reason: Reason, *, as_json: AsJson = False) -> None:
    """Open it again."""
    _about(accounts.unlock, login, reason, as_json=as_json)


@app.command(name="end-sessions")
def end_sessions(login: Login, reason: Reason, *, as_json: AsJson = False) -> None:
    """Close all sessions of an account."""
    _about(accounts.end_sessions, login, reason, as_json=as_json)


@app.command()
def mandate(
    login: Login,
    until: Annotated[dt.datetime, typer.Option(help="When it ends (UTC).")],
    reason: Reason,
    *,
    as_json: AsJson = False,
) -> None:
    """Say until when an auditor may look."""

    async def work(shell: Shell) -> Any:
        by, staff_id = await shell.by(), await _found(shell, login)
        await accounts.set_mandate(shell.office, by, staff_id, until.replace(tzinfo=dt.UTC), reason)

    run(work, as_json=as_json)


@app.command(name="own-files")
def own_files(
    login: Login,
    reason: Reason,
    person: Annotated[list[str] | None, typer.Option(help="Pseudonym of a person; several times.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say which files are somebody's own or his relatives': he opens none of them."""

    async def work(shell: Shell) -> Any:
        by, staff_id = await shell.by(), await _found(shell, login)
        persons = [PersonId(one) for one in person or []]
        await accounts.name_own_files(shell.office, by, staff_id, persons, reason)

    run(work, as_json=as_json)


def _about(act: Any, login: str, reason: str, *, as_json: bool) -> None:
    async def work(shell: Shell) -> Any:
        by = await shell.by()
        await act(shell.office, by, await _found(shell, login), reason)

    run(work, as_json=as_json)


async def _found(shell: Shell, login: str) -> StaffId:
    claim = shell.office.logins.of(accounts.read_login(login))
    stream = (await shell.office.store.holders([claim])).get(claim)
    if stream is None:
        raise Rejected("staff-unknown")
    return StaffId(stream.partition(":")[2])


def _invited(found: accounts.Invited) -> None:
    say(f"invitation (shown once): {found.token}\ngood until {found.expires_at:%Y-%m-%d %H:%M} UTC")
    say(f"the app's secret: python -m services.console accounts secret {found.token}")
