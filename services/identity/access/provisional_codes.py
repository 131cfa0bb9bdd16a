"""The way to an account without card or bank details: a code by post, or from the desk; and contesting an account.

Nothing here tells whether a number is known, whether a letter goes out, or whether there is an account.
"""

import datetime as dt
import hmac
import re
import uuid
from contextlib import suppress
from typing import Any, Final

from services.identity.access import returning
from services.identity.access.desk import Call, Desk, id_in
from services.identity.access.links import CONTEST, PROVISIONAL
from services.identity.access.stores import Enrolment
from services.identity.domain import account_commands as standing
from services.identity.domain import provisional as p
from services.identity.domain.account_events import LockReason
from services.identity.domain.account_state import Account
from services.identity.domain.ids import EnrolmentId, MemberId, PersonId, ProvisionalCodeId
from services.identity.domain.nir import Nir
from services.identity.domain.proofs import Named, may_hold, names
from services.identity.domain.provisional import Provisional
from services.identity.domain.register import RegisterFacts
from shared.command_handler import Answer
from shared.kernel import Rejected, require

NOBODY: Final = "person:nobody"
_SPACES: Final = re.compile(r"[\s\-\u00a0\u202f]+")
_CODE: Final = re.compile(r"[A-HJ-NP-Z2-9]{12}")


def read_code(text: str) -> str | None:
    """A code as it is printed, however it is spaced; None for anything else."""
    code = _SPACES.sub("", text).upper()
    return code if _CODE.fullmatch(code) else None


async def request(desk: Desk, call: Call, named: Named, origin: str) -> None:
    """Let a letter go out to the person who is named, if that is somebody who may hold an account.

    Raises:
        TooMany: for this number or from this place.
    """
    number = desk.indexes.nir.of(named.nir)
    await desk.gates.enter(f"letters|{desk.indexes.origin.of(origin)}", desk.settings.origins())
    await desk.gates.enter(f"letter|{number}", desk.settings.proofs())
    stream = await desk.holder(number) or NOBODY
    person, _ = await desk.service.state(stream)
    if not names(named, person, desk.today()):
        return
    command = p.RequestProvisionalCode(**_new(desk, call, PersonId(id_in(stream))))
    with suppress(Rejected):  # three a year: then the desk
        await returning.welcome(desk, call, PersonId(id_in(stream)))
        await _handle(desk, call, id_in(stream), command)


async def hand_over(
    desk: Desk, call: Call, person_id: PersonId, document: p.IdentityDocument, approved_by: str | None
) -> Answer:
    """Print a code for somebody whose papers the desk has seen; nobody sees it on a screen.

    Raises:
        Rejected: `person-unknown`, `account-not-allowed`, or `second-agent-required` where an account stands.
    """
    facts: RegisterFacts | None = (await desk.service.state(f"person:{person_id}"))[0].facts
    if facts is None or facts.erased:
        raise Rejected("person-unknown")
    require(may_hold(facts, desk.today()), otherwise="account-not-allowed")
    account: Account = (await desk.service.state(f"account:{person_id}"))[0]
    await returning.welcome(desk, call, person_id)
    command = p.HandOverProvisionalCode(
        **_new(desk, call, person_id),
        first_agent=call.actor,
        document=document,
        account_exists=account.member_id is not None and not account.closed,
        approved_by=approved_by,
    )
    return await _handle(desk, call, person_id, command)


async def enrol(desk: Desk, nir: Nir, code: str) -> Enrolment | None:
    """The rest of the wizard, for the person whose provisional code this is.

    Raises:
        TooMany: with this number.
    """
    number = desk.indexes.nir.of(nir)
    gate = f"provisional|{number}"
    await desk.gates.enter(gate, desk.settings.proofs())
    person_id = id_in(await desk.holder(number) or NOBODY)
    state: Provisional = (await desk.service.state(f"provisional:{person_id}"))[0]
    if not _is_right(desk, state, code):
        return None
    assert state.code is not None
    await desk.gates.forgive(gate)
    enrolment = Enrolment(
        id=EnrolmentId(str(uuid.uuid4())),
        person_id=PersonId(person_id),
        expires_at=desk.clock.now() + desk.settings.enrolment_lifetime,
        provisional_code_id=state.code.code_id,
    )
    await desk.stores.enrolments.put(enrolment)
    return enrolment


async def use(desk: Desk, call: Call, enrolment: Enrolment) -> None:
    """The code has done what it was for; another try within the same enrolment is still good.

    Raises:
        Rejected: `provisional-code-invalid`, another enrolment was faster.
    """
    if enrolment.provisional_code_id is None:
        return
    command = p.UseProvisionalCode(
        at=desk.clock.now(), code_id=enrolment.provisional_code_id, enrolment_id=enrolment.id
    )
    await _handle(desk, call, enrolment.person_id, command)


async def contest(desk: Desk, call: Call, nir: Nir, code: str, origin: str) -> Answer:
    """Lock an account that somebody else has opened, by the code of the letter that told of it.

    Raises:
        Rejected: `contest-refused`, whatever is wrong.
        TooMany: for this number or from this place.
    """
    number = desk.indexes.nir.of(nir)
    await desk.gates.enter(f"contests|{desk.indexes.origin.of(origin)}", desk.settings.origins())
    await desk.gates.enter(f"contest|{number}", desk.settings.proofs())
    member_id = id_in(await desk.holder(number) or NOBODY)
    account: Account = (await desk.service.state(f"account:{member_id}"))[0]
    right = desk.links.letter_code(CONTEST, account.opened_with or "nobody")
    same = hmac.compare_digest(right.encode(), (read_code(code) or "").encode())
    require(same and account.opened_with is not None, otherwise="contest-refused")
    command = standing.LockAccount(at=desk.clock.now(), reason=LockReason.CONTESTED)
    return await desk.service.handle(f"account:{member_id}", command, cmd=call.cmd, meta=call.meta(member_id))


def _is_right(desk: Desk, state: Provisional, typed: str) -> bool:
    """In the same time whether there is one or not."""
    code_id = state.code.code_id if state.code else "nobody"
    right = desk.links.letter_code(PROVISIONAL, code_id, state.code.expires_at if state.code else desk.clock.now())
    return hmac.compare_digest(right.encode(), typed.encode()) & state.usable(desk.clock.now())


def _new(desk: Desk, call: Call, person_id: PersonId) -> dict[str, Any]:
    now = desk.clock.now()
    found: dict[str, Any] = {
        "at": now,
        "member_id": MemberId(person_id),
        "person_id": person_id,
        "code_id": ProvisionalCodeId(call.made("provisional-code")),
        "expires_at": (now + dt.timedelta(days=desk.settings.provisional_days)).replace(microsecond=0),
    }
    return found


async def _handle(desk: Desk, call: Call, person_id: str, command: p.ProvisionalCommand) -> Answer:
    return await desk.service.handle(
        f"provisional:{person_id}", command, cmd=call.made("provisional"), meta=call.meta(person_id)
    )
