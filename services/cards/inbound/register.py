"""Identity's events: who holds cards, and for how long."""

import datetime as dt
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.cards.domain import ceam_commands, commands
from services.cards.domain.holder import Address, RecordHolder, RecordHolderAddress
from services.cards.domain.ids import PersonId
from shared.kernel import Erased, Issued
from shared.messaging import Delivered
from shared.reactions import Incoming, On, Reaction


class _Address(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    lines: tuple[str, ...]
    postcode: str
    city: str
    country: str


class Registered(Incoming):
    """What the register says of a person; of it, what a card is made with."""

    person_id: PersonId
    as_of: AwareDatetime
    surname: str | Erased
    given_names: str | Erased
    birth_date: dt.date | Erased
    nir: str | Erased | None = None
    insured_person_id: PersonId | Erased | None = None
    address: _Address | Erased
    rights_from: dt.date | Erased | None = None
    rights_to: dt.date | Erased | None = None
    eu_national: bool | Erased | None = None
    confidential: tuple[str, ...] | Erased = ()


class Posted(Incoming):
    """Where letters to a person go: the register's word, or his own once it is trusted."""

    person_id: PersonId
    address: _Address | Erased


class Died(Incoming):
    """The person's card ends on that day."""

    person_id: PersonId
    died_on: dt.date | Erased


def learn(person: Registered, delivery: Delivered) -> list[Issued]:
    """Nothing can be made with what is left of an erased person."""
    facts: dict[str, Any] = person.model_dump(exclude={"nir", "address", "confidential"})
    address = person.address
    if isinstance(address, Erased) or any(isinstance(value, Erased) for value in (*facts.values(), person.nir)):
        return []
    place = Address.model_validate(address.model_dump())
    hidden = not isinstance(person.confidential, Erased) and "address" in person.confidential
    command = RecordHolder(
        at=delivery.recorded_at,
        **facts,
        personal_number=person.nir,
        address=place,
        address_is_confidential=hidden,
    )
    return [Issued(f"holder:{person.person_id}", command)]


def moved(person: Posted, delivery: Delivered) -> list[Issued]:
    """Cards go where letters go."""
    if isinstance(person.address, Erased):
        return []
    place = Address.model_validate(person.address.model_dump())
    command = RecordHolderAddress(at=delivery.recorded_at, person_id=person.person_id, address=place)
    return [Issued(f"holder:{person.person_id}", command)]


def ended(person: Died, delivery: Delivered) -> list[Issued]:
    """Both cards end at once."""
    last = delivery.recorded_at.date() if isinstance(person.died_on, Erased) else person.died_on
    facts: dict[str, Any] = {"at": delivery.recorded_at, "person_id": person.person_id, "ended_on": last}
    return [
        Issued(f"vitale:{person.person_id}", commands.EndVitaleRights(**facts)),
        Issued(f"ceam:{person.person_id}", ceam_commands.EndCeamRights(**facts)),
    ]


from_identity: Final = Reaction(
    name="cards.holders",
    source="identity",
    since=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
    handles={
        "PersonRegistered": On(Registered, learn),
        "PersonUpdated": On(Registered, learn),
        "PostalAddressChanged": On(Posted, moved),
        "PersonDied": On(Died, ended),
    },
)
