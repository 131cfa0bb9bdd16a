"""What can be asked about one attestation de droits."""

import datetime as dt

from services.identity.domain.attestation_events import Named, RevokedFor, Scope
from services.identity.domain.ids import AttestationId, MemberId, PersonId
from services.identity.domain.register import Account
from shared.kernel import Command, Made


class IssueAttestation(Command):
    """Give one. What it prints was read from the register a moment ago, and the file is kept."""

    attestation_id: Made[AttestationId]
    person_id: PersonId
    member_id: MemberId
    number: Made[str]
    scope: Scope
    day: dt.date
    past: Made[bool]
    with_exemptions: bool
    named: Made[tuple[Named, ...]]
    salt: Made[str]
    code: Made[str]
    fund: Made[tuple[str, ...]]
    organism: Made[str]
    template: Made[str]
    renderer: Made[str]
    sha256: Made[str]
    subject: Account[PersonId | None] = None
    """The dependant, where it is for one."""


class RevokeAttestation(Command):
    """It holds no longer."""

    attestation_id: AttestationId
    person_id: PersonId
    reason: RevokedFor


AttestationCommand = IssueAttestation | RevokeAttestation
