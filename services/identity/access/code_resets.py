"""A code that is forgotten, and one that is changed. Whether a number is known, nobody learns here."""

import datetime as dt

from services.identity.access import codes, locks
from services.identity.access.claims import link_claim
from services.identity.access.desk import Call, Desk, id_in
from services.identity.access.links import RESET
from services.identity.access.personal_words import refuse_own_words
from services.identity.domain import account_commands as c
from services.identity.domain.ids import LinkId, MemberId, SessionId
from services.identity.domain.nir import Nir
from services.identity.domain.register import RegisterFacts
from shared.command_handler import Answer
from shared.kernel import Command, Rejected


async def request(desk: Desk, call: Call, nir: Nir, birth_date: dt.date, origin: str) -> None:
    """Send a link to the member whose number and birth date these are, if there is one: the answer is the same.

    Raises:
        TooMany: for this number or from this place.
    """
    number, place = desk.indexes.nir.of(nir), desk.indexes.origin.of(origin)
    await desk.gates.enter(f"resets|{place}", desk.settings.origins())
    await desk.gates.enter(f"reset|{number}", desk.settings.resets())
    holder = id_in(await desk.holder(number) or "person:nobody")
    facts: RegisterFacts | None = (await desk.service.state(f"person:{holder}"))[0].facts
    if facts is None or facts.birth_date != birth_date:
        return
    now = desk.clock.now()
    expires_at = (now + desk.settings.reset_lifetime).replace(microsecond=0)
    command = c.RequestCodeReset(at=now, link_id=LinkId(call.made("reset")), link_expires_at=expires_at)
    try:
        await desk.service.handle(f"account:{holder}", command, cmd=call.cmd, meta=call.meta(holder))
    except Rejected:  # no account, or one that opens for nobody
        return


async def complete(desk: Desk, call: Call, token: str, code: str) -> Answer:
    """Choose another code by the link.

    Raises:
        Rejected: `link-invalid`, `link-expired`, `link-replaced`, `code-known` or `code-personal`.
    """
    link_id = desk.links.read(RESET, token, desk.clock.now())
    stream = await desk.holder(link_claim(link_id))
    if stream is None:
        raise Rejected("link-invalid")
    member_id = MemberId(id_in(stream))
    await refuse_own_words(desk, member_id, code)
    credential = await codes.keep(desk, call, member_id, code)
    command = c.ResetCode(at=desk.clock.now(), link_id=link_id, credential_id=credential.id)
    answer = await _take(desk, call, member_id, command)
    await locks.open_shared_door(desk, member_id)
    return answer


async def change(desk: Desk, call: Call, member_id: MemberId, code: str, session_id: SessionId | None) -> Answer:
    """Choose another code, being signed in and confirmed.

    Raises:
        Rejected: `code-known`, `code-personal`, or a rule said no.
    """
    await refuse_own_words(desk, member_id, code)
    credential = await codes.keep(desk, call, member_id, code)
    command = c.ChangeCode(at=desk.clock.now(), credential_id=credential.id, session_id=session_id)
    return await _take(desk, call, member_id, command)


async def _take(desk: Desk, call: Call, member_id: MemberId, command: Command) -> Answer:
    stream = f"account:{member_id}"
    answer = await desk.service.handle(stream, command, cmd=call.cmd, meta=call.meta(member_id))
    await codes.named(desk, member_id)
    return answer
