"""Making an attestation: what the register says, printed and signed, kept as a file, then told by an event."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from services.identity.access.attestation_print import PREFIX, document_of, proof_of
from services.identity.access.desk import Call, Desk
from services.identity.domain import attestation_commands as c
from services.identity.domain import attestation_events as e
from services.identity.domain.attestation import named
from services.identity.domain.ids import AttestationId, MemberId, PersonId
from services.identity.domain.register import Part, RegisterFacts
from shared.command_handler import Answer
from shared.documents import RENDERER, Renderer
from shared.documents.qr import QrSigner
from shared.kernel import Event, Rejected, Value, require
from shared.numbers import number_of

FOLDER: Final = Path(__file__).parents[1] / "templates" / "documents"
TEMPLATE: Final = "attestation"
VERSION: Final = 1
RETENTION: Final = "account"
PDF: Final = "application/pdf"


class Asked(Value):
    """What the member wants it to say."""

    scope: e.Scope
    dependant: PersonId | None
    day: dt.date | None
    with_exemptions: bool


class Files(Protocol):
    """The part of the archive that is used here."""

    async def put(self, content: bytes, *, person_id: str, retention: str, media_type: str) -> str:
        """Keep a file; its SHA-256 in hex."""
        ...

    async def get(self, sha256: str, *, person_id: str, retention: str) -> tuple[bytes, str] | None:
        """Content and media type, where there is such a file."""
        ...


@dataclass(frozen=True)
class Attestations:
    """The reception, the printer, the seal and the archive."""

    desk: Desk
    files: Files
    signer: QrSigner
    renderer: Renderer
    seen: Callable[[str], Awaitable[Sequence[PersonId]]]
    """Whom a member may see today."""
    events: Callable[[str], Awaitable[Sequence[Event]]]

    async def issue(self, call: Call, member_id: str, asked: Asked) -> Answer:
        """Make one; asked again under the same id it is the same one.

        Raises:
            Rejected: `rights-none`, `attestation-day-future`, `attestation-unknown` (a dependant who is not seen).
        """
        desk, today = self.desk, self.desk.today()
        day = asked.day or today
        require(day <= today, otherwise="attestation-day-future")
        attestation_id = AttestationId(call.made("attestation"))
        facts: dict[str, Any] = {
            "at": desk.clock.now(),
            "attestation_id": attestation_id,
            "person_id": PersonId(member_id),
            "member_id": MemberId(member_id),
            "number": number_of(attestation_id, PREFIX),
            "scope": asked.scope,
            "day": day,
            "past": day < today,
            "with_exemptions": asked.with_exemptions,
            "named": await self._named(member_id, asked, day),
            "salt": secrets.token_hex(8),
            "fund": desk.settings.fund_address,
            "organism": desk.settings.organism,
            "subject": asked.dependant,
        }
        draft = c.IssueAttestation(**facts, code="", template=f"{TEMPLATE}.v{VERSION}", renderer=RENDERER, sha256="")
        signed = draft.model_copy(update={"code": self.signer.url(proof_of(draft))})
        pdf = self.printed(signed)
        sha256 = await self.files.put(pdf, person_id=member_id, retention=RETENTION, media_type=PDF)
        command = signed.model_copy(update={"sha256": sha256})
        stream = f"attestation:{attestation_id}"
        meta = call.meta(member_id, acting_for=asked.dependant)
        return await desk.service.handle(stream, command, cmd=call.cmd, meta=meta)

    async def pdf(self, member_id: str, attestation_id: str) -> bytes:
        """The file that was given; where the archive has lost it, the same bytes once more.

        Raises:
            Rejected: `attestation-unknown`.
        """
        event = await self._issued(attestation_id)
        if event is None or event.member_id != member_id or not isinstance(event.sha256, str):
            raise Rejected("attestation-unknown")
        kept = await self.files.get(event.sha256, person_id=member_id, retention=RETENTION)
        pdf = kept[0] if kept else self.printed(event)
        require(hashlib.sha256(pdf).hexdigest() == event.sha256, otherwise="attestation-unknown")
        return pdf

    async def revoke(self, call: Call, member_id: str, attestation_id: str) -> Answer:
        """The member wants it to hold no longer.

        Raises:
            Rejected: `attestation-unknown`.
        """
        command = c.RevokeAttestation(
            at=self.desk.clock.now(),
            attestation_id=AttestationId(attestation_id),
            person_id=PersonId(member_id),
            reason=e.RevokedFor.REQUEST,
        )
        stream = f"attestation:{attestation_id}"
        return await self.desk.service.handle(stream, command, cmd=call.cmd, meta=call.meta(member_id))

    def printed(self, facts: c.IssueAttestation | e.AttestationIssued) -> bytes:
        """The file, from what the event says and nothing else."""
        template, _, version = facts.template.rpartition(".v")
        return self.renderer.render(template, int(version), document_of(facts))

    async def _issued(self, attestation_id: str) -> e.AttestationIssued | None:
        found = await self.events(f"attestation:{attestation_id}")
        return next((event for event in found if isinstance(event, e.AttestationIssued)), None)

    async def _named(self, member_id: str, asked: Asked, day: dt.date) -> tuple[e.Named, ...]:
        show = asked.with_exemptions
        if asked.scope is e.Scope.DEPENDANT:
            if asked.dependant is None or asked.dependant not in await self.seen(member_id):
                raise Rejected("attestation-unknown")
            return (await self._one(asked.dependant, day, show=show, own=False),)
        own = await self._one(PersonId(member_id), day, show=show, own=True)
        others = await self.seen(member_id) if asked.scope is e.Scope.FAMILY else ()
        found = []
        for one in others:
            try:
                found.append(await self._one(one, day, show=show, own=False))
            except Rejected:  # without rights on that day he is not on it
                continue
        return (own, *sorted(found, key=lambda one: (one.rank or 0, one.birth_date)))

    async def _one(self, person_id: PersonId, day: dt.date, *, show: bool, own: bool) -> e.Named:
        person, _ = await self.desk.service.state(f"person:{person_id}")
        if not isinstance(person.facts, RegisterFacts):
            raise Rejected("rights-none")
        marked = person.facts.confidential
        hidden = () if own else marked if isinstance(marked, tuple) else tuple(Part)
        return named(person.facts, day, with_exemptions=show, hidden=hidden)
