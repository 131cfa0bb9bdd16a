"""Accounts of the staff: the first from a shell, the others by invitation; locks, mandates, whose files are whose."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any, Final

from services.console.access.keys import Invitation, StaffKeys
from services.console.acts.desk import look_up
from services.console.acts.office import By, Office
from services.console.acts.reading import Why
from services.console.clients.lines import Lines
from services.console.domain import staff_commands as c
from services.console.domain.ids import CredentialId, PersonId, StaffId
from services.console.domain.words import Purpose, Role
from services.console.read_models.staff_list import Standing, staff_list
from shared.canonical import b64url
from shared.command_handler import Answer
from shared.kernel import Rejected, Value, require
from shared.sign_in import totp

ISSUER: Final = "Console Mon compte en ligne"
SHORTEST_LOGIN: Final = 3
LONGEST_LOGIN: Final = 40


class Invited(Value):
    """`token` is shown once, to who has invited: it goes to the invited by hand, never by a channel of ours."""

    staff_id: StaffId
    token: str
    expires_at: dt.datetime


class Joining(Value):
    """What the invited is shown: the app's secret, as text and as what an app reads from a picture."""

    staff_id: StaffId
    secret: str
    uri: str


def read_login(text: str) -> str:
    """A login: small letters, digits, points and hyphens.

    Raises:
        Rejected: `login-invalid`.
    """
    login = text.strip().lower()
    plain = all(one.isascii() and (one.isalnum() or one in ".-") for one in login)
    require(SHORTEST_LOGIN <= len(login) <= LONGEST_LOGIN and plain, otherwise="login-invalid")
    return login


async def invite(
    office: Office, by: By, login: str, role: Role, reason: str, mandate_until: dt.datetime | None = None
) -> Invited:
    """Let somebody make himself an account.

    Raises:
        Rejected, ClaimTaken: `login-invalid`, `mandate-invalid`, `mandate-for-auditors`; the login is taken.
    """
    by.needs(Role.SUPERVISOR)
    return await _invite(office, by, by.staff_id, login, role, reason, mandate_until)


async def add_first(office: Office, by: By, login: str, reason: str) -> Invited:
    """The first account of all, a supervisor's, for whoever holds the machine.

    Raises:
        ClaimTaken: there was a first one.
    """
    return await _invite(office, by, None, login, Role.SUPERVISOR, reason, None)


async def recover(office: Office, by: By, login: str, reason: str) -> Invited:
    """A supervisor's account for whoever holds the machine, in the place of the only one, which is locked.

    Raises:
        Rejected: `supervisors-remain`: two or more are there, and one of them does what is needed.
        ClaimTaken: the login is taken.
    """
    found = await office.queries.find(staff_list)
    left = [one for one in found if one.role is Role.SUPERVISOR and one.standing is Standing.ACTIVE]
    require(len(left) <= 1, otherwise="supervisors-remain")
    invited = await _invite(office, by, None, login, Role.SUPERVISOR, reason, None, recovery=True)
    for one in left:
        command = c.LockStaff(at=office.clock.now(), staff_id=one.staff_id, by=None, reason=reason)
        await _handle(office, by.part("lock"), command)
    return invited


async def _invite(
    office: Office,
    by: By,
    inviter: StaffId | None,
    login: str,
    role: Role,
    reason: str,
    mandate_until: dt.datetime | None,
    *,
    recovery: bool = False,
) -> Invited:
    staff_id = StaffId(by.made("staff"))
    expires_at = (office.clock.now() + dt.timedelta(hours=office.settings.invitation_hours)).replace(microsecond=0)
    command = c.InviteStaff(
        at=office.clock.now(),
        staff_id=staff_id,
        by=inviter,
        reason=reason,
        login=read_login(login),
        role=role,
        mandate_until=mandate_until,
        expires_at=expires_at,
        recovery=recovery,
    )
    await _handle(office, by, command)
    token = b64url(hmac.new(office.invitation_key, by.cmd.encode(), hashlib.sha256).digest())
    sealed = totp.sealed(office.totp_key, staff_id, totp.new_secret())
    await office.ring.invite(Invitation(id=_hashed(token), staff_id=staff_id, sealed=sealed, expires_at=expires_at))
    return Invited(staff_id=staff_id, token=token, expires_at=expires_at)


async def open_invitation(office: Office, token: str) -> Joining:
    """What the invited needs to join.

    Raises:
        Rejected: `invitation-invalid`.
    """
    invitation, secret = await _invitation(office, token)
    uri = totp.app_uri(secret, "compte", ISSUER)
    return Joining(staff_id=invitation.staff_id, secret=secret, uri=uri)


async def join(office: Office, by: By, token: str, code: str, typed: str) -> Answer:
    """Take up an invitation with a code of one's own and a first code of the app.

    Raises:
        Rejected: `invitation-invalid`, `code-too-short`, `totp-wrong`.
    """
    invitation, secret = await _invitation(office, token)
    require(len(code) >= office.settings.shortest_code, otherwise="code-too-short")
    step = totp.step_of(secret, typed, office.clock.now())
    if step is None:
        raise Rejected("totp-wrong")
    credential_id = CredentialId(by.made("credential"))
    sealed = totp.sealed(office.totp_key, credential_id, secret)
    hashed = await office.hasher.hash(code)
    # kept before the event that names it: a crash between the two loses no account
    await office.ring.put(
        StaffKeys(id=credential_id, staff_id=invitation.staff_id, hash=hashed, sealed=sealed, step=step)
    )
    command = c.JoinStaff(at=office.clock.now(), staff_id=invitation.staff_id, credential_id=credential_id)
    answer = await _handle(office, by, command)
    await office.ring.taken_up(invitation.id)
    return answer


async def lock(office: Office, by: By, staff_id: StaffId, reason: str) -> Answer:
    """Close an account at once."""
    return await _supervise(office, by, c.LockStaff, staff_id, reason)


async def unlock(office: Office, by: By, staff_id: StaffId, reason: str) -> Answer:
    """Open it again."""
    return await _supervise(office, by, c.UnlockStaff, staff_id, reason)


async def end_sessions(office: Office, by: By, staff_id: StaffId, reason: str) -> Answer:
    """Close all sessions of an account: a supervisor's act, or about oneself."""
    if by.staff_id != staff_id:
        by.needs(Role.SUPERVISOR)
    return await _handle(office, by, c.EndStaffSessions(**_by_another(office, by, staff_id, reason)))


async def set_mandate(office: Office, by: By, staff_id: StaffId, until: dt.datetime, reason: str) -> Answer:
    """Say until when an auditor may look."""
    return await _supervise(office, by, c.SetMandate, staff_id, reason, until=until)


async def name_own_files(office: Office, by: By, staff_id: StaffId, persons: Sequence[PersonId], reason: str) -> Answer:
    """Say which files are somebody's own or his relatives'."""
    return await _supervise(office, by, c.NameOwnFiles, staff_id, reason, persons=tuple(sorted(set(persons))))


async def add_own_file(
    office: Office, lines: Lines, by: By, staff_id: StaffId, nir: str, born: dt.date, reason: str
) -> Answer:
    """One more file that is somebody's own; found by number and birth date, and recorded as looked at.

    Raises:
        Rejected: `nobody-found`. Refused: `own-file`: another supervisor does that.
    """
    by.needs(Role.SUPERVISOR)
    why = Why(purpose=Purpose.REQUEST, reason=reason)
    person_id = await look_up(office, lines, by.part("look"), nir, born, why)
    known = (await office.account(staff_id)).persons
    return await name_own_files(office, by, staff_id, [*known, PersonId(person_id)], reason)


async def _supervise(office: Office, by: By, kind: Any, staff_id: StaffId, reason: str, **facts: Any) -> Answer:
    by.needs(Role.SUPERVISOR)
    return await _handle(office, by, kind(**_by_another(office, by, staff_id, reason), **facts))


def _by_another(office: Office, by: By, staff_id: StaffId, reason: str) -> dict[str, Any]:
    return {"at": office.clock.now(), "staff_id": staff_id, "by": by.staff_id, "reason": reason}


async def _invitation(office: Office, token: str) -> tuple[Invitation, str]:
    invitation = await office.ring.invitation(_hashed(token), office.clock.now())
    secret = totp.opened(office.totp_key, invitation.staff_id, invitation.sealed) if invitation else None
    if invitation is None or secret is None:
        raise Rejected("invitation-invalid")
    return invitation, secret


def _hashed(token: str) -> str:
    return hashlib.sha256(f"invitation|{token}".encode()).hexdigest()


async def _handle(office: Office, by: By, command: c.StaffCommand) -> Answer:
    stream = f"staff:{command.staff_id}"
    return await office.service.handle(stream, command, cmd=by.cmd, meta=by.meta(command.staff_id))
