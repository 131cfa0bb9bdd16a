"""Screen « Mes attestations » : what have I had made, for whom, does it still hold? One document per attestation."""

import datetime as dt
from typing import assert_never

from pydantic import AwareDatetime

from services.identity.domain import attestation_events as e
from services.identity.domain.ids import AttestationId, PersonId
from services.identity.domain.register import Account
from shared.kernel import Erased, Projection, Value, members

Shown = e.AttestationIssued | e.AttestationRevoked


class AttestationShown(Value):
    """Read model: given names alone; the file is found by its hash, which stands in the event."""

    attestation_id: AttestationId
    person_id: PersonId
    number: str
    scope: e.Scope
    day: dt.date
    past: bool
    until: dt.date | None
    with_exemptions: bool
    names: Account[tuple[str, ...]]
    issued_at: AwareDatetime
    revoked_at: AwareDatetime | None = None
    reason: e.RevokedFor | None = None


def evolve(before: AttestationShown | None, event: Shown) -> AttestationShown:
    match event:
        case e.AttestationIssued(named=named):
            facts = event.model_dump(
                include={"attestation_id", "person_id", "number", "scope", "day", "past", "until", "with_exemptions"}
            )
            names = named if isinstance(named, Erased) else tuple(one.given_names for one in named)
            return AttestationShown(**facts, names=names, issued_at=event.at)
        case e.AttestationRevoked(reason=reason):
            assert before is not None
            return before.model_copy(update={"revoked_at": event.at, "reason": reason})
        case _:
            assert_never(event)


attestations = Projection(
    name="identity.attestations",
    screen="Mes attestations",
    version=1,
    document=AttestationShown,
    handles=members(Shown),
    key=lambda event: event.attestation_id,
    evolve=evolve,
    indexes=("person_id", "number"),
)
