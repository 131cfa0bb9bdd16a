"""Forgetting a member, for the gateway's tests."""

import datetime as dt
from dataclasses import dataclass

from services.gateway.clients.erasures import Answered, Certificate, ErasureState, KeptLine
from services.gateway.clients.who import Who
from shared.web.channel import Refused, Written
from tests.services.gateway.fake_base import Fake
from tests.web import NOW

DUE = NOW + dt.timedelta(days=14)
REFERENCE, CODE = "EF-7KQ2-M4XD-9VTA", "7KQ2-M4XD-9VTB"
KEPT = (
    KeptLine(label="Votre dossier à la caisse", years=10, source="Code de commerce, art. L123-22"),
    KeptLine(label="L'historique des connexions", until=DUE.date(), years=1, source="CNIL"),
    KeptLine(label="Le numéro d'une carte mise en opposition", source="art. L161-31", verified=True),
)
ERASED = ("Votre compte en ligne", "Vos messages")


@dataclass
class FakeErasures(Fake):
    """Of one member."""

    name: str = "identity"
    requested: bool = False
    held: bool = False
    late: bool = False

    async def state(self, who: Who) -> ErasureState:
        self.called("state", who=who)
        waits = {"requested_at": NOW, "due_at": DUE, "reference": REFERENCE, "code": CODE} if self.requested else {}
        return ErasureState(requested=self.requested, held=self.held, days=14, erased=ERASED, kept=KEPT, **waits)

    async def request(self, who: Who, command_id: str) -> Written:
        self.called("request", who=who, command_id=command_id)
        self.requested = True
        return Written(stream="erasure:m", version=1)

    async def cancel(self, who: Who, command_id: str) -> Written:
        self.called("cancel", who=who, command_id=command_id)
        if not self.requested:
            raise Refused("erasure-unknown", 404)
        self.requested = False
        return Written(stream="erasure:m", version=2)

    async def cancel_by_link(self, who: Who, command_id: str, token: str) -> Written:
        self.called("cancel_by_link", who=who, command_id=command_id, token=token)
        if self.late:
            raise Refused("link-expired", 410)
        self.requested = False
        return Written(stream="erasure:m", version=2)

    async def certificate(self, who: Who, reference: str, code: str) -> Certificate:
        self.called("certificate", who=who, reference=reference, code=code)
        if (reference, code) != (REFERENCE, CODE):
            raise Refused("certificate-refused", 422)
        return Certificate(
            reference=REFERENCE,
            status="completed",
            requested_at=NOW,
            due_at=DUE,
            erased_at=DUE,
            completed_at=DUE,
            erased=ERASED,
            answers=(Answered(label="compte et identité", at=DUE), Answered(label="cartes", at=DUE)),
            kept=KEPT,
        )

    async def certificate_file(self, who: Who, reference: str, code: str, kind: str) -> bytes:
        self.called("certificate_file", who=who, reference=reference, code=code, kind=kind)
        return b"%PDF-1.7" if kind == "pdf" else b"{}"
