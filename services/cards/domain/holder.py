"""Who holds cards: what the fund's register says of a person, as far as cards are made and checked with it."""

import datetime as dt
from typing import Annotated, TypeVar, assert_never

from pydantic import AwareDatetime, Field

from services.cards.domain.ids import PersonId
from shared.kernel import Command, Decider, Erased, Event, Personal, Value, require

T = TypeVar("T")
Register = Annotated[T | Erased, Personal("care")]
"""A copy of what the register says: gone when that goes, whatever the cards themselves are kept for."""


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
    surname: Register[str] = Field(examples=["Martin"])
    given_names: Register[str] = Field(examples=["Camille"])
    birth_date: Register[dt.date]
    personal_number: Register[str | None] = Field(examples=["1850183137042"])
    """Field 6 of a European card (Decision S2 of 12 June 2009). In no read model, and in no answer."""
    insured_person_id: Register[PersonId | None]
    address: Register[Address]
    address_is_confidential: Register[bool] = False
    """Then the person alone sees it."""
    rights_from: Register[dt.date | None]
    rights_to: Register[dt.date | None]
    eu_national: Register[bool | None] = None
    """Of a state of the European Union; None: the register does not say."""


class Holder(HolderFacts):
    """What is known of a person."""

    posted: bool = False
    """The address is the one that letters go to, by the register's word or the person's own: it outweighs what the
    register says of where he lives."""


class RecordHolder(HolderFacts, Command):
    """The register says so."""


class RecordHolderAddress(Command):
    """Letters go there from now on, says identity: it weighs the register's word against the person's own."""

    person_id: PersonId
    address: Address


class HolderLearned(HolderFacts, Event, name="HolderLearned"):
    """The register says something else than before, or names the person for the first time."""


class HolderMoved(Event, name="HolderMoved"):
    """Cards go there from now on."""

    person_id: PersonId
    address: Register[Address]


HolderCommand = RecordHolder | RecordHolderAddress
HolderEvent = HolderLearned | HolderMoved


def decide(known: Holder | None, command: HolderCommand) -> list[HolderEvent]:
    require(known is None or not isinstance(known.surname, Erased), otherwise="holder-erased")
    match command:
        case RecordHolder():
            return [] if known is not None and _says_nothing_new(known, command) else [_learned(command)]
        case RecordHolderAddress(address=address):
            require(known is not None, otherwise="holder-unknown")
            same = known is not None and known.posted and known.address == address
            return [] if same else [HolderMoved(**command.model_dump())]
        case _:
            assert_never(command)


def evolve(known: Holder | None, event: HolderEvent) -> Holder | None:
    match event:
        case HolderLearned():
            return _merged(known, facts_of(event))
        case HolderMoved(address=address):
            return known and known.model_copy(update={"address": address, "posted": True})
        case _:
            assert_never(event)


def facts_of(source: HolderFacts) -> HolderFacts:
    """The facts alone, out of a command, an event or a state that holds them."""
    return HolderFacts.model_validate({name: getattr(source, name) for name in HolderFacts.model_fields})


def _says_nothing_new(known: Holder, command: RecordHolder) -> bool:
    told = _merged(known, facts_of(command))
    return command.as_of < known.as_of or told == known.model_copy(update={"as_of": command.as_of})


def _merged(known: Holder | None, facts: HolderFacts) -> Holder:
    own = {"address": known.address, "posted": True} if known and known.posted else {}
    return Holder.model_validate({**{name: getattr(facts, name) for name in HolderFacts.model_fields}, **own})


def _learned(command: RecordHolder) -> HolderLearned:
    return HolderLearned(**command.model_dump())


holder: Decider[Holder | None, HolderCommand, HolderEvent] = Decider(
    category="holder", retention="care", initial=None, decide=decide, evolve=evolve
)
