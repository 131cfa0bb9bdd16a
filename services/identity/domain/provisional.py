"""A person's provisional code: asked for by whoever may hold an account, sent by post or handed over, used once."""

import datetime as dt
from enum import StrEnum
from typing import Any, Final, assert_never

from pydantic import AwareDatetime, Field

from services.identity.domain.ids import EnrolmentId, MemberId, PersonId, ProvisionalCodeId
from shared.kernel import Command, Decider, Event, Made, Value, members, require

UNDER_WAY: Final = dt.timedelta(days=8)
"""How long the post may take: a letter that is under way is neither sent again nor voided."""
A_YEAR: Final = dt.timedelta(days=365)
LETTERS_A_YEAR: Final = 3


class IdentityDocument(StrEnum):
    """What an agent has looked at; its kind is noted, and nothing of it is copied."""

    IDENTITY_CARD = "identity-card"
    PASSPORT = "passport"
    RESIDENCE_PERMIT = "residence-permit"
    DRIVING_LICENCE = "driving-licence"


class Stage(StrEnum):
    """How far a person's last code is."""

    REQUESTED = "requested"
    POSTED = "posted"
    HANDED_OVER = "handed-over"
    USED = "used"
    EXPIRED = "expired"


class _Code(Event):
    member_id: MemberId
    person_id: PersonId
    code_id: ProvisionalCodeId
    expires_at: AwareDatetime


class ProvisionalCodeRequested(_Code, name="ProvisionalCodeRequested"):
    """A letter with a code goes to the person. The code is made when the letter is, and stands in no event."""


class ProvisionalCodeHandedOver(_Code, name="ProvisionalCodeHandedOver"):
    """The desk has seen the person's papers, and printed the code; one sent before no longer works."""

    document: IdentityDocument | None = None
    account_exists: bool = False
    """It opens again an account that stands: two agents have seen to it, and its member is told."""
    approved_by: str | None = Field(default=None, examples=["agent-2"])


class ProvisionalCodePosted(Event, name="ProvisionalCodePosted"):
    """The printer has given the letter with it to the post."""

    member_id: MemberId
    person_id: PersonId
    code_id: ProvisionalCodeId


class ProvisionalCodeUsed(Event, name="ProvisionalCodeUsed"):
    """It has opened an enrolment: for that one alone it goes on being good."""

    member_id: MemberId
    person_id: PersonId
    code_id: ProvisionalCodeId
    enrolment_id: EnrolmentId


ProvisionalEvent = ProvisionalCodeRequested | ProvisionalCodePosted | ProvisionalCodeHandedOver | ProvisionalCodeUsed
PROVISIONAL_EVENTS: Final = members(ProvisionalEvent)


class _NewCode(Command):
    member_id: MemberId
    person_id: PersonId
    code_id: Made[ProvisionalCodeId]
    expires_at: Made[AwareDatetime]


class RequestProvisionalCode(_NewCode):
    """Send one by post."""


class HandOverProvisionalCode(_NewCode):
    """Give one at the desk. Where it opens again an account that stands, a second agent approves it."""

    first_agent: str
    document: IdentityDocument
    account_exists: Made[bool]
    approved_by: str | None = None


class RecordCodePosted(Command):
    """The letter with this code is on its way."""

    code_id: ProvisionalCodeId


class UseProvisionalCode(Command):
    """Open an account, or a lost one again."""

    code_id: ProvisionalCodeId
    enrolment_id: EnrolmentId


ProvisionalCommand = RequestProvisionalCode | RecordCodePosted | HandOverProvisionalCode | UseProvisionalCode


class Provisional(Value):
    """Only what the rules below need to decide. The last code replaces those before."""

    code: ProvisionalCodeHandedOver | ProvisionalCodeRequested | None = None
    posted: bool = False
    used_by: EnrolmentId | None = None
    letters: tuple[AwareDatetime, ...] = ()

    def usable(self, now: dt.datetime) -> bool:
        """Whether the last code may still be typed."""
        return self.code is not None and self.used_by is None and now < self.code.expires_at

    def stage(self, now: dt.datetime) -> Stage | None:
        """How far the last code is; None: there never was one."""
        if self.code is None:
            return None
        if not self.usable(now):
            return Stage.EXPIRED if self.used_by is None else Stage.USED
        if isinstance(self.code, ProvisionalCodeHandedOver):
            return Stage.HANDED_OVER
        return Stage.POSTED if self.posted else Stage.REQUESTED


def decide(state: Provisional, command: ProvisionalCommand) -> list[ProvisionalEvent]:
    match command:
        case RequestProvisionalCode():
            return _request(state, command)

        case HandOverProvisionalCode(approved_by=second):
            require(
                not command.account_exists or second not in {None, command.first_agent},
                otherwise="second-agent-required",
            )
            return [ProvisionalCodeHandedOver(**command.model_dump(exclude={"first_agent"}))]

        case RecordCodePosted(at=at, code_id=code_id):
            code = state.code  # one that was replaced, or printed at the desk, is not on its way
            news = isinstance(code, ProvisionalCodeRequested) and code.code_id == code_id and not state.posted
            return [ProvisionalCodePosted(at=at, **_of(code))] if code and news else []

        case UseProvisionalCode(code_id=code_id, enrolment_id=enrolment_id):
            code = state.code
            require(code is not None and code.code_id == code_id, otherwise="provisional-code-invalid")
            assert code is not None
            if state.used_by == enrolment_id:
                return []
            require(state.usable(command.at), otherwise="provisional-code-invalid")
            return [ProvisionalCodeUsed(at=command.at, **_of(code), enrolment_id=enrolment_id)]

        case _:
            assert_never(command)


def _request(state: Provisional, command: RequestProvisionalCode) -> list[ProvisionalEvent]:
    if state.usable(command.at) and state.letters and command.at < state.letters[-1] + UNDER_WAY:
        return []  # one is under way
    recent = [at for at in state.letters if command.at < at + A_YEAR]
    require(len(recent) < LETTERS_A_YEAR, otherwise="provisional-codes-exhausted")
    return [ProvisionalCodeRequested(**command.model_dump())]


def _of(code: _Code) -> dict[str, Any]:
    return code.model_dump(include={"member_id", "person_id", "code_id"})


def evolve(state: Provisional, event: ProvisionalEvent) -> Provisional:
    match event:
        case ProvisionalCodeRequested():
            return Provisional(code=event, letters=(*state.letters, event.at)[-LETTERS_A_YEAR:])
        case ProvisionalCodeHandedOver():
            return Provisional(code=event, letters=state.letters)
        case ProvisionalCodePosted():
            return state.model_copy(update={"posted": True})
        case ProvisionalCodeUsed(enrolment_id=enrolment_id):
            return state.model_copy(update={"used_by": enrolment_id})
        case _:
            assert_never(event)


provisional = Decider(category="provisional", retention="account", initial=Provisional(), decide=decide, evolve=evolve)
