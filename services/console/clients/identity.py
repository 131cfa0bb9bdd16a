"""What the console asks of identity: who somebody is, how his account stands, a code on paper."""

import datetime as dt
from typing import Final

from services.console.clients.who import Who
from shared.web.channel import Answer, Channel, Written

BASE: Final = "/internal/desk"


class Found(Answer):
    """One person, and those who are so close to him that they may be the agent."""

    person_id: str
    relatives: tuple[str, ...] = ()


class Standing(Answer):
    """How his account stands, as the desk sees it."""

    account: str
    email_bounced: bool = False
    code: str | None = None
    code_until: dt.datetime | None = None
    bank: str | None = None
    bank_change_due_at: dt.datetime | None = None
    bank_change_in_doubt: bool = False
    bank_changes_blocked: bool = False

    @property
    def exists(self) -> bool:
        """Whether a second agent is needed."""
        return self.account not in {"none", "closed"}


class Address(Answer):
    """Where he lives."""

    lines: tuple[str, ...]
    postcode: str
    city: str
    country: str


class Profile(Answer):
    """Who he is, by the register. A destroyed field reads « effacé »."""

    nir_masked: str | None = None
    surname: str
    given_names: str
    birth_date: dt.date | str
    address: Address | str | None = None
    rights_to: str | None = None
    rank: int | str | None = None
    died_on: str | None = None


class CallerChecked(Answer):
    """Whether all that the caller said is right."""

    right: bool


class IdentityDesk:
    """Over HTTP."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def look_up(self, who: Who, nir: str, birth_date: dt.date) -> Found:
        body = {"nir": nir, "birth_date": birth_date.isoformat()}
        return await self._channel.ask(who, f"{BASE}/look-ups", Found, body=body)

    async def relatives(self, who: Who, person_id: str) -> Found:
        return (await self._channel.query(who, f"{BASE}/{person_id}/relatives", Found)).value

    async def standing(self, who: Who, person_id: str) -> Standing:
        return (await self._channel.query(who, f"{BASE}/{person_id}", Standing)).value

    async def profile(self, who: Who, person_id: str) -> Profile:
        return (await self._channel.query(who, f"{BASE}/{person_id}/profile", Profile)).value

    async def check_caller(self, who: Who, person_id: str, surname: str, postcode: str, iban_last7: str) -> bool:
        body = {"surname": surname, "postcode": postcode, "iban_last7": iban_last7}
        return (await self._channel.ask(who, f"{BASE}/{person_id}/caller-checks", CallerChecked, body=body)).right

    async def print_code(self, who: Who, cmd: str, person_id: str, document: str, approved_by: str | None) -> Written:
        body = {"document": document, "approved_by": approved_by}
        path = f"{BASE}/{person_id}/provisional-code"
        return await self._channel.command(who, path, Written, command_id=cmd, body=body)
