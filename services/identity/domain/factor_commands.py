"""What can be asked of a member's second factor. Each command says whose it is, for nothing opened the stream."""

from pydantic import AwareDatetime

from services.identity.domain.factor_events import Factor, Purpose
from services.identity.domain.ids import ChallengeId, MemberId, PersonId, TotpId
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


class EnableTotp(_OfMember):
    """Let codes come from this app: one of them was right."""

    totp_id: TotpId


class DisableTotp(_OfMember):
    """Let codes come by mail again."""


FactorCommand = RequestOneTimeCode | StepUp | EnableTotp | DisableTotp
