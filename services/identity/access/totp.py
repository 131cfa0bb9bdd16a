"""The member's own second factor: codes that an app makes every 30 seconds, and eight to write down.

The secret lies outside the log, sealed under a key derived from the pepper; recovery codes are kept as keyed hashes.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Final

from services.identity.access.challenges import Totp
from services.identity.access.desk import Call, Desk
from services.identity.domain import factor_commands as c
from services.identity.domain.factors import Factors
from services.identity.domain.ids import MemberId, PersonId, TotpId
from shared.command_handler import Answer
from shared.kernel import Rejected, Value, require
from shared.sign_in import totp as app

ISSUER: Final = "Mon compte en ligne"
RECOVERY_CODES: Final = 8


class Begun(Value):
    """What the app is to be told. It is shown once, to the member who has just confirmed that it is he."""

    totp_id: TotpId
    secret: str
    uri: str


async def begin(desk: Desk, call: Call, member_id: MemberId) -> Begun:
    """A new secret; it counts once a code of it was typed."""
    totp_id = TotpId(call.made("totp"))
    kept = await desk.stores.totp.get(totp_id)
    secret = _opened(desk, kept) if kept else app.new_secret()
    if kept is None:
        kept = Totp(id=totp_id, member_id=member_id, sealed=app.sealed(desk.totp_key, totp_id, secret))
        await desk.stores.totp.put(kept)
    return Begun(totp_id=totp_id, secret=secret, uri=app.app_uri(secret, "compte", ISSUER))


async def enable(desk: Desk, call: Call, member_id: MemberId, totp_id: TotpId, typed: str) -> tuple[str, ...]:
    """Let it count; the recovery codes, which are shown once.

    Raises:
        Rejected: `totp-unknown` or `one-time-code-wrong`.
    """
    kept = await desk.stores.totp.get(totp_id)
    if kept is None or kept.member_id != member_id:
        raise Rejected("totp-unknown")
    require(await _is_right(desk, kept, typed), otherwise="one-time-code-wrong")
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    await desk.stores.totp.set_recovery(totp_id, tuple(_hashed(desk, totp_id, code) for code in codes))
    command = c.EnableTotp(at=desk.clock.now(), member_id=member_id, person_id=PersonId(member_id), totp_id=totp_id)
    await _handle(desk, call, member_id, command)
    return codes


async def disable(desk: Desk, call: Call, member_id: MemberId) -> Answer:
    """Go back to codes by mail."""
    command = c.DisableTotp(at=desk.clock.now(), member_id=member_id, person_id=PersonId(member_id))
    answer = await _handle(desk, call, member_id, command)
    await desk.stores.totp.drop(member_id)
    return answer


async def current(desk: Desk, member_id: str) -> Totp | None:
    """The one that counts."""
    factors: Factors = (await desk.service.state(f"factors:{member_id}"))[0]
    return await desk.stores.totp.get(factors.totp_id) if factors.totp_id else None


async def check(desk: Desk, member_id: str, typed: str) -> bool:
    """Whether this is a code of the app that was not used yet, or a recovery code, which is used up by it."""
    kept = await current(desk, member_id)
    if kept is None:
        return False
    if await _is_right(desk, kept, typed):
        return True
    return await desk.stores.totp.use_recovery(kept.id, _hashed(desk, kept.id, app.bare(typed).upper()))


async def _is_right(desk: Desk, kept: Totp, typed: str) -> bool:
    """Each step is good once: the store lets it only grow."""
    step = app.step_of(_opened(desk, kept), typed, desk.clock.now())
    return step is not None and await desk.stores.totp.advance(kept.id, step)


def _recovery_code() -> str:
    return base64.b32encode(secrets.token_bytes(10)).decode()[:12].translate(str.maketrans("IO", "89"))


def _hashed(desk: Desk, totp_id: TotpId, code: str) -> str:
    return hmac.new(desk.totp_key, f"recovery|{totp_id}|{code}".encode(), hashlib.sha256).hexdigest()


def _opened(desk: Desk, kept: Totp) -> str:
    secret = app.opened(desk.totp_key, kept.id, kept.sealed)
    if secret is None:
        raise Rejected("totp-unknown")
    return secret


async def _handle(desk: Desk, call: Call, member_id: MemberId, command: c.FactorCommand) -> Answer:
    return await desk.service.handle(
        f"factors:{member_id}", command, cmd=call.made("factor"), meta=call.meta(member_id)
    )
