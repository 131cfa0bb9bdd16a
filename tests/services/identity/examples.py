"""One family and its days, used by the tests of identity. Everybody is invented."""

import datetime as dt
from typing import Any

from services.identity.domain import commands as c
from services.identity.domain import events as e
from services.identity.domain.ids import CardId, CredentialId, LinkId, MemberId, PersonId, SessionId
from services.identity.domain.nir import Nir
from services.identity.domain.postcode import Postcode
from services.identity.domain.register import Address, Doctor, RegisterFacts, Sex

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
AS_OF = dt.datetime(2026, 11, 24, 6, 0, tzinfo=dt.UTC)
SINCE = dt.date(2020, 1, 1)
CLAIRE = PersonId("3f1a6c1e-8a57-4f0e-9d5c-0b1f6f3a2c11")
PAUL = PersonId("9b2d7e40-1c33-4b52-8f0a-6a7c1d2e3f45")
MEMBER = MemberId(CLAIRE)
CARD = CardId("c0ffee00-0000-4000-8000-000000000001")
NEXT_CARD = CardId("c0ffee00-0000-4000-8000-000000000002")
PROOF = "serial:v1:" + "ab" * 32
NEXT_PROOF = "serial:v1:" + "cd" * 32
EMAIL = "claire.lefevre@exemple.fr"
CREDENTIAL = CredentialId("11111111-1111-4111-8111-111111111111")
LINK = LinkId("22222222-2222-4222-8222-222222222222")
NEXT_LINK = LinkId("33333333-3333-4333-8333-333333333333")
SESSION = SessionId("44444444-4444-4444-8444-444444444444")
NEXT_SESSION = SessionId("55555555-5555-4555-8555-555555555555")
DAY = dt.timedelta(days=1)


def after(**delta: float) -> dt.datetime:
    return NOW + dt.timedelta(**delta)


def facts(**changes: Any) -> dict[str, Any]:
    known = RegisterFacts(
        person_id=CLAIRE,
        as_of=AS_OF,
        nir=Nir("2850183137042"),
        surname="LEFÈVRE-D'ARC",
        given_names="Claire Anne",
        birth_date=dt.date(1985, 1, 17),
        sex=Sex.WOMAN,
        address=Address(lines=("12 rue des Remparts",), postcode=Postcode("83000"), city="TOULON", country="FRANCE"),
        iban="FR1420041010050500013M02606",
        insured_person_id=CLAIRE,
        rank=1,
        rights_from=dt.date(2020, 1, 1),
        rights_to=None,
        doctor=Doctor(name="Dr Ravel", rpps="10101201234"),
        address_since=SINCE,
        iban_since=SINCE,
    )
    return known.model_dump() | changes


def registered(**changes: Any) -> e.PersonRegistered:
    return e.PersonRegistered(at=NOW, **facts(**changes))


def updated(**changes: Any) -> e.PersonUpdated:
    return e.PersonUpdated(at=NOW, **facts(**changes))


def posted(**changes: Any) -> e.PostalAddressChanged:
    """Where letters go, by the register's first word."""
    said = facts(**changes)
    whose = {"person_id": said["person_id"], "address": said["address"], "since": said["address_since"]}
    whose["addressee"] = f"{said['given_names']} {said['surname']}"
    return e.PostalAddressChanged(at=NOW, source=e.AddressSource.REGISTER, **whose)


def known(**changes: Any) -> tuple[e.PersonEvent, ...]:
    """A person of the register who may hold an account."""
    return registered(**changes), posted(**changes)


def register(**changes: Any) -> c.RegisterPerson:
    return c.RegisterPerson(at=NOW, **facts(**changes))


WHOSE: dict[str, Any] = {"member_id": MEMBER, "person_id": CLAIRE}
HASH = "f" * 64

CREATED = e.AccountCreated(at=NOW, **WHOSE, email=EMAIL, cgu_version="2026-01", cgu_hash=HASH, credential_id=CREDENTIAL)
LINK_SENT = e.EmailValidationRequested(at=NOW, **WHOSE, link_id=LINK, expires_at=after(hours=24), email=EMAIL)
VALIDATED = e.EmailValidated(at=after(minutes=5), **WHOSE, email=EMAIL)
SIGNED_IN = e.SignedIn(at=after(minutes=6), **WHOSE, session_id=SESSION, access=e.Access.FULL)

CREATE = c.CreateAccount(
    at=NOW,
    **WHOSE,
    email=EMAIL,
    cgu_version="2026-01",
    cgu_hash=HASH,
    credential_id=CREDENTIAL,
    link_id=LINK,
    link_expires_at=after(hours=24),
)

NIR = "285018313704228"
SERIAL = "12345678909"
CODE = "soldat1!"

LINE: dict[str, Any] = {
    "kind": "person",
    "person_id": CLAIRE,
    "nir": NIR,
    "surname": "LEFÈVRE-D'ARC",
    "given_names": "Claire Anne",
    "birth_date": "1985-01-17",
    "sex": 2,
    "address": {"lines": ["12 rue des Remparts"], "postcode": "83000", "city": "TOULON", "country": "FR"},
    "iban": "FR14 2004 1010 0505 0001 3M02 606",
    "insured_person_id": CLAIRE,
    "rank": 1,
    "rights_from": "2020-01-01",
    "rights_to": None,
    "doctor": {"name": "Dr Ravel", "rpps": "10101201234"},
    "address_since": "2020-01-01",
    "iban_since": "2020-01-01",
}
"""Claire as the register sends her."""

PROOFS: dict[str, Any] = {
    "surname": "Lefevre d'arc",
    "nir": "2 85 01 83 137 042",
    "birth_date": "1985-01-17",
    "postcode": "83000",
    "iban_last_7": "3m02606",
    "serial": "1234567890",
}
"""What Claire types."""

CHOICES: dict[str, Any] = {"cgu_version": "2026-01", "cgu_hash": HASH, "code": CODE, "email": EMAIL}
