"""The identity service, as the member's site uses it."""

from enum import StrEnum
from typing import Any, Protocol

from pydantic import AwareDatetime, model_validator

from services.gateway.clients.who import Who
from services.gateway.drafts import Identity as IdentityFacts
from shared.web.channel import Answer, Channel, Fresh, Written


class Access(StrEnum):
    """What a session opens: nothing but the confirmation of the address, as long as that is missing."""

    FULL = "full"
    EMAIL_PENDING = "email-pending"


class Account(Answer):
    """The member's own account."""

    email: str
    email_validated: bool
    email_to_confirm: str | None = None
    """Where the member wants to be written to, once he has confirmed it there."""
    email_bounced: bool = False
    """Mail to the address comes back."""
    signed_in_before: AwareDatetime | None = None
    """When somebody came in the last time before this one."""


class Home(Account):
    """The same, with what the member's home shows beside it."""

    bank_change_due_at: AwareDatetime | None = None
    """When payments go to another account, unless the member cancels it."""


class EnrolmentStarted(Answer):
    """The visitor is who he says; an account may be made under this id."""

    enrolment_id: str


class Created(Answer):
    """The request was taken. What came of it the mailbox alone learns."""


class SignedIn(Written):
    """NIR and code were right."""

    member_id: str
    session_id: str
    access: Access
    cgu_version: str | None = None
    """The terms that were accepted last."""
    closing: bool = False
    """The member has asked to be forgotten: all that is left to do is to take it back."""


class CodeAsked(Answer):
    """A one-time code is asked for, and went where it says."""

    challenge_id: str
    factor: str
    expires_at: AwareDatetime
    sent_to: str


class _Door(Answer):
    """One of the three: the door is open, a code is asked for, or a provisional code leads to the wizard."""

    opened: SignedIn | None = None
    asked: CodeAsked | None = None
    enrolling: EnrolmentStarted | None = None

    @model_validator(mode="before")
    @classmethod
    def _which(cls, data: Any) -> Any:
        for mark, name in (("challenge_id", "asked"), ("enrolment_id", "enrolling")):
            if mark in data:
                return {name: data}
        return {"opened": data}


Entered = SignedIn | CodeAsked | EnrolmentStarted
"""What number and code lead to."""


class Identity(Protocol):
    """What the pages ask."""

    async def enrol(
        self, who: Who, command_id: str, facts: IdentityFacts, *, iban_end: str, serial: str
    ) -> EnrolmentStarted: ...
    async def create_account(
        self, who: Who, command_id: str, enrolment_id: str, *, cgu: tuple[str, str], code: str, email: str
    ) -> Created: ...
    async def sign_in(self, who: Who, command_id: str, nir: str, code: str) -> Entered: ...
    async def complete_sign_in(self, who: Who, command_id: str, challenge_id: str, code: str) -> SignedIn: ...
    async def ask_step_up(self, who: Who, command_id: str, code: str) -> CodeAsked: ...
    async def complete_step_up(self, who: Who, command_id: str, challenge_id: str, code: str) -> Written: ...
    async def resend_code(self, who: Who, command_id: str, challenge_id: str) -> Written: ...
    async def sign_out(self, who: Who, command_id: str, session_id: str) -> None: ...
    async def confirm_email(self, who: Who, command_id: str, token: str) -> Written: ...
    async def resend_confirmation(self, who: Who, command_id: str) -> Written: ...
    async def account(self, who: Who, written: str | None) -> Fresh[Account]: ...
    async def home(self, who: Who, written: str | None) -> Fresh[Home]: ...


class HttpIdentity:
    """The same, over the wire."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def enrol(
        self, who: Who, command_id: str, facts: IdentityFacts, *, iban_end: str, serial: str
    ) -> EnrolmentStarted:
        body = {**facts.model_dump(mode="json"), "iban_last_7": iban_end, "serial": serial}
        return await self._channel.command(who, "/enrolments", EnrolmentStarted, command_id=command_id, body=body)

    async def create_account(
        self, who: Who, command_id: str, enrolment_id: str, *, cgu: tuple[str, str], code: str, email: str
    ) -> Created:
        body = {"cgu_version": cgu[0], "cgu_hash": cgu[1], "code": code, "email": email}
        path = f"/enrolments/{enrolment_id}/account"
        return await self._channel.command(who, path, Created, command_id=command_id, body=body)

    async def sign_in(self, who: Who, command_id: str, nir: str, code: str) -> Entered:
        body = {"nir": nir, "code": code}
        door = await self._channel.command(who, "/sign-ins", _Door, command_id=command_id, body=body)
        outcome = door.opened or door.asked or door.enrolling
        assert outcome is not None, "one of the three is there"
        return outcome

    async def complete_sign_in(self, who: Who, command_id: str, challenge_id: str, code: str) -> SignedIn:
        body = {"one_time_code": code}
        path = f"/sign-ins/{challenge_id}"
        return await self._channel.command(who, path, SignedIn, command_id=command_id, body=body)

    async def ask_step_up(self, who: Who, command_id: str, code: str) -> CodeAsked:
        return await self._channel.command(who, "/step-ups", CodeAsked, command_id=command_id, body={"code": code})

    async def complete_step_up(self, who: Who, command_id: str, challenge_id: str, code: str) -> Written:
        body = {"one_time_code": code}
        return await self._channel.command(who, f"/step-ups/{challenge_id}", Written, command_id=command_id, body=body)

    async def resend_code(self, who: Who, command_id: str, challenge_id: str) -> Written:
        path = f"/one-time-codes/{challenge_id}/resend"
        return await self._channel.command(who, path, Written, command_id=command_id, body={})

    async def sign_out(self, who: Who, command_id: str, session_id: str) -> None:
        body = {"session_id": session_id}
        await self._channel.command(who, "/sign-outs", Answer, command_id=command_id, body=body)

    async def confirm_email(self, who: Who, command_id: str, token: str) -> Written:
        body = {"token": token}
        return await self._channel.command(who, "/email-validations", Written, command_id=command_id, body=body)

    async def resend_confirmation(self, who: Who, command_id: str) -> Written:
        path = "/email-validations/resend"
        return await self._channel.command(who, path, Written, command_id=command_id, body={})

    async def account(self, who: Who, written: str | None) -> Fresh[Account]:
        return await self._channel.query(who, "/account", Account, written=written)

    async def home(self, who: Who, written: str | None) -> Fresh[Home]:
        return await self._channel.query(who, "/home", Home, written=written)
