"""What has happened around a member's second factor: codes sent, and proofs that it is still him."""

from enum import StrEnum

from pydantic import AwareDatetime

from services.identity.domain.ids import ChallengeId, MemberId, PersonId, TotpId
from shared.kernel import Event, members


class Purpose(StrEnum):
    """What a one-time code is good for; it opens nothing else."""

    SIGN_IN = "sign-in"
    STEP_UP = "step-up"


class Factor(StrEnum):
    """How a member proves more than that he knows a code."""

    EMAIL = "email"
    TOTP = "totp"


class _OfMember(Event):
    member_id: MemberId
    person_id: PersonId


class OneTimeCodeRequested(_OfMember, name="OneTimeCodeRequested"):
    """A code of six digits goes to the member's address. It is made when the mail is sent, and stands in no event."""

    challenge_id: ChallengeId
    purpose: Purpose
    expires_at: AwareDatetime


class SteppedUp(_OfMember, name="SteppedUp"):
    """The member gave his code and a second factor again, before something that matters."""

    challenge_id: ChallengeId
    factor: Factor


class TotpEnabled(_OfMember, name="TotpEnabled"):
    """Codes come from an app of the member's, no longer by mail."""

    totp_id: TotpId


class TotpDisabled(_OfMember, name="TotpDisabled"):
    """Codes come by mail again."""


FactorEvent = OneTimeCodeRequested | SteppedUp | TotpEnabled | TotpDisabled

FACTOR_EVENTS = members(FactorEvent)
