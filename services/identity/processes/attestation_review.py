"""When the register ends rights that an attestation names, it is revoked: whoever checks it is told."""

from typing import assert_never

from services.identity.domain import attestation_commands as c
from services.identity.domain import attestation_events as a
from services.identity.domain import events as e
from services.identity.domain.ages import day_of
from services.identity.domain.attestation import still_holds
from services.identity.domain.ids import AttestationId, PersonId
from services.identity.domain.register import facts_of
from shared.kernel import Issued, Process, Value, members

Heard = a.AttestationNames | a.AttestationRevoked | e.PersonUpdated


class Review(Value):
    """The attestations that hold."""

    open: tuple[a.AttestationNames, ...] = ()


def decide(review: Review, event: Heard) -> list[Issued]:
    match event:
        case e.PersonUpdated():
            facts, day = facts_of(event), day_of(event.at)
            ended = [one for one in review.open if not still_holds(facts, one.until, day)]
            return [_revoke(one.attestation_id, event) for one in ended]
        case a.AttestationNames() | a.AttestationRevoked():
            return []
        case _:
            assert_never(event)


def _revoke(attestation_id: AttestationId, event: e.PersonUpdated) -> Issued:
    command = c.RevokeAttestation(
        at=event.at,
        attestation_id=attestation_id,
        person_id=PersonId(event.person_id),
        reason=a.RevokedFor.RIGHTS_ENDED,
    )
    return Issued(f"attestation:{attestation_id}", command)


def evolve(review: Review, event: Heard) -> Review:
    match event:
        case a.AttestationNames():
            return Review(open=(*review.open, event))
        case a.AttestationRevoked(attestation_id=attestation_id):
            return Review(open=tuple(one for one in review.open if one.attestation_id != attestation_id))
        case e.PersonUpdated():
            facts, day = facts_of(event), day_of(event.at)
            return Review(open=tuple(one for one in review.open if still_holds(facts, one.until, day)))
        case _:
            assert_never(event)


attestation_review: Process[Review, Heard] = Process(
    name="attestation-review",
    initial=Review(),
    handles=members(Heard),
    key=lambda event: event.person_id,
    decide=decide,
    evolve=evolve,
)
