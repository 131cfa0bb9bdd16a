"""Signing in with NIR and code. Known or unknown, a number costs the same work and gets the same answer."""

import datetime as dt

from services.identity.access.desk import Call, Desk, id_in
from services.identity.access.stores import Credential
from services.identity.domain import commands as c
from services.identity.domain import events as e
from services.identity.domain.ids import MemberId, SessionId
from services.identity.domain.nir import Nir
from shared.kernel import Rejected, Value, require


class Opened(Value):
    """A session, and what it opens."""

    member_id: MemberId
    session_id: SessionId
    access: e.Access
    stream: str
    version: int


async def sign_in(desk: Desk, call: Call, nir: Nir, code: str, origin: str) -> Opened:
    """Open a session.

    Raises:
        Rejected: `sign-in-refused`, whatever is wrong.
        TooMany: with this number from this place.
    """
    number, place = desk.indexes.nir.of(nir), desk.indexes.origin.of(origin)
    gate = f"sign-in|{number}|{place}"
    await desk.gates.enter(gate, desk.settings.sign_ins())
    credential = await _credential(desk, number)
    right = await desk.hasher.verify(code, credential.hash if credential else None)
    try:
        require(right and credential is not None, otherwise="sign-in-refused")
        assert credential is not None
        opened = await _open(desk, call, credential)
    except Rejected:
        await _count_refusal(desk, number, place)
        raise
    await desk.gates.forgive(gate)
    await _settle(desk, credential, code)
    return opened


async def _credential(desk: Desk, number: str) -> Credential | None:
    holder = await desk.stores.claims.holder(number)
    return await desk.stores.credentials.current(id_in(holder or "person:nobody"))


async def _open(desk: Desk, call: Call, credential: Credential) -> Opened:
    member_id, session_id = credential.member_id, SessionId(call.made("session"))
    stream = f"account:{member_id}"
    command = c.SignIn(at=desk.clock.now(), credential_id=credential.id, session_id=session_id)
    answer = await desk.service.handle(stream, command, cmd=call.cmd, meta=call.meta(member_id))
    account, _ = await desk.service.state(stream)
    access = e.Access.FULL if account.validated else e.Access.EMAIL_PENDING
    return Opened(
        member_id=member_id, session_id=session_id, access=access, stream=answer.stream, version=answer.version
    )


async def _settle(desk: Desk, credential: Credential, code: str) -> None:
    """The code was right: an event names it, and its hash may be renewed."""
    if not credential.active:
        await desk.stores.credentials.activate(credential.id)
    if desk.hasher.outdated(credential.hash):
        await desk.stores.credentials.rehash(credential.id, await desk.hasher.hash(code))


async def _count_refusal(desk: Desk, number: str, place: str) -> None:
    """For an event that is written later, one for the few minutes; for an unknown number too, which has none."""
    now, step = desk.clock.now(), dt.timedelta(minutes=desk.settings.refusal_minutes)
    begun = now - (now - dt.datetime.min.replace(tzinfo=dt.UTC)) % step
    await desk.stores.refusals.count(f"{number}|{place}|{begun.isoformat()}", number, now)
