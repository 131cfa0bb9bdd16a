"""What an attestation prints and signs, from its facts and nothing else: the same facts make the same bytes."""

from itertools import pairwise
from typing import Any, Final

from services.identity.domain import attestation_commands as c
from services.identity.domain import attestation_events as e
from services.identity.domain.ages import PARIS
from shared.documents.qr import Proof, digest, svg
from shared.kernel import Rejected

WITH_KEY: Final = 15
PREFIX: Final = "AD"


def proof_of(facts: c.IssueAttestation) -> Proof:
    """What the code says: initials, and of what is printed a salted hash for each person."""
    ends = [one.ends_on for one in facts.named if one.ends_on]
    return Proof(
        k="attestation",
        i=facts.attestation_id,
        n=facts.number,
        d=facts.at.astimezone(PARIS).date(),
        x=None if facts.past or not ends else min(ends),
        s=facts.salt,
        p=tuple((initials(one), _digest(facts.salt, one)) for one in facts.named),
    )


def initials(one: e.Named) -> str:
    """`C. L.`: enough to see that it is about the person whose paper it is."""
    return f"{one.given_names[:1].upper()}. {one.surname[:1].upper()}."


def _digest(salt: str, one: e.Named) -> str:
    end = one.ends_on.isoformat() if one.ends_on else ""
    return digest(salt, one.surname, one.given_names, one.birth_date.isoformat(), one.nir or "", end)


def document_of(facts: c.IssueAttestation | e.AttestationIssued) -> dict[str, Any]:
    """What the template shows.

    Raises:
        Rejected: `attestation-unknown`, it is erased.
    """
    if not isinstance(facts.code, str) or not isinstance(facts.named, tuple):
        raise Rejected("attestation-unknown")
    local = facts.at.astimezone(PARIS)
    return {
        "created_at": local.isoformat(),
        "made_on": local.date().isoformat(),
        "day": facts.day.isoformat(),
        "past": facts.past,
        "number": facts.number,
        "page": facts.code.partition("#")[0],
        "qr": svg(facts.code),
        "fund": list(facts.fund),
        "code": facts.organism,
        "people": [_person(one) for one in facts.named],
    }


def _person(one: e.Named) -> dict[str, Any]:
    shown = one.model_dump(mode="json", exclude={"person_id"})
    rank = None if one.rank is None else f"{one.rank:02d}"
    return shown | {"rank": rank, "nir": None if one.nir is None else _spaced(one.nir)}


def _spaced(nir: str) -> str:
    """As it is printed: `2 85 01 83 137 042 28`."""
    cuts = (0, 1, 3, 5, 7, 10, 13, WITH_KEY)
    parts = [nir[start:end] for start, end in pairwise(cuts)]
    return " ".join(part for part in parts if part)
