"""The declared lifecycles of cards and orders, what each event says of them, and the numbers they are asked for by."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from services.cards.domain import ceam_events as ce
from services.cards.domain import ceam_words as cw
from services.cards.domain import events as e
from services.cards.domain import order_events as o
from services.cards.domain import serial
from services.cards.domain import vitale_steps as vs
from shared.kernel import Event, Rejected
from shared.lifecycles import Lifecycle, Lifecycles, Move

ACTIVE, OPPOSED = "active", "opposed"
SLACK: Final = dt.timedelta(days=1)
"""What falls due is done by a scheduler, which may be late."""
VITALE_CARD: Final = Lifecycle(
    "vitale card",
    {None: frozenset({ACTIVE}), ACTIVE: frozenset({OPPOSED}), OPPOSED: frozenset()},
    alone=ACTIVE,
)
VITALE_ORDER: Final = Lifecycle(
    "vitale order", vs.FOLLOWS, {**vs.STALLED_AFTER, vs.Step.SENT: vs.PRESUMED_AFTER + SLACK}
)
CEAM_CARD: Final = Lifecycle(
    "ceam card", cw.CARD_FOLLOWS, {cw.CardStatus.ACTIVE: cw.LONGEST + 2 * SLACK}, alone=cw.CardStatus.ACTIVE
)
CEAM_ORDER: Final = Lifecycle(
    "ceam order", cw.ORDER_FOLLOWS, {**cw.STALLED_AFTER, cw.Step.SENT: cw.PRESUMED_AFTER + SLACK}
)
_CEAM_ENDS: Final = {
    "CeamReplaced": cw.CardStatus.REPLACED,
    "CeamReportedLost": cw.CardStatus.LOST,
    "CeamReportedStolen": cw.CardStatus.STOLEN,
    "CeamExpired": cw.CardStatus.EXPIRED,
    "CeamRightsEnded": cw.CardStatus.RIGHTS_ENDED,
}


def moves_of(event: Event) -> Iterator[Move]:
    """What an event says of cards and orders."""
    name = event.NAME
    if isinstance(event, e.VitaleIssued | o.VitaleReplacementSent):
        yield Move(VITALE_CARD.name, event.card_id, ACTIVE)
    if isinstance(event, e.VitaleOpposed):
        yield Move(VITALE_CARD.name, event.card_id, OPPOSED)
    if name in vs.STEP_OF:
        yield Move(VITALE_ORDER.name, str(vars(event)["order_id"]), vs.STEP_OF[name])
    if isinstance(event, ce.CeamSent):
        yield Move(CEAM_CARD.name, event.card_id, cw.CardStatus.ACTIVE)
    if name in cw.STEP_OF:
        yield Move(CEAM_ORDER.name, str(vars(event)["order_id"]), cw.STEP_OF[name])
    if name in _CEAM_ENDS:
        yield Move(CEAM_CARD.name, str(vars(event)["card_id"]), _CEAM_ENDS[name])


def names_of(event: Event) -> Iterator[str]:
    """Under which numbers its stream can be asked for; one whose key is destroyed is none."""
    if isinstance(event, e.VitaleIssued | o.VitaleReplacementSent) and isinstance(event.serial, str):
        yield f"vitale:{event.serial}"
    if isinstance(event, ce.CeamSent) and isinstance(event.number, str):
        yield f"ceam:{event.number}"
    if isinstance(event, e.VitaleReported | o.VitaleReplacementOrdered):
        yield f"declaration:{event.declaration_id}"
    if isinstance(event, ce.CeamReportedLost | ce.CeamReportedStolen):
        yield f"card:{event.card_id}"
    if isinstance(event, o.VitaleReplacementOrdered | ce.CeamOrdered):
        yield f"order:{event.order_id}"


def sought(text: str) -> Iterator[str]:
    """What a typed number may be: of a carte Vitale, of a European card, of a declaration, of an order."""
    for kind, normal in (("vitale", serial.normalise), ("ceam", cw.normalise)):
        try:
            yield f"{kind}:{normal(text)}"
        except Rejected:
            continue
    for kind in ("declaration", "order", "card"):
        yield f"{kind}:{text.strip().lower()}"


LIFECYCLES: Final = Lifecycles((VITALE_CARD, VITALE_ORDER, CEAM_CARD, CEAM_ORDER), moves_of, names_of, sought)
