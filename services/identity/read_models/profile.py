"""Screen « Mon profil » : what the fund knows of me; one document per person of the register."""

import datetime as dt
from typing import Any, assert_never

from pydantic import AwareDatetime

from services.identity.domain import events as e
from services.identity.domain.ids import PersonId
from services.identity.domain.nir import Nir
from services.identity.domain.register import Address, Contact, Doctor, Part, Register, Sex
from services.identity.domain.rights import Exemption, RightsPeriod
from shared.kernel import Projection, Value, members

Shown = e.PersonRegistered | e.PersonUpdated | e.AddressChanged | e.PostalAddressChanged


class Profile(Value):
    """Read model: civil status, address, rights and declared doctor, as of the register's date."""

    person_id: PersonId
    as_of: AwareDatetime
    nir: Register[Nir | None]
    surname: Register[str]
    given_names: Register[str]
    birth_date: Register[dt.date]
    sex: Register[Sex]
    address: Register[Address]
    address_since: Register[dt.date | None]
    post_from: AwareDatetime | None = None
    """Until then letters with codes and cards go to the address before."""
    rights_from: Register[dt.date | None]
    rights_to: Register[dt.date | None]
    rights: Register[tuple[RightsPeriod, ...]]
    exemptions: Register[tuple[Exemption, ...]]
    doctor: Register[Doctor | None]
    contact: Register[Contact | None]
    insured_person_id: Register[PersonId | None]
    rank: Register[int | None]
    own_cover: Register[bool]
    confidential: Register[tuple[Part, ...]]
    died_on: Register[dt.date | None]


LIVING = {"address", "address_since"}
"""Told by events of their own: the register does not always have the last word on them."""


def evolve(profile: Profile | None, event: Shown) -> Profile:
    match event:
        case e.PersonRegistered() | e.PersonUpdated():
            facts: dict[str, Any] = event.model_dump(include=set(Profile.model_fields))
            if profile is not None:
                facts |= profile.model_dump(include={*LIVING, "post_from"})
            return Profile(**facts)
        case e.AddressChanged():
            assert profile is not None
            now = {"address": event.address, "address_since": event.since, "post_from": event.post_from}
            return profile.model_copy(update=now)
        case e.PostalAddressChanged():
            assert profile is not None
            return profile.model_copy(
                update={"address": event.address, "address_since": event.since, "post_from": None}
            )
        case _:
            assert_never(event)


profile = Projection(
    name="identity.profile",
    screen="Mon profil",
    version=3,
    document=Profile,
    handles=members(Shown),
    key=lambda event: event.person_id,
    evolve=evolve,
)
