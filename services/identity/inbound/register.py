"""The fund's register, as a feed: one line per person, all that is known of him at the file's date."""

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.identity.domain import commands as c
from services.identity.domain.bank_commands import RecordRegisterIban
from services.identity.domain.iban import parse_iban
from services.identity.domain.ids import PersonId
from services.identity.domain.nir import parse_nir
from services.identity.domain.postcode import parse_postcode
from services.identity.domain.register import Address, Contact, Doctor, Part, Sex
from services.identity.domain.rights import Exemption, ExemptionKind, RightsPeriod
from shared.feeds import Feed, Kind, Line, Order
from shared.feeds.set_aside import set_aside_lines
from shared.kernel import Command

_SEXES: Final = {"M": "1", "H": "1", "F": "2", "1": "1", "2": "2"}
_EXEMPTIONS: Final = frozenset(ExemptionKind)

Words = Annotated[str, BeforeValidator(lambda value: " ".join(value) if isinstance(value, list) else value)]
Text = Annotated[str, Field(min_length=1, max_length=200)]


set_aside: Final = set_aside_lines("identity")
"""What waits for the desk: lines that led to nothing, as one with a number that is another person's."""


class _Tolerant(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class AddressLine(_Tolerant):
    """Where letters go."""

    lines: Annotated[tuple[Text, ...], Field(max_length=6)]
    postcode: str
    city: Text
    country: Text = "FRANCE"


class DoctorLine(_Tolerant):
    """The declared family doctor."""

    name: Text
    rpps: Annotated[str, Field(pattern=r"^\d{11}$")] | None = None


class PeriodLine(_Tolerant):
    """Rights from a day to another, both included."""

    starts_on: Annotated[dt.date, Field(alias="from")]
    ends_on: Annotated[dt.date | None, Field(alias="to")] = None
    rate: Annotated[int, Field(ge=0, le=100)] | None = None


class ExemptionLine(_Tolerant):
    """An exemption; a kind that we do not know is one all the same."""

    kind: Annotated[ExemptionKind, BeforeValidator(lambda value: value if value in _EXEMPTIONS else "other")]
    starts_on: Annotated[dt.date, Field(alias="from")]
    ends_on: Annotated[dt.date | None, Field(alias="to")] = None


class ContactLine(_Tolerant):
    """Telephone and e-mail, as the fund knows them."""

    phone: Annotated[str, Field(max_length=40)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None


class PersonLine(_Tolerant):
    """One person. A dependant may have no number, no rank or no bank account of his own."""

    person_id: uuid.UUID
    nir: str | None = None
    surname: Text
    given_names: Annotated[Words, Field(max_length=200)]
    birth_date: dt.date
    sex: Annotated[Sex, BeforeValidator(lambda value: _SEXES.get(str(value).upper(), value))]
    address: AddressLine
    address_since: dt.date | None = None
    iban: str | None = None
    iban_since: dt.date | None = None
    insured_person_id: uuid.UUID | None = None
    """Who opens his rights: « covered by »."""
    rank: Annotated[int, Field(ge=1, le=99)] | None = None
    rights_from: dt.date | None = None
    rights_to: dt.date | None = None
    rights: Annotated[tuple[PeriodLine, ...], Field(max_length=100)] = ()
    exemptions: Annotated[tuple[ExemptionLine, ...], Field(max_length=100)] = ()
    doctor: DoctorLine | None = None
    contact: ContactLine | None = None
    household_id: uuid.UUID | None = None
    parents: Annotated[tuple[uuid.UUID, ...], Field(max_length=4)] = ()
    """Those to whom the child is attached."""
    own_cover: bool = False
    eu_national: bool | None = None
    confidential: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    died_on: dt.date | None = None

    def further(self) -> dict[str, Any]:
        """What lines say beyond the first form of the file; a part that we do not know cannot be shown anyway."""
        return {
            "household_id": str(self.household_id) if self.household_id else None,
            "parents": tuple(PersonId(str(parent)) for parent in self.parents),
            "own_cover": self.own_cover,
            "eu_national": self.eu_national,
            "rights": tuple(RightsPeriod(**one.model_dump()) for one in self.rights),
            "exemptions": tuple(Exemption(**one.model_dump()) for one in self.exemptions),
            "contact": Contact(**self.contact.model_dump()) if self.contact else None,
            "confidential": tuple(part for part in Part if part in self.confidential),
            "address_since": self.address_since,
            "iban_since": self.iban_since,
            "died_on": self.died_on,
        }


async def orders(person: PersonLine, line: Line, *, refuse_zero_parts: bool) -> Sequence[Order]:
    """Take the person over.

    Raises:
        Rejected: number, bank account or postcode is none; the line is set aside under this code.
    """
    person_id = PersonId(str(person.person_id))
    insured = person.insured_person_id
    command = c.RegisterPerson(
        at=line.at,
        as_of=line.as_of,
        person_id=person_id,
        nir=parse_nir(person.nir, refuse_zero_parts=refuse_zero_parts) if person.nir else None,
        surname=person.surname.strip(),
        given_names=person.given_names.strip(),
        birth_date=person.birth_date,
        sex=person.sex,
        address=Address(
            lines=person.address.lines,
            postcode=parse_postcode(person.address.postcode),
            city=person.address.city,
            country=person.address.country,
        ),
        iban=parse_iban(person.iban) if person.iban else None,
        insured_person_id=PersonId(str(insured)) if insured else None,
        rank=person.rank,
        rights_from=person.rights_from,
        rights_to=person.rights_to,
        doctor=Doctor(name=person.doctor.name, rpps=person.doctor.rpps) if person.doctor else None,
        **person.further(),
    )
    orders: list[tuple[str, Command]] = [(f"person:{person_id}", command)]
    if command.iban is not None:
        bank = RecordRegisterIban(
            at=line.at, person_id=person_id, iban=command.iban, since=person.iban_since, as_of=line.as_of
        )
        orders.append((f"bank:{person_id}", bank))
    return [Order(stream, one, pk=person_id, person_id=person_id) for stream, one in orders]


def register_feed(*, refuse_zero_parts: bool) -> Feed:
    """The feed `register`, signed by the fund's register."""
    kind = Kind(PersonLine, partial(orders, refuse_zero_parts=refuse_zero_parts))
    return Feed(name="register", sender="register", kinds={"person": kind})
