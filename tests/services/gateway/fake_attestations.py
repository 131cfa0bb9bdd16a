"""Attestations and signed codes, for the gateway's tests."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.gateway.clients.attestations import Attestation, AttestationList, StatusOf, Wanted
from services.gateway.clients.exports import packed
from services.gateway.clients.who import Who
from shared.documents.qr import Proof, QrSigner, digest, public_jwk
from shared.web.channel import Fresh, Written
from tests.services.gateway.fake_base import Fake
from tests.web import NOW

_KEY = Ed25519PrivateKey.generate()
_PEM = _KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
KEYS: dict[str, Any] = {"keys": [public_jwk(_KEY.public_key())]}
SALT = "0123456789abcdef"
PROOF = Proof(
    k="attestation",
    i="2f7c1d5e-8a4b-4c3d-9e6f-0a1b2c3d4e5f",
    n="AD-7KQ2-M4XD-9VTA",
    d=dt.date(2026, 11, 24),
    x=dt.date(2099, 12, 31),
    s=SALT,
    p=(("C. L.", digest(SALT, "Lefèvre-d'Arc", "Claire Anne", "1985-01-17", "285018313704228", "2099-12-31")),),
)


def code(base_url: str, **changes: Any) -> str:
    """The link in a printed code."""
    return QrSigner(_PEM, base_url).url(PROOF.model_copy(update=changes))


@dataclass
class FakeAttestations(Fake):
    """Those of one member."""

    name: str = "identity"
    made: tuple[Attestation, ...] = ()
    lag: int = 0
    as_of: dt.datetime | None = NOW
    statuses: dict[str, str] = field(default_factory=dict)

    async def mine(self, who: Who, written: str | None) -> Fresh[AttestationList]:
        self.called("mine", who=who, written=written)
        return Fresh(AttestationList(attestations=self.made), self.lag, self.as_of)

    async def ask(self, who: Who, command_id: str, wanted: Wanted) -> Written:
        self.called("ask", who=who, command_id=command_id, wanted=wanted)
        facts = wanted.model_dump(exclude={"dependant_id", "day"})
        new = Attestation(
            attestation_id=str(uuid.uuid4()),
            number=PROOF.n,
            day=wanted.day or NOW.date(),
            past=wanted.day is not None,
            until=dt.date(2027, 12, 31),
            names=("Camille",),
            issued_at=NOW,
            **facts,
        )
        self.made = (new, *self.made)
        return Written(stream=f"attestation:{new.attestation_id}", version=2)

    async def pdf(self, who: Who, attestation_id: str) -> bytes:
        self.called("pdf", who=who, attestation_id=attestation_id)
        return b"%PDF-1.7 ..."

    async def revoke(self, who: Who, command_id: str, attestation_id: str) -> Written:
        self.called("revoke", who=who, command_id=command_id, attestation_id=attestation_id)
        gone = {"revoked_at": NOW, "reason": "request"}
        self.made = tuple(
            one.model_copy(update=gone) if one.attestation_id == attestation_id else one for one in self.made
        )
        return Written(stream=f"attestation:{attestation_id}", version=3)

    async def status(self, who: Who, attestation_id: str) -> StatusOf:
        self.called("status", who=who, attestation_id=attestation_id)
        return StatusOf(status=self.statuses.get(attestation_id, "stands"))


@dataclass
class FakeExports(Fake):
    """Identity's part of the export."""

    name: str = "identity"

    async def file(self, who: Who, kind: str) -> bytes:
        self.called("file", who=who, kind=kind)
        return {"json": b'{"email": "c@exemple.fr"}', "fhir": b'{"resourceType": "Bundle"}', "pdf": b"%PDF-1.7"}[kind]

    async def archive(self, who: Who, made_at: dt.datetime) -> bytes:
        self.called("archive", who=who)
        return packed([], made_at)
