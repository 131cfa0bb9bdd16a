"""What can be asked of a member's second factor. Each command says whose it is, for nothing opened the stream."""

from pydantic import AwareDatetime

from services.identity.domain.factor_events import Factor, Purpose
from services.identity.domain.ids import ChallengeId, MemberId, PersonId
from shared.kernel import Command, Made


class _OfMember(Command):
    member_id: MemberId
    person_id: PersonId


class RequestOneTimeCode(_OfMember):
    """Send the code of this challenge; asked again, the same code goes out again."""

    challenge_id: ChallengeId
    purpose: Purpose
    expires_at: Made[AwareDatetime]


class StepUp(_OfMember):
    """Note that code and second factor were right."""

    challenge_id: ChallengeId
    factor: Factor


FactorCommand = RequestOneTimeCode | StepUp
