"""What a member who is signed in does about his account itself: address, sessions, devices, terms, its end."""

from services.identity.access import given_emails
from services.identity.access.desk import Call, Desk
from services.identity.domain import account_commands as c
from services.identity.domain.account_events import CloseReason
from services.identity.domain.account_state import Account
from services.identity.domain.erasure_state import Erasure, Status
from services.identity.domain.ids import DeviceId, LinkId, MemberId, SessionId
from shared.command_handler import Answer
from shared.kernel import Command


async def change_email(desk: Desk, call: Call, member_id: MemberId, email: str) -> Answer:
    """Be written to elsewhere. Each member may give so many addresses in a day.

    Raises:
        Rejected: a rule said no.
        TooMany: of this member.
    """
    await desk.gates.enter(f"emails|{member_id}", desk.settings.emails())
    now = desk.clock.now()
    command = c.ChangeEmail(
        at=now,
        email=email,
        link_id=LinkId(call.made("link")),
        link_expires_at=(now + desk.settings.link_lifetime).replace(microsecond=0),
    )
    return await given_emails.carry_out(desk, call, member_id, command, email, cmd=call.cmd)


async def open_session(desk: Desk, member_id: MemberId, session_id: SessionId) -> bool:
    """Whether a session still opens anything."""
    account: Account = (await desk.service.state(f"account:{member_id}"))[0]
    return account.usable and any(one.session_id == session_id for one in account.open_sessions(desk.clock.now()))


async def closing(desk: Desk, member_id: MemberId) -> bool:
    """Whether the member has asked to be forgotten, and may still take it back."""
    erasure: Erasure = (await desk.service.state(f"erasure:{member_id}"))[0]
    return erasure.status is Status.REQUESTED


async def end_session(desk: Desk, call: Call, member_id: MemberId, session_id: SessionId) -> Answer:
    """End one session, wherever it is."""
    return await _handle(desk, call, member_id, c.EndSessions(at=desk.clock.now(), session_ids=(session_id,)))


async def end_others(desk: Desk, call: Call, member_id: MemberId, session_id: SessionId) -> Answer:
    """End all sessions but this one."""
    return await _handle(desk, call, member_id, c.EndSessions(at=desk.clock.now(), all_but=session_id))


async def forget_device(desk: Desk, call: Call, member_id: MemberId, device_id: DeviceId) -> Answer:
    """Let a browser be a new one again; its sessions end."""
    await desk.stores.devices.forget(member_id, device_id)
    return await _handle(desk, call, member_id, c.ForgetDevice(at=desk.clock.now(), device_id=device_id))


async def accept_terms(desk: Desk, call: Call, member_id: MemberId, version: str, digest: str) -> Answer:
    """Accept a newer version of the general terms."""
    command = c.AcceptTerms(at=desk.clock.now(), cgu_version=version, cgu_hash=digest)
    return await _handle(desk, call, member_id, command)


async def close(desk: Desk, call: Call, member_id: MemberId) -> Answer:
    """End the account."""
    answer = await _handle(desk, call, member_id, c.CloseAccount(at=desk.clock.now(), reason=CloseReason.MEMBER))
    await desk.stores.devices.forget(member_id)
    return answer


async def _handle(desk: Desk, call: Call, member_id: MemberId, command: Command) -> Answer:
    return await desk.service.handle(f"account:{member_id}", command, cmd=call.cmd, meta=call.meta(member_id))
