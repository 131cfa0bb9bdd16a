"""What the fund's register says of one person: the same fields in a command, an event and a state."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import AwareDatetime

from services.identity.domain.ids import PersonId
from services.identity.domain.nir import Nir
from services.identity.domain.postcode import Postcode
from services.identity.domain.rights import Exemption, RightsPeriod
from shared.kernel import ERASED, Erased, Personal, Value

T = TypeVar("T")
Account = Annotated[T | Erased, Personal("account")]
"""What is there because there is an account: gone with it."""
Register = Annotated[T | Erased, Personal("care")]
"""What the fund must know of whoever it covers and pays, account or not."""
Cards = Annotated[T | Erased, Personal("cards")]
Access = Annotated[T | Erased, Personal("access")]
"""Who came in, when and with what: kept after the account."""


class Sex(StrEnum):
    """As the NIR counts it."""

    MAN = "1"
    WOMAN = "2"


class Address(Value):
    """Where letters go."""

    lines: tuple[str, ...]
    postcode: Postcode
    city: str
    country: str


class Doctor(Value):
    """The declared family doctor (médecin traitant)."""

    name: str
    rpps: str | None


class Contact(Value):
    """How the fund reaches a person, besides letters."""

    phone: str | None = None
    email: str | None = None


class Part(StrEnum):
    """What the register may mark confidential: then the person alone sees it, whoever may see the rest of him."""

    ADDRESS = "address"
    CONTACT = "contact"
    DOCTOR = "doctor"
    RIGHTS = "rights"
    EXEMPTIONS = "exemptions"


class RegisterFacts(Value):
    """One person at one date. `insured_person_id` is who opens the rights: the person, or whom he depends on.

    What has a default came later: lines and events of an earlier day do not say it.
    """

    person_id: PersonId
    as_of: AwareDatetime
    nir: Register[Nir | None]
    surname: Register[str]
    given_names: Register[str]
    birth_date: Register[dt.date]
    sex: Register[Sex]
    address: Register[Address]
    iban: Register[str | None]
    insured_person_id: Register[PersonId | None]
    rank: Register[int | None]
    rights_from: Register[dt.date | None]
    rights_to: Register[dt.date | None]
    doctor: Register[Doctor | None]
    household_id: Register[str | None] = None
    parents: Register[tuple[PersonId, ...]] = ()
    """Those to whom a child is attached, and of an adult those to whom he was."""
    own_cover: Register[bool] = False
    """Covered in his own name before 18, from the day he is 16 (L161-1)."""
    eu_national: Register[bool | None] = None
    """Of a state of the European Union, as far as the register knows: some countries refuse a European card else."""
    rights: Register[tuple[RightsPeriod, ...]] = ()
    exemptions: Register[tuple[Exemption, ...]] = ()
    contact: Register[Contact | None] = None
    confidential: Register[tuple[Part, ...]] = ()
    address_since: Register[dt.date | None] = None
    iban_since: Register[dt.date | None] = None
    died_on: Register[dt.date | None] = None

    @property
    def erased(self) -> bool:
        """Whether the person's key is destroyed: nothing can be decided on what is left."""
        return self.surname is ERASED


def facts_of(source: RegisterFacts) -> RegisterFacts:
    """The facts alone, out of a command or an event that holds them."""
    return RegisterFacts.model_validate({name: getattr(source, name) for name in RegisterFacts.model_fields})


def same_person(one: RegisterFacts, other: RegisterFacts) -> bool:
    """Whether the register says the same at both dates."""
    return facts_of(one).model_copy(update={"as_of": other.as_of}) == facts_of(other)


def dated(facts: RegisterFacts, known: RegisterFacts | None) -> RegisterFacts:
    """With the days from which address and IBAN hold; where the register says none, since it names them."""
    changes = {
        f"{name}_since": _since(facts, known, name)
        for name in ("address", "iban")
        if getattr(facts, f"{name}_since") is None
    }
    return facts.model_copy(update=changes)


def _since(facts: RegisterFacts, known: RegisterFacts | None, name: str) -> dt.date | None:
    if known is not None and getattr(known, name) == getattr(facts, name):
        before: dt.date | None = getattr(known, f"{name}_since")
        return before
    return facts.as_of.date()
