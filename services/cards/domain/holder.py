"""Who holds cards: what the fund's register says of a person, as far as cards are made and checked with it."""

import datetime as dt
from typing import Annotated, TypeVar

from pydantic import AwareDatetime, Field

from services.cards.domain.ids import PersonId
from shared.kernel import Command, Decider, Erased, Event, Personal, Value, require

T = TypeVar("T")
Account = Annotated[T | Erased, Personal("account")]
"""A copy of what identity keeps: gone with the account, whatever the cards themselves are kept for."""


class Address(Value):
    """Where a card goes."""

    lines: tuple[str, ...]
    postcode: str
    city: str
    country: str


class HolderFacts(Value):
    """A person at one date."""

    person_id: PersonId
    as_of: AwareDatetime
    surname: Account[str] = Field(examples=["Martin"])
    given_names: Account[str] = Field(examples=["Camille"])
    birth_date: Account[dt.date]
    personal_number: Account[str | None] = Field(examples=["1850183137042"])
    """Field 6 of a European card (Decision S2 of 12 June 2009). In no read model, and in no answer."""
    insured_person_id: Account[PersonId | None]
    address: Account[Address]
    address_is_confidential: Account[bool] = False
    """Then the person alone sees it."""
    rights_from: Account[dt.date | None]
    rights_to: Account[dt.date | None]


class RecordHolder(HolderFacts, Command):
    """The register says so."""


class HolderLearned(HolderFacts, Event, name="HolderLearned"):
    """The register says something else than before, or names the person for the first time."""


def decide(known: HolderFacts | None, command: RecordHolder) -> list[HolderLearned]:
    if known is not None:
        require(not isinstance(known.surname, Erased), otherwise="holder-erased")
        if command.as_of < known.as_of or facts_of(command) == known.model_copy(update={"as_of": command.as_of}):
            return []
    return [HolderLearned(**command.model_dump())]


def facts_of(source: HolderFacts) -> HolderFacts:
    """The facts alone, out of a command or an event that holds them."""
    return HolderFacts.model_validate({name: getattr(source, name) for name in HolderFacts.model_fields})


holder: Decider[HolderFacts | None, RecordHolder, HolderLearned] = Decider(
    category="holder", retention="account", initial=None, decide=decide, evolve=lambda _, event: facts_of(event)
)
