"""What happened to one attestation de droits."""

import datetime as dt
from enum import StrEnum

from pydantic import Field

from services.identity.domain.ids import AttestationId, MemberId, PersonId
from services.identity.domain.register import Account
from services.identity.domain.rights import ExemptionKind
from shared.kernel import Event, Value, members


class Scope(StrEnum):
    """Whom it names."""

    MEMBER = "member"
    DEPENDANT = "dependant"
    FAMILY = "family"
    """The member and the minors whom he may see."""


class RevokedFor(StrEnum):
    """Why it no longer holds."""

    REQUEST = "request"
    RIGHTS_ENDED = "rights-ended"


class NamedExemption(Value):
    """An exemption as it is printed."""

    kind: ExemptionKind
    starts_on: dt.date
    ends_on: dt.date | None


class Named(Value):
    """One person as he is printed (R161-33-8): the member, rank 01, or who depends on him, from 02 on."""

    person_id: PersonId
    surname: str
    given_names: str
    birth_date: dt.date
    nir: str | None
    """15 characters where it has a key."""
    rank: int | None
    doctor: bool | None
    """Whether a family doctor is declared; his name is nobody's business here. None: not told."""
    starts_on: dt.date
    ends_on: dt.date | None
    rate: int | None
    exemptions: tuple[NamedExemption, ...] = ()


class AttestationIssued(Event, name="AttestationIssued"):
    """The member has one: this event alone makes the same file again, byte for byte."""

    attestation_id: AttestationId
    person_id: PersonId
    """The member who asked for it."""
    member_id: MemberId
    number: str = Field(examples=["AD-7KQ2-M4XD-9VTA"])
    scope: Scope
    day: dt.date
    """The day that it tells of."""
    past: bool
    """It tells of a day that was past already."""
    until: dt.date | None
    """The last day on which the rights hold that it names; None: no end is known, or it tells of the past."""
    with_exemptions: bool
    named: Account[tuple[Named, ...]]
    salt: Account[str]
    code: Account[str]
    """The link in the printed code."""
    fund: tuple[str, ...]
    organism: str
    """Address and code of the fund on that day."""
    template: str = Field(examples=["attestation.v1"])
    renderer: str = Field(examples=["typst-0.15.2"])
    sha256: Account[str] = Field(examples=["0" * 64])


class AttestationNames(Event, name="AttestationNames"):
    """One person is named: what changes his rights concerns this attestation."""

    attestation_id: AttestationId
    person_id: PersonId
    until: dt.date | None


class AttestationRevoked(Event, name="AttestationRevoked"):
    """It no longer holds; whoever checks it is told so."""

    attestation_id: AttestationId
    person_id: PersonId
    reason: RevokedFor
    member_id: MemberId | None = None
    """Who had it made, and is told; events of the first days do not say it."""


AttestationEvent = AttestationIssued | AttestationNames | AttestationRevoked
ATTESTATION_EVENTS = members(AttestationEvent)
