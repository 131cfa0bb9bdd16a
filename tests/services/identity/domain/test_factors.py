"""A member's second factor: given what happened, when it is asked something, then …"""

import datetime as dt
from typing import Any

from services.identity.domain import factor_commands as c
from services.identity.domain import factor_events as e
from services.identity.domain.factors import Factors, factors
from services.identity.domain.ids import ChallengeId, TotpId
from shared.testing.spec import Spec
from tests.services.identity.examples import NOW, WHOSE, after

FIRST = ChallengeId("77777777-7777-4777-8777-777777777777")
OTHER = ChallengeId("88888888-8888-4888-8888-888888888888")

a_member: Spec[Factors, c.FactorCommand, e.FactorEvent] = Spec(factors)


def ask(challenge: ChallengeId = FIRST, at: dt.datetime = NOW, **changes: Any) -> c.RequestOneTimeCode:
    facts = {"challenge_id": challenge, "purpose": e.Purpose.SIGN_IN, "expires_at": after(minutes=10), **changes}
    return c.RequestOneTimeCode(at=at, **WHOSE, **facts)


def sent(challenge: ChallengeId = FIRST, at: dt.datetime = NOW, **changes: Any) -> e.OneTimeCodeRequested:
    return e.OneTimeCodeRequested(**ask(challenge, at, **changes).model_dump())


def test_a_code_is_sent() -> None:
    a_member.when(ask()).then(sent())


def test_the_same_code_goes_out_again_a_minute_later_and_three_times_at_most() -> None:
    once = a_member.given(sent())
    once.when(ask(at=after(seconds=59))).rejected("one-time-code-just-sent")
    once.when(ask(at=after(seconds=60))).then(sent(at=after(seconds=60)))
    thrice = once.given(sent(at=after(minutes=1)), sent(at=after(minutes=2)))
    thrice.when(ask(at=after(minutes=3))).rejected("one-time-code-sent-enough")


def test_another_session_has_a_code_of_its_own_at_once() -> None:
    a_member.given(sent()).when(ask(OTHER, after(seconds=1))).then(sent(OTHER, after(seconds=1)))


def test_ten_codes_an_hour_are_enough_for_one_purpose_and_leave_the_other_alone() -> None:
    many = a_member.given(*(sent(ChallengeId(f"{number}"), after(minutes=number)) for number in range(10)))
    many.when(ask(OTHER, after(minutes=59))).rejected("one-time-code-sent-enough")
    many.when(ask(OTHER, after(minutes=60))).then(sent(OTHER, after(minutes=60)))
    inside = {"purpose": e.Purpose.STEP_UP}
    many.when(ask(OTHER, after(minutes=59), **inside)).then(sent(OTHER, after(minutes=59), **inside))


def test_a_step_up_is_noted_once() -> None:
    command = c.StepUp(at=after(minutes=1), **WHOSE, challenge_id=FIRST, factor=e.Factor.EMAIL)
    noted = e.SteppedUp(**command.model_dump())
    a_member.given(sent()).when(command).then(noted)
    a_member.given(sent(), noted).when(command).nothing()


def test_an_app_is_switched_on_replaced_and_off() -> None:
    on = {"at": NOW, **WHOSE, "totp_id": TotpId("t-1")}
    enabled = e.TotpEnabled(**on)
    a_member.when(c.EnableTotp(**on)).then(enabled)
    a_member.given(enabled).when(c.EnableTotp(**on)).nothing()
    other = {**on, "totp_id": TotpId("t-2")}
    a_member.given(enabled).when(c.EnableTotp(**other)).then(e.TotpEnabled(**other))
    disabled = e.TotpDisabled(at=NOW, **WHOSE)
    a_member.given(enabled).when(c.DisableTotp(at=NOW, **WHOSE)).then(disabled)
    a_member.given(enabled, disabled).when(c.DisableTotp(at=NOW, **WHOSE)).nothing()
    assert factors.fold([enabled, disabled]).totp_id is None
