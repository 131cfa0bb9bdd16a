"""Coming in and going out: a login, a code and a code of the app, in one step; what is wrong is not said."""

from services.console.acts.office import By, Office
from services.console.domain import staff_commands as c
from services.console.domain.ids import SessionId, StaffId
from services.console.domain.staff import StaffAccount
from services.console.domain.words import Role
from shared.kernel import Rejected, Value
from shared.sign_in import totp
from shared.sign_in.evenly import evenly


class Opened(Value):
    """A session."""

    staff_id: StaffId
    role: Role
    session_id: SessionId


async def sign_in(office: Office, cmd: str, correlation_id: str, login: str, code: str, typed: str) -> Opened:
    """Open a session.

    Raises:
        Rejected: `sign-in-refused`, whatever is wrong.
        TooMany: with this login.
    """
    async with evenly(office.settings.answer_seconds):
        claim = office.logins.of(login.strip().lower())
        gate = f"sign-in|{claim}"
        await office.gates.enter(gate, office.settings.sign_ins())
        staff_id = StaffId((await office.store.holders([claim])).get(claim, "").partition(":")[2])
        account = await office.account(staff_id) if staff_id else StaffAccount()
        if not await _proved(office, account, code, typed) or account.role is None:
            raise Rejected("sign-in-refused")
        by = By(staff_id, account.role, cmd, correlation_id)
        session_id = SessionId(by.made("session"))
        command = c.SignInStaff(at=office.clock.now(), staff_id=staff_id, session_id=session_id)
        await office.service.handle(f"staff:{staff_id}", command, cmd=cmd, meta=by.meta(staff_id))
        await office.gates.forgive(gate)
    return Opened(staff_id=staff_id, role=account.role, session_id=session_id)


async def sign_out(office: Office, by: By, session_id: SessionId) -> None:
    """Close a session."""
    command = c.SignOutStaff(at=office.clock.now(), staff_id=by.staff_id, session_id=session_id)
    await office.service.handle(f"staff:{by.staff_id}", command, cmd=by.cmd, meta=by.meta(by.staff_id))


async def still_open(office: Office, staff_id: StaffId, session_id: str) -> Role | None:
    """The role of a session that stands; None once it was ended, the account locked, or the mandate is over."""
    account = await office.account(staff_id)
    stands = session_id in account.sessions and account.usable(office.clock.now())
    return account.role if stands else None


async def _proved(office: Office, account: StaffAccount, code: str, typed: str) -> bool:
    """Both factors, each with the same work whether the account exists or not; a code of the app is good once."""
    keys = await office.ring.get(account.credential_id) if account.credential_id else None
    right = await office.hasher.verify(code, keys.hash if keys else None)
    secret = totp.opened(office.totp_key, keys.id, keys.sealed) if keys else None
    step = totp.step_of(secret or totp.new_secret(), typed, office.clock.now())
    if keys is None or not right or secret is None or step is None or not account.usable(office.clock.now()):
        return False
    return await office.ring.advance(keys.id, step)
