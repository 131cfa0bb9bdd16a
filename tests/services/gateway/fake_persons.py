"""The part of identity that is about a person, for the gateway's tests."""

import datetime as dt
from dataclasses import dataclass, field

from services.gateway.clients.persons import (
    Address,
    BankDetails,
    Change,
    CheckedIban,
    Dependants,
    Look,
    Looks,
    Profile,
    ProfileHistory,
)
from services.gateway.clients.who import Who
from shared.web.channel import Fresh, Refused, Written
from tests.services.gateway.fake_base import Fake
from tests.web import NOW

PROFILE = Profile.model_validate(
    {
        "person_id": "6f0c1c2e-7f6b-4f0e-9a52-2f1f6f0f9a01",
        "as_of": NOW,
        "nir_masked": "1 85 ** ** *** *** **",
        "surname": "Martin",
        "given_names": "Camille",
        "birth_date": "1985-01-17",
        "address": {"lines": ["12 rue des Remparts"], "postcode": "83000", "city": "TOULON", "country": "FRANCE"},
        "address_since": "2020-01-01",
        "rights": [
            {"starts_on": "2024-01-01", "ends_on": "2025-12-31", "rate": 70},
            {"starts_on": "2026-01-01", "ends_on": None, "rate": 100},
        ],
        "exemptions": [{"kind": "ald", "starts_on": "2025-02-01", "ends_on": None}],
        "doctor": {"name": "Dr Ravel"},
        "contact": {"phone": "06 39 98 00 00"},
        "rank": 1,
    }
)
CHILD = PROFILE.model_copy(
    update={
        "person_id": "5d5e3c2b-9f3e-4f46-8a45-6a1f2e3d4c5b",
        "given_names": "Léa",
        "birth_date": dt.date(2015, 3, 10),
        "nir_masked": None,
        "doctor": None,
        "exemptions": (),
        "rank": 2,
    }
)
BANK = BankDetails(masked="FR14 •••• •••• •••• •••• ••02 606", since=dt.date(2020, 1, 1), source="register")
HELD = BANK.model_copy(
    update={
        "request_id": "88888888-8888-4888-8888-888888888888",
        "new_masked": "FR76 •••• •••• •••• •••• ••90 189",
        "due_at": NOW + dt.timedelta(hours=72),
    }
)
WRITTEN = Written(stream="person:x", version=9)


@dataclass
class FakePersons(Fake):
    """One member with a child."""

    name: str = "identity"
    own: Profile = PROFILE
    others: tuple[Profile, ...] = (CHILD,)
    bank: BankDetails = BANK
    changes: tuple[Change, ...] = ()
    lag: int = 0
    as_of: dt.datetime | None = NOW
    tokens: dict[str, Refused | None] = field(default_factory=dict)

    async def profile(self, who: Who, written: str | None) -> Fresh[Profile]:
        self.called("profile", who=who, written=written)
        return Fresh(self.own, self.lag, self.as_of)

    async def dependants(self, who: Who) -> Fresh[Dependants]:
        self.called("dependants", who=who)
        return Fresh(Dependants(persons=self.others), as_of=self.as_of)

    async def history(self, who: Who, written: str | None) -> Fresh[ProfileHistory]:
        self.called("history", who=who, written=written)
        return Fresh(ProfileHistory(changes=self.changes), self.lag, self.as_of)

    async def move(self, who: Who, command_id: str, address: Address) -> Written:
        self.called("move", who=who, command_id=command_id, address=address)
        self.own = self.own.model_copy(update={"address": address, "post_from": NOW + dt.timedelta(days=15)})
        return WRITTEN

    async def bank_details(self, who: Who, written: str | None) -> Fresh[BankDetails]:
        self.called("bank_details", who=who, written=written)
        return Fresh(self.bank, self.lag, self.as_of)

    async def check_iban(self, who: Who, command_id: str, iban: str) -> CheckedIban:
        self.called("check_iban", who=who, command_id=command_id, iban=iban)
        return CheckedIban(masked="FR76 •••• •••• •••• •••• ••90 189", bank="CREDIT AGRICOLE SA")

    async def change_bank_details(self, who: Who, command_id: str, iban: str) -> Written:
        self.called("change_bank_details", who=who, command_id=command_id, iban=iban)
        self.bank = HELD
        return WRITTEN

    async def cancel_bank_change(self, who: Who, command_id: str, request_id: str) -> Written:
        self.called("cancel_bank_change", who=who, command_id=command_id, request_id=request_id)
        self.bank = BANK
        return WRITTEN

    async def cancel_by_link(self, who: Who, command_id: str, token: str) -> Written:
        self.called("cancel_by_link", who=who, command_id=command_id, token=token)
        return WRITTEN

    seen: tuple[Look, ...] = ()

    async def looks(self, who: Who) -> Fresh[Looks]:
        self.called("looks", who=who)
        return Fresh(Looks(looks=self.seen), as_of=self.as_of)
