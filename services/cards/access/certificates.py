"""Making a provisional replacement certificate: what is known of the holder, printed and signed, kept as a file."""

import asyncio
import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any, Final

from services.cards.access.declarations import TEMPLATES
from services.cards.domain import ceam_commands as c
from services.cards.domain.ceam import certificate_period
from services.cards.domain.ceam_words import certificate_number
from services.cards.domain.holder import HolderFacts
from services.cards.domain.ids import CertificateId, FileId, PersonId
from services.cards.settings import settings_of
from shared.documents import RENDERER, Archive, Renderer
from shared.documents.qr import Proof, QrSigner, digest, svg
from shared.kernel import Erased, Rejected
from shared.service import Service

VERSION: Final = 1
RETENTION: Final = "cards"
PDF: Final = "application/pdf"
NOT_MADE: Final = FileId("")


@dataclass(frozen=True)
class Certificates:
    """The printer, the seal and the archive."""

    service: Service
    signer: QrSigner
    renderer: Renderer
    archive: Archive

    @classmethod
    def of(cls, service: Service) -> "Certificates":
        """Those of a running service."""
        signer = QrSigner(service.settings.private_key("documents"), service.settings.public_url)
        return cls(service, signer, Renderer(TEMPLATES), Archive(service.database, service.vault))

    async def prepared(self, person_id: PersonId, facts: dict[str, Any]) -> c.IssueCeamCertificate:
        """The command, with the document that it is about; asked again under the same id nothing is printed.

        Raises:
            Rejected: no certificate is due.
        """
        own: dict[str, Any] = {"document": NOT_MADE, "template_version": VERSION, "renderer": RENDERER}
        draft = c.IssueCeamCertificate(**facts, **own)
        state, _ = await self.service.state(f"ceam:{person_id}")
        if state.certificate and state.certificate.certificate_id == draft.certificate_id:
            return draft
        first, last = certificate_period(state, draft)
        pdf = await asyncio.to_thread(self._printed, draft, await self._holder(person_id), first, last)
        kept = await self.archive.put(pdf, person_id=person_id, retention=RETENTION, media_type=PDF)
        return draft.model_copy(update={"document": FileId(kept)})

    async def get(self, person_id: PersonId, document: FileId) -> bytes | None:
        """The file that was given."""
        found = await self.archive.get(document, person_id=person_id, retention=RETENTION)
        return found[0] if found else None

    async def _holder(self, person_id: PersonId) -> HolderFacts:
        """With the insured person's number where the holder has none (Decision S2, field 6)."""
        facts: HolderFacts | None = (await self.service.state(f"holder:{person_id}"))[0]
        if facts is None or isinstance(facts.surname, Erased):
            raise Rejected("ceam-unknown")
        insured = facts.insured_person_id
        if facts.personal_number is None and isinstance(insured, str) and insured != person_id:
            other = (await self.service.state(f"holder:{insured}"))[0]
            return facts.model_copy(update={"personal_number": other.personal_number if other else None})
        return facts

    def _printed(self, draft: c.IssueCeamCertificate, holder: HolderFacts, first: dt.date, last: dt.date) -> bytes:
        settings = settings_of(self.service)
        number = certificate_number(draft.certificate_id)
        code = self.signer.url(_proof(draft.certificate_id, number, holder, first, last))
        data = {
            "created_at": draft.at.isoformat(),
            "number": number,
            "surname": str(holder.surname),
            "given_names": str(holder.given_names),
            "birth_date": str(holder.birth_date),
            "personal_number": str(holder.personal_number or ""),
            "institution": settings.institution,
            "valid_from": first.isoformat(),
            "valid_until": last.isoformat(),
            "qr": svg(code),
            "page": code.partition("#")[0],
        }
        return self.renderer.render("certificate", VERSION, data)


def _proof(certificate_id: CertificateId, number: str, holder: HolderFacts, first: dt.date, last: dt.date) -> Proof:
    salt = secrets.token_hex(8)
    surname, given = str(holder.surname), str(holder.given_names)
    personal = str(holder.personal_number or "")
    hashed = digest(salt, surname, given, str(holder.birth_date), personal, last.isoformat())
    initials = f"{given[:1].upper()}. {surname[:1].upper()}."
    return Proof(k="ceam", i=certificate_id, n=number, d=first, x=last, s=salt, p=((initials, hashed),))
