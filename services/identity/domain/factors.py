"""A member's second factor: how often a code may be sent, and what was proved with it."""

import datetime as dt
from typing import Final, assert_never

from pydantic import AwareDatetime

from services.identity.domain import factor_commands as c
from services.identity.domain import factor_events as e
from services.identity.domain.ids import ChallengeId, TotpId
from shared.kernel import Decider, Value, require

BETWEEN_CODES: Final = dt.timedelta(minutes=1)
SENT_AT_MOST: Final = 3
"""How often one code is sent."""
REMEMBERED: Final = dt.timedelta(hours=1)
CODES_AN_HOUR: Final = 10
"""For each purpose: what somebody asks for at the door does not keep the member from confirming what he does inside."""


class Sent(Value):
    """One mail with a code."""

    challenge_id: ChallengeId
    purpose: e.Purpose
    at: AwareDatetime


class Factors(Value):
    """Only what the rules below need to decide."""

    sent: tuple[Sent, ...] = ()
    stepped_up: ChallengeId | None = None
    totp_id: TotpId | None = None


def decide(factors: Factors, command: c.FactorCommand) -> list[e.FactorEvent]:
    match command:
        case c.RequestOneTimeCode():
            _require_patience(factors, command)
            return [e.OneTimeCodeRequested(**command.model_dump())]

        case c.StepUp(challenge_id=challenge_id):
            return [] if factors.stepped_up == challenge_id else [e.SteppedUp(**command.model_dump())]

        case c.EnableTotp(totp_id=totp_id):
            return [] if factors.totp_id == totp_id else [e.TotpEnabled(**command.model_dump())]

        case c.DisableTotp():
            return [] if factors.totp_id is None else [e.TotpDisabled(**command.model_dump())]

        case _:
            assert_never(command)


def _require_patience(factors: Factors, command: c.RequestOneTimeCode) -> None:
    same = [one for one in factors.sent if one.challenge_id == command.challenge_id]
    require(not same or command.at >= same[-1].at + BETWEEN_CODES, otherwise="one-time-code-just-sent")
    require(len(same) < SENT_AT_MOST, otherwise="one-time-code-sent-enough")
    recent = [one for one in _young(factors, command.at) if one.purpose is command.purpose]
    require(len(recent) < CODES_AN_HOUR, otherwise="one-time-code-sent-enough")


def _young(factors: Factors, now: dt.datetime) -> tuple[Sent, ...]:
    return tuple(one for one in factors.sent if now < one.at + REMEMBERED)


def evolve(factors: Factors, event: e.FactorEvent) -> Factors:
    match event:
        case e.OneTimeCodeRequested():
            sent = Sent(challenge_id=event.challenge_id, purpose=event.purpose, at=event.at)
            return factors.model_copy(update={"sent": (*_young(factors, event.at), sent)})
        case e.SteppedUp(challenge_id=challenge_id):
            return factors.model_copy(update={"stepped_up": challenge_id})
        case e.TotpEnabled(totp_id=totp_id):
            return factors.model_copy(update={"totp_id": totp_id})
        case e.TotpDisabled():
            return factors.model_copy(update={"totp_id": None})
        case _:
            assert_never(event)


factors = Decider(category="factors", retention="account", initial=Factors(), decide=decide, evolve=evolve)
