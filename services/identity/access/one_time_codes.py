"""One-time codes: six digits, derived from the challenge when they are sent and when they are checked, kept nowhere."""

import datetime as dt
import hmac
from typing import Final

from services.identity.access import totp
from services.identity.access.challenges import Challenge
from services.identity.access.desk import Call, Desk
from services.identity.domain import factor_commands as c
from services.identity.domain.email import masked_email
from services.identity.domain.factor_events import Factor, Purpose
from services.identity.domain.ids import ChallengeId, CredentialId, MemberId, PersonId
from shared.command_handler import Answer
from shared.kernel import Erased, Value, require

TRIES: Final = 5
LIFETIME: Final = dt.timedelta(minutes=10)


class Asked(Value):
    """A second factor is asked for; where the code went is shown as far as the member knows it himself."""

    challenge_id: ChallengeId
    factor: Factor
    expires_at: dt.datetime
    sent_to: str


def asked(challenge: Challenge, email: str | Erased) -> Asked:
    """What is said of a challenge to the one who must answer it."""
    facts = challenge.model_dump(include={"factor", "expires_at"})
    return Asked(**facts, challenge_id=challenge.id, sent_to=masked_email(email) if isinstance(email, str) else "")


async def ask(desk: Desk, call: Call, member_id: MemberId, credential_id: CredentialId, purpose: Purpose) -> Challenge:
    """The challenge of this session; a new one is mailed unless the member has an app; one that stands is not repeated.

    Raises:
        Rejected: `one-time-code-sent-enough`.
    """
    now = desk.clock.now()
    standing = await desk.stores.challenges.standing(member_id, call.session, purpose, now)
    if standing is not None and standing.credential_id == credential_id:
        return standing
    app = await totp.current(desk, member_id)
    challenge = Challenge(
        id=ChallengeId(call.made("challenge")),
        member_id=member_id,
        credential_id=credential_id,
        session=call.session,
        purpose=purpose,
        factor=Factor.EMAIL if app is None else Factor.TOTP,
        expires_at=(now + LIFETIME).replace(microsecond=0),
    )
    if app is None:
        await _send(desk, call, challenge, cmd=call.made("one-time-code"))
    await desk.stores.challenges.put(challenge)
    return challenge


async def send_again(desk: Desk, call: Call, challenge_id: ChallengeId) -> Answer:
    """The same code once more: it gives no new tries, and lasts no longer.

    Raises:
        Rejected: as in `standing`; `one-time-code-just-sent` or `one-time-code-sent-enough`.
    """
    challenge = await standing(desk, call, challenge_id)
    require(challenge.factor is Factor.EMAIL, otherwise="one-time-code-sent-enough")
    return await _send(desk, call, challenge, cmd=call.cmd)


async def check(desk: Desk, call: Call, challenge_id: ChallengeId, purpose: Purpose, typed: str) -> Challenge:
    """Use a challenge.

    Raises:
        Rejected: as in `standing`; `one-time-code-exhausted`, `one-time-code-wrong`.
    """
    challenge = await standing(desk, call, challenge_id, purpose)
    if challenge.used_by is not None:
        return challenge
    require(await desk.stores.challenges.count(challenge.id, TRIES), otherwise="one-time-code-exhausted")
    require(await _is_right(desk, challenge, typed), otherwise="one-time-code-wrong")
    require(await desk.stores.challenges.use(challenge.id, call.cmd), otherwise="one-time-code-used")
    return challenge


async def _is_right(desk: Desk, challenge: Challenge, typed: str) -> bool:
    if challenge.factor is Factor.TOTP:
        return await totp.check(desk, challenge.member_id, typed)
    right = desk.links.digits(challenge.purpose, challenge.id, challenge.expires_at)
    return hmac.compare_digest(right.encode(), typed.encode())


async def standing(desk: Desk, call: Call, challenge_id: ChallengeId, purpose: Purpose | None = None) -> Challenge:
    """A challenge that can be answered, by the browser session that it was put to.

    Raises:
        Rejected: `one-time-code-unknown`, `one-time-code-used` or `one-time-code-expired`.
    """
    challenge = await desk.stores.challenges.get(challenge_id)
    known = challenge is not None and challenge.session == call.session and purpose in {None, challenge.purpose}
    require(known, otherwise="one-time-code-unknown")
    assert challenge is not None
    require(challenge.used_by in {None, call.cmd}, otherwise="one-time-code-used")
    require(desk.clock.now() < challenge.expires_at, otherwise="one-time-code-expired")
    return challenge


async def _send(desk: Desk, call: Call, challenge: Challenge, cmd: str) -> Answer:
    command = c.RequestOneTimeCode(
        at=desk.clock.now(),
        member_id=challenge.member_id,
        person_id=PersonId(challenge.member_id),
        challenge_id=challenge.id,
        purpose=challenge.purpose,
        expires_at=challenge.expires_at,
    )
    stream = f"factors:{challenge.member_id}"
    return await desk.service.handle(stream, command, cmd=cmd, meta=call.meta(challenge.member_id))
