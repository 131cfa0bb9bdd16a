"""Screen « Mon profil » : what the fund knows of me; one document per person of the register."""

import datetime as dt
from typing import Any, assert_never

from pydantic import AwareDatetime

from services.identity.domain import events as e
from services.identity.domain.ids import PersonId
from services.identity.domain.nir import Nir
from services.identity.domain.register import Account, Address, Contact, Doctor, Part, Sex
from services.identity.domain.rights import Exemption, RightsPeriod
from shared.kernel import Projection, Value, members

Shown = e.PersonRegistered | e.PersonUpdated | e.AddressChanged | e.PostalAddressChanged


class Profile(Value):
    """Read model: civil status, address, rights and declared doctor, as of the register's date."""

    person_id: PersonId
    as_of: AwareDatetime
    nir: Account[Nir | None]
    surname: Account[str]
    given_names: Account[str]
    birth_date: Account[dt.date]
    sex: Account[Sex]
    address: Account[Address]
    address_since: Account[dt.date | None]
    post_from: AwareDatetime | None = None
    """Until then letters with codes and cards go to the address before."""
    rights_from: Account[dt.date | None]
    rights_to: Account[dt.date | None]
    rights: Account[tuple[RightsPeriod, ...]]
    exemptions: Account[tuple[Exemption, ...]]
    doctor: Account[Doctor | None]
    contact: Account[Contact | None]
    insured_person_id: Account[PersonId | None]
    rank: Account[int | None]
    own_cover: Account[bool]
    confidential: Account[tuple[Part, ...]]
    died_on: Account[dt.date | None]


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
    version=2,
    document=Profile,
    handles=members(Shown),
    key=lambda event: event.person_id,
    evolve=evolve,
)
