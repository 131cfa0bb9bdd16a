"""Screen « Ma CEAM »: which European card do I have, where is the one I ordered, what covers me until then?"""

import datetime as dt
from typing import Final, assert_never

from pydantic import AwareDatetime

from services.cards.domain import ceam_events as e
from services.cards.domain.ceam_words import CardStatus, Step
from services.cards.domain.ids import CardId, CertificateId, FileId, OrderId, PersonId
from services.cards.domain.words import Arrival, Cancellation, Cards
from shared.kernel import Erased, Projection, Value, members

SHOWN: Final = 4
"""Digits of the number on the screen."""


class Passed(Value):
    """One line of the timeline."""

    step: Step
    at: AwareDatetime


class MyCeam(Value):
    """The last card, the last order and the last certificate of a person."""

    person_id: PersonId
    card_id: CardId | None = None
    number_end: Cards[str | None] = None
    status: CardStatus | None = None
    status_since: AwareDatetime | None = None
    expires_on: dt.date | None = None
    expiry_near: bool = False

    order_id: OrderId | None = None
    step: Step | None = None
    timeline: tuple[Passed, ...] = ()
    country: Cards[str | None] = None
    departure_on: Cards[dt.date | None] = None
    certificate_advised: bool = False
    arrival: Arrival | None = None
    cancellation: Cancellation | None = None

    certificate_id: CertificateId | None = None
    certificate: Cards[FileId | None] = None
    certificate_from: dt.date | None = None
    certificate_until: dt.date | None = None


def evolve(ceam: MyCeam | None, event: e.CeamEvent) -> MyCeam:  # noqa: C901, PLR0911, PLR0912 - one case per event
    known = ceam or MyCeam(person_id=event.person_id)
    match event:
        case e.CeamOrdered():
            return _ordered(known, event)
        case e.CeamInProduction():
            return _moved(known, event, Step.IN_PRODUCTION, event.happened_at)
        case e.CeamSent():
            return _moved(_made(known, event), event, Step.SENT, event.happened_at)
        case e.CeamResent():
            return _moved(known, event, Step.SENT, event.happened_at)
        case e.CeamDelivered():
            return _moved(known, event, Step.DELIVERED, event.happened_at, arrival=event.arrival)
        case e.CeamReturned():
            return _moved(known, event, Step.RETURNED, event.happened_at)
        case e.CeamAddressChecked():
            return _moved(known, event, Step.ADDRESS_CHECKED, event.at)
        case e.CeamStalled():
            return known
        case e.CeamCancelled():
            return _moved(known, event, Step.CANCELLED, event.at, cancellation=event.cause)
        case e.CeamReplaced():
            return _ended(known, event, CardStatus.REPLACED)
        case e.CeamReportedLost():
            return _ended(known, event, CardStatus.LOST)
        case e.CeamReportedStolen():
            return _ended(known, event, CardStatus.STOLEN)
        case e.CeamExpiryNear():
            return known.model_copy(update={"expiry_near": True})
        case e.CeamExpired():
            return _ended(known, event, CardStatus.EXPIRED)
        case e.CeamRightsEnded():
            return _ended(known, event, CardStatus.RIGHTS_ENDED)
        case e.CeamCertificateIssued():
            return known.model_copy(
                update={
                    "certificate_id": event.certificate_id,
                    "certificate": event.document,
                    "certificate_from": event.valid_from,
                    "certificate_until": event.valid_until,
                }
            )
        case e.CeamCertificateRevoked():
            names = ("certificate_id", "certificate", "certificate_from", "certificate_until")
            return known.model_copy(update=dict.fromkeys(names))
        case _:
            assert_never(event)


def _ordered(known: MyCeam, event: e.CeamOrdered) -> MyCeam:
    facts = event.model_dump(include={"order_id", "country", "departure_on", "certificate_advised"})
    first = Passed(step=Step.REQUESTED, at=event.at)
    fresh = {"step": Step.REQUESTED, "timeline": (first,), "arrival": None, "cancellation": None}
    return known.model_copy(update=facts | fresh)


def _moved(known: MyCeam, event: e.CeamOrderEvent, step: Step, at: dt.datetime, **more: object) -> MyCeam:
    """News of an older order belong to a story that has ended."""
    if known.order_id != event.order_id:
        return known
    timeline = (*known.timeline, Passed(step=step, at=at))
    return known.model_copy(update={"step": step, "timeline": timeline, **more})


def _made(known: MyCeam, event: e.CeamSent) -> MyCeam:
    number = event.number if isinstance(event.number, Erased) else event.number[-SHOWN:]
    new = {"card_id": event.card_id, "number_end": number, "expires_on": event.expires_on, "expiry_near": False}
    return known.model_copy(update={**new, "status": CardStatus.ACTIVE, "status_since": event.at})


def _ended(
    known: MyCeam,
    event: e.CeamReplaced | e.CeamReportedLost | e.CeamReportedStolen | e.CeamExpired | e.CeamRightsEnded,
    status: CardStatus,
) -> MyCeam:
    return known.model_copy(update={"status": status, "status_since": event.at, "expiry_near": False})


my_ceam = Projection(
    name="cards.my_ceam",
    screen="Ma carte européenne",
    version=2,
    document=MyCeam,
    handles=members(e.CeamEvent),
    key=lambda event: event.person_id,
    evolve=evolve,
)
