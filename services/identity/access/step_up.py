"""« Confirmez que c'est vous »: the personal code and a second factor once more, before something that matters."""

from services.identity.access import codes, one_time_codes
from services.identity.access.desk import Call, Desk
from services.identity.access.one_time_codes import Asked
from services.identity.domain import factor_commands as c
from services.identity.domain.factor_events import Purpose
from services.identity.domain.ids import ChallengeId, MemberId, PersonId
from shared.command_handler import Answer
from shared.kernel import Rejected, require


async def ask(desk: Desk, call: Call, member_id: MemberId, code: str) -> Asked:
    """Check the personal code, and ask for the second factor.

    Raises:
        Rejected: `code-wrong`, `email-pending` or `one-time-code-sent-enough`.
        TooMany: in this account.
    """
    gate = f"step-up|{member_id}"
    await desk.gates.enter(gate, desk.settings.sign_ins())
    opened = await codes.opening(desk, member_id, code)
    if opened is None:
        raise Rejected("code-wrong")
    credential, account = opened
    await desk.gates.forgive(gate)
    require(account.validated, otherwise="email-pending")
    challenge = await one_time_codes.ask(desk, call, member_id, credential.id, Purpose.STEP_UP)
    return one_time_codes.asked(challenge, account.email)


async def complete(desk: Desk, call: Call, member_id: MemberId, challenge_id: ChallengeId, typed: str) -> Answer:
    """Take the second factor.

    Raises:
        Rejected: `one-time-code-…`.
    """
    challenge = await one_time_codes.standing(desk, call, challenge_id, Purpose.STEP_UP)
    require(challenge.member_id == member_id, otherwise="one-time-code-unknown")
    await one_time_codes.check(desk, call, challenge_id, Purpose.STEP_UP, typed)
    command = c.StepUp(
        at=desk.clock.now(),
        member_id=member_id,
        person_id=PersonId(member_id),
        challenge_id=challenge.id,
        factor=challenge.factor,
    )
    return await desk.service.handle(f"factors:{member_id}", command, cmd=call.cmd, meta=call.meta(member_id))
