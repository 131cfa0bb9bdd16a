"""Signing in with NIR and code. Known or unknown, a number costs the same work and gets the same answer."""

import datetime as dt

from services.identity.access import accounts, codes, locks, one_time_codes, provisional_codes, totp
from services.identity.access.desk import Call, Desk, id_in
from services.identity.access.one_time_codes import Asked
from services.identity.domain import commands as c
from services.identity.domain import events as e
from services.identity.domain.account_state import Account
from services.identity.domain.factor_events import Factor, Purpose
from services.identity.domain.ids import ChallengeId, CredentialId, EnrolmentId, MemberId, SessionId
from services.identity.domain.nir import Nir
from services.identity.settings import WhenAsked
from shared.kernel import Rejected, Value


class Opened(Value):
    """A session, and what it opens."""

    member_id: MemberId
    session_id: SessionId
    access: e.Access
    cgu_version: str
    closing: bool
    """He has asked to be forgotten: all that is left to do is to take it back."""
    stream: str
    version: int


class Enrolling(Value):
    """A provisional code was typed: the rest of the wizard comes first."""

    enrolment_id: EnrolmentId


async def sign_in(desk: Desk, call: Call, nir: Nir, code: str, origin: str) -> Opened | Asked | Enrolling:
    """Open a session, or ask for a second factor, or lead on to the rest of the wizard.

    Raises:
        Rejected: `sign-in-refused`, whatever is wrong.
        TooMany: with this number from this place.
    """
    number, place = desk.indexes.nir.of(nir), desk.indexes.origin.of(origin)
    holder = id_in(await desk.holder(number) or "person:nobody")
    door = await locks.come_to(desk, call, number, place, holder)
    opened = await codes.opening(desk, holder, code)
    if opened is None and (typed := provisional_codes.read_code(code)):
        enrolment = await provisional_codes.enrol(desk, nir, typed)
        if enrolment is not None:
            await locks.passed(desk, door)
            return Enrolling(enrolment_id=enrolment.id)
    if opened is None:
        await _count_refusal(desk, number, place)
        await locks.refused(desk, door)
        raise Rejected("sign-in-refused")
    credential, account = opened
    await locks.passed(desk, door)
    await codes.settle(desk, credential, code)
    has_app = not door.familiar and await totp.current(desk, credential.member_id) is not None
    if has_app or _is_asked(desk, account, familiar=door.familiar):
        challenge = await one_time_codes.ask(desk, call, credential.member_id, credential.id, Purpose.SIGN_IN)
        return one_time_codes.asked(challenge, account.email)
    return await open_session(desk, call, credential.member_id, credential.id)


async def complete(desk: Desk, call: Call, challenge_id: ChallengeId, typed: str) -> Opened:
    """Open the session that a second factor was asked for.

    Raises:
        Rejected: `one-time-code-…`, or `sign-in-refused` when the personal code has been changed meanwhile.
    """
    challenge = await one_time_codes.check(desk, call, challenge_id, Purpose.SIGN_IN, typed)
    return await open_session(desk, call, challenge.member_id, challenge.credential_id, challenge.factor)


async def open_session(
    desk: Desk, call: Call, member_id: MemberId, credential_id: CredentialId, factor: Factor | None = None
) -> Opened:
    """Open a session for a member who has proved who he is; from now on his device is a known one."""
    session_id, device = SessionId(call.made("session")), call.device
    stream = f"account:{member_id}"
    command = c.SignIn(
        at=desk.clock.now(),
        credential_id=credential_id,
        session_id=session_id,
        device_id=device.id if device else None,
        device_name=device.name if device else None,
        factor=factor,
    )
    answer = await desk.service.handle(stream, command, cmd=call.cmd, meta=call.meta(member_id))
    if device is not None:
        await desk.stores.devices.remember(member_id, device.id, command.at + desk.settings.device_lifetime)
    account, _ = await desk.service.state(stream)
    access = e.Access.FULL if account.validated else e.Access.EMAIL_PENDING
    return Opened(
        member_id=member_id,
        session_id=session_id,
        access=access,
        cgu_version=account.cgu_version,
        closing=await accounts.closing(desk, member_id),
        stream=answer.stream,
        version=answer.version,
    )


def _is_asked(desk: Desk, account: Account, *, familiar: bool) -> bool:
    """Before the address is proved there is nowhere to send a code to, and nothing that it would protect."""
    match desk.settings.one_time_codes:
        case WhenAsked.OFF:
            return False
        case WhenAsked.NEW_DEVICE:
            return account.validated and not familiar
        case WhenAsked.ALWAYS:
            return account.validated


async def _count_refusal(desk: Desk, number: str, place: str) -> None:
    """For an event that is written later, one for the few minutes; for an unknown number too, which has none."""
    now, step = desk.clock.now(), dt.timedelta(minutes=desk.settings.refusal_minutes)
    begun = now - (now - dt.datetime.min.replace(tzinfo=dt.UTC)) % step
    await desk.stores.refusals.count(f"{number}|{place}|{begun.isoformat()}", number, now)
