"""The fund's register, as a feed: one line per person, all that is known of him at the file's date."""

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.identity.domain import commands as c
from services.identity.domain.iban import parse_iban
from services.identity.domain.ids import PersonId
from services.identity.domain.nir import parse_nir
from services.identity.domain.postcode import parse_postcode
from services.identity.domain.register import Address, Doctor, Sex
from shared.feeds import Feed, Kind, Line, Order

_SEXES: Final = {"M": "1", "H": "1", "F": "2", "1": "1", "2": "2"}

Words = Annotated[str, BeforeValidator(lambda value: " ".join(value) if isinstance(value, list) else value)]
Text = Annotated[str, Field(min_length=1, max_length=200)]


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


class PersonLine(_Tolerant):
    """One person. A dependant may have no number, no rank or no bank account of his own."""

    person_id: uuid.UUID
    nir: str | None = None
    surname: Text
    given_names: Annotated[Words, Field(max_length=200)]
    birth_date: dt.date
    sex: Annotated[Sex, BeforeValidator(lambda value: _SEXES.get(str(value).upper(), value))]
    address: AddressLine
    iban: str | None = None
    insured_person_id: uuid.UUID | None = None
    rank: Annotated[int, Field(ge=1, le=99)] | None = None
    rights_from: dt.date | None = None
    rights_to: dt.date | None = None
    doctor: DoctorLine | None = None


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
    )
    return [Order(f"person:{person_id}", command, pk=person_id, person_id=person_id)]


def register_feed(*, refuse_zero_parts: bool) -> Feed:
    """The feed `register`, signed by the fund's register."""
    kind = Kind(PersonLine, partial(orders, refuse_zero_parts=refuse_zero_parts))
    return Feed(name="register", sender="register", kinds={"person": kind})
