"""Whether a visitor is the person he says he is: every item is compared, whatever the others gave."""

import datetime as dt
from collections.abc import Callable
from hmac import compare_digest
from typing import Final

from services.identity.domain.ages import may_hold_account
from services.identity.domain.iban import last_7
from services.identity.domain.ids import PersonId
from services.identity.domain.names import folded
from services.identity.domain.nir import Nir, agrees_with_birth
from services.identity.domain.person import Person
from services.identity.domain.postcode import Postcode
from services.identity.domain.register import Address, RegisterFacts, Sex
from shared.kernel import Value


class Named(Value):
    """Who a visitor says he is, in normal form."""

    nir: Nir
    surname: str
    birth_date: dt.date
    postcode: Postcode


class Claimed(Named):
    """And what proves it: the keyed hashes of the end of the IBAN and of the serial number."""

    iban_proof: str
    serial_proof: str


def names(named: Named, person: Person, day: dt.date) -> bool:
    """Whether this is the person, and may hold an account: one answer, in the same time whichever item is wrong."""
    facts = person.facts or NOBODY
    results = [
        _same(folded(named.surname), folded(_text(facts.surname))),
        _same(named.birth_date.isoformat(), _text(facts.birth_date)),
        _same(named.postcode, facts.address.postcode if isinstance(facts.address, Address) else ""),
        agrees_with_birth(named.nir, named.birth_date),
        may_hold(facts, day),
        person.facts is not None,
    ]
    return all(results)


def proves(claimed: Claimed, person: Person, day: dt.date, keyed: Callable[[str], str]) -> bool:
    """One answer for all items together, in the same time whichever is wrong; `keyed` hashes the end of an IBAN."""
    facts = person.facts or NOBODY
    iban_end = last_7(_text(facts.iban))
    results = [
        names(claimed, person, day),
        _same(claimed.iban_proof, keyed(iban_end)) & (iban_end != ""),
        _same(claimed.serial_proof, _text(person.serial_proof)),
    ]
    return all(results)


def answers_right(surname: str, postcode: Postcode, iban_last7: str, person: Person) -> bool:
    """Whether somebody on the telephone knows what the person knows: one answer, whichever item is wrong."""
    facts = person.facts or NOBODY
    results = [
        _same(folded(surname), folded(_text(facts.surname))),
        _same(postcode, facts.address.postcode if isinstance(facts.address, Address) else ""),
        _same(iban_last7.replace(" ", "").upper(), last_7(_text(facts.iban))),
        person.facts is not None,
    ]
    return all(results)


def _same(typed: str, known: str) -> bool:
    """In constant time; an empty value equals nothing."""
    return compare_digest(typed.encode(), known.encode()) & (known != "")


def _text(value: object) -> str:
    """A known value as text; nothing for one that is absent or erased."""
    match value:
        case str():
            return value
        case dt.date():
            return value.isoformat()
        case _:
            return ""


def may_hold(facts: RegisterFacts, day: dt.date) -> bool:
    """Whether this person may have an account: adult, or 16 with cover of his own; and alive."""
    own = facts.own_cover is True or facts.insured_person_id in {None, facts.person_id}
    birth_date = facts.birth_date if isinstance(facts.birth_date, dt.date) else day
    return may_hold_account(birth_date, day, personally_covered=own) and facts.died_on is None


NOBODY: Final = RegisterFacts(
    person_id=PersonId(""),
    as_of=dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
    nir=None,
    surname="nobody",
    given_names="",
    birth_date=dt.date(1900, 1, 1),
    sex=Sex.WOMAN,
    address=Address(lines=(), postcode=Postcode("00000"), city="", country=""),
    iban="·······",
    insured_person_id=None,
    rank=None,
    rights_from=None,
    rights_to=None,
    doctor=None,
)
"""What an unknown visitor's items are compared with, so that the work is the same."""
