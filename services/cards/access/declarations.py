"""The declaration as a document: what the member certified, and when the card was put on opposition."""

from pathlib import Path
from typing import Any, Final, cast

from services.cards.domain import events as e
from services.cards.domain import order_events as o
from services.cards.domain.days import PARIS
from services.cards.domain.holder import HolderFacts
from services.cards.domain.ids import DeclarationId, PersonId
from services.cards.domain.words import Reason
from services.cards.read_models.my_vitale import SHOWN
from shared.canonical import iso
from shared.documents import Renderer
from shared.kernel import Erased, members
from shared.service import Service

TEMPLATES: Final = Path(__file__).parents[1] / "templates"
VERSION: Final = 1
REASONS: Final = {
    e.VitaleReportedLost: Reason.LOST,
    e.VitaleReportedStolen: Reason.STOLEN,
    e.VitaleReportedDamaged: Reason.DAMAGED,
}


class Declarations:
    """Made from the events each time they are asked for: the same events, the same bytes."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._renderer = Renderer(TEMPLATES)

    async def document(self, person_id: PersonId, declaration_id: DeclarationId) -> bytes | None:
        """The PDF; None if there is no such declaration, or the person is erased."""
        service = self._service
        recorded = await service.codec.decode(await service.store.stream(f"vitale:{person_id}"))
        events = [cast("e.VitaleEvent", entry.event) for entry in recorded]
        reports = [event for event in events if isinstance(event, members(e.VitaleReported))]
        report = next((one for one in reports if one.declaration_id == declaration_id), None)
        facts, _ = await service.state(f"holder:{person_id}")
        if report is None or facts is None or isinstance(facts.surname, Erased):
            return None
        return self._renderer.render("declaration", VERSION, _data(report, events, facts))


def _data(report: e.VitaleReported, events: list[e.VitaleEvent], facts: HolderFacts) -> dict[str, Any]:
    opposed = next(
        (
            event
            for event in events
            if isinstance(event, e.VitaleOpposed) and event.declaration_id == report.declaration_id
        ),
        None,
    )
    return {
        "created_at": iso(report.at),
        "declaration_id": report.declaration_id,
        "declared_at": report.at.astimezone(PARIS).isoformat(),
        "reason": REASONS[type(report)].value,
        "happened_on": report.happened_on.isoformat(),
        "place": "" if isinstance(report.place, Erased) else report.place,
        "serial": _serial(report, events),
        "opposed_at": opposed.opposed_at.astimezone(PARIS).isoformat() if opposed else None,
        "surname": facts.surname,
        "given_names": facts.given_names,
        "birth_date": str(facts.birth_date),
    }


def _serial(report: e.VitaleReported, events: list[e.VitaleEvent]) -> str:
    """The whole number once the card is dead; before, it opens an account."""
    made = (e.VitaleIssued, o.VitaleReplacementSent)
    card = next(event for event in events if isinstance(event, made) and event.card_id == report.card_id)
    dead = any(isinstance(event, e.VitaleOpposed) and event.card_id == report.card_id for event in events)
    if isinstance(card.serial, Erased):
        return ""
    return card.serial if dead else f"•••••••• {card.serial[-SHOWN:]}"
