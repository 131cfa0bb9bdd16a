"""Profile, address and bank details: the part of identity that is about a person, as the member's site uses it."""

import datetime as dt
from typing import Protocol

from pydantic import AwareDatetime

from services.gateway.clients.who import Who
from shared.postal import is_home
from shared.web.channel import Answer, Channel, Fresh, Written


class Address(Answer):
    """Where letters go."""

    lines: tuple[str, ...]
    postcode: str
    city: str
    country: str

    @property
    def abroad(self) -> str | None:
        """The country, where it must be written."""
        return None if is_home(self.country) else self.country


class RightsPeriod(Answer):
    """Covered from the first day to the last, both included."""

    starts_on: dt.date
    ends_on: dt.date | None = None
    rate: int | None = None

    def covers(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Exemption(Answer):
    """Why no part is left to the insured."""

    kind: str
    starts_on: dt.date
    ends_on: dt.date | None = None


class Doctor(Answer):
    """The declared family doctor."""

    name: str


class Contact(Answer):
    """How the fund reaches a person."""

    phone: str | None = None
    email: str | None = None


class Profile(Answer):
    """A person as the register knows him."""

    person_id: str
    as_of: AwareDatetime
    nir_masked: str | None
    surname: str
    given_names: str
    birth_date: dt.date
    address: Address | None = None
    address_since: dt.date | None = None
    post_from: AwareDatetime | None = None
    rights_from: dt.date | None = None
    rights_to: dt.date | None = None
    rights: tuple[RightsPeriod, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    doctor: Doctor | None = None
    contact: Contact | None = None
    rank: int | None = None
    own_cover: bool = False
    died_on: dt.date | None = None

    @property
    def periods(self) -> tuple[RightsPeriod, ...]:
        """The newest first; of a register that names a single one, that one."""
        single = (RightsPeriod(starts_on=self.rights_from, ends_on=self.rights_to),) if self.rights_from else ()
        return tuple(sorted(self.rights or single, key=lambda one: one.starts_on, reverse=True))


class Dependants(Answer):
    """Those whom the member may see."""

    persons: tuple[Profile, ...] = ()


class Change(Answer):
    """One line of the history: codes, whose words the page has."""

    what: str
    at: AwareDatetime
    by: str


class ProfileHistory(Answer):
    """What changed, the newest first."""

    changes: tuple[Change, ...] = ()


class BankDetails(Answer):
    """Masked numbers alone."""

    masked: str | None = None
    since: dt.date | None = None
    source: str | None = None
    request_id: str | None = None
    new_masked: str | None = None
    due_at: AwareDatetime | None = None
    in_doubt: bool = False
    blocked: bool = False
    closed_until: AwareDatetime | None = None

    @property
    def open(self) -> bool:
        """Whether a change can be asked for now."""
        return not (self.blocked or self.closed_until or self.request_id)


class CheckedIban(Answer):
    """What may be said of an account before anything is asked."""

    masked: str
    bank: str | None = None


class Look(Answer):
    """One look of the fund's staff at a file. A destroyed field reads « effacé »."""

    given_names: str | None = None
    """Of a child younger than 16 whose file it was; None: the member's own."""
    at: AwareDatetime
    role: str
    purpose: str
    part: str


class Looks(Answer):
    """The newest first."""

    looks: tuple[Look, ...] = ()


class Persons(Protocol):
    """What the pages ask."""

    async def profile(self, who: Who, written: str | None) -> Fresh[Profile]: ...
    async def dependants(self, who: Who) -> Fresh[Dependants]: ...
    async def history(self, who: Who, written: str | None) -> Fresh[ProfileHistory]: ...
    async def looks(self, who: Who) -> Fresh[Looks]: ...
    async def move(self, who: Who, command_id: str, address: Address) -> Written: ...
    async def bank_details(self, who: Who, written: str | None) -> Fresh[BankDetails]: ...
    async def check_iban(self, who: Who, command_id: str, iban: str) -> CheckedIban: ...
    async def change_bank_details(self, who: Who, command_id: str, iban: str) -> Written: ...
    async def cancel_bank_change(self, who: Who, command_id: str, request_id: str) -> Written: ...
    async def cancel_by_link(self, who: Who, command_id: str, token: str) -> Written: ...


class HttpPersons:
    """The same, over the wire."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def profile(self, who: Who, written: str | None) -> Fresh[Profile]:
        return await self._channel.query(who, "/profile", Profile, written=written)

    async def dependants(self, who: Who) -> Fresh[Dependants]:
        return await self._channel.query(who, "/dependants", Dependants)

    async def history(self, who: Who, written: str | None) -> Fresh[ProfileHistory]:
        return await self._channel.query(who, "/profile/history", ProfileHistory, written=written)

    async def looks(self, who: Who) -> Fresh[Looks]:
        return await self._channel.query(who, "/file-reads", Looks)

    async def move(self, who: Who, command_id: str, address: Address) -> Written:
        body = address.model_dump(mode="json")
        return await self._channel.command(who, "/address-changes", Written, command_id=command_id, body=body)

    async def bank_details(self, who: Who, written: str | None) -> Fresh[BankDetails]:
        return await self._channel.query(who, "/bank-details", BankDetails, written=written)

    async def check_iban(self, who: Who, command_id: str, iban: str) -> CheckedIban:
        path = "/bank-details/checks"
        return await self._channel.command(who, path, CheckedIban, command_id=command_id, body={"iban": iban})

    async def change_bank_details(self, who: Who, command_id: str, iban: str) -> Written:
        path = "/bank-details/changes"
        return await self._channel.command(who, path, Written, command_id=command_id, body={"iban": iban})

    async def cancel_bank_change(self, who: Who, command_id: str, request_id: str) -> Written:
        path = f"/bank-details/changes/{request_id}/cancellation"
        return await self._channel.command(who, path, Written, command_id=command_id, body={})

    async def cancel_by_link(self, who: Who, command_id: str, token: str) -> Written:
        path = "/bank-details/cancellations"
        return await self._channel.command(who, path, Written, command_id=command_id, body={"token": token})
