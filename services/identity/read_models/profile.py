"""Screen « Mon profil » : what the fund knows of me; one document per person of the register."""

import datetime as dt
from typing import assert_never

from pydantic import AwareDatetime

from services.identity.domain import events as e
from services.identity.domain.ids import PersonId
from services.identity.domain.nir import Nir
from services.identity.domain.register import Account, Address, Doctor
from shared.kernel import Projection, Value, members

Shown = e.PersonRegistered | e.PersonUpdated


class Profile(Value):
    """Read model: civil status, address, rights and declared doctor, as of the register's date."""

    person_id: PersonId
    as_of: AwareDatetime
    nir: Account[Nir | None]
    surname: Account[str]
    given_names: Account[str]
    birth_date: Account[dt.date]
    address: Account[Address]
    rights_from: Account[dt.date | None]
    rights_to: Account[dt.date | None]
    doctor: Account[Doctor | None]


def evolve(_: Profile | None, event: Shown) -> Profile:
    match event:
        case e.PersonRegistered() | e.PersonUpdated():
            return Profile(**event.model_dump(include=set(Profile.model_fields)))
        case _:
            assert_never(event)


profile = Projection(
    name="identity.profile",
    version=1,
    document=Profile,
    handles=members(Shown),
    key=lambda event: event.person_id,
    evolve=evolve,
)
