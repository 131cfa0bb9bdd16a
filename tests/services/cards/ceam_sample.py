"""Facts of one invented European card, as commands and events."""

import datetime as dt
from typing import Any

from services.cards.domain import ceam_commands as c
from services.cards.domain import ceam_events as e
from services.cards.domain.ceam_words import CeamRules, Step, Trip
from services.cards.domain.ids import CardId, CertificateId, FileId, OrderId
from services.cards.domain.words import Arrival, Cancellation
from services.cards.settings import EUROPE
from tests.services.cards.sample import AT, LATER, MEMBER, PERSON, made

TODAY = AT.date()
RULES = CeamRules(countries=frozenset(EUROPE))
RIGHTS_TO = TODAY + dt.timedelta(days=400)
ORDER, CARD, CERTIFICATE = OrderId(made("ceam order")), CardId(made("ceam card")), CertificateId(made("certificate"))
NUMBER = "80250000000000000001"
EXPIRES = RIGHTS_TO
PDF = FileId("d" * 64)
OUTSIDE: dict[str, Any] = {"today": TODAY, "rules": RULES, "rights_to": RIGHTS_TO}
BASE: dict[str, Any] = {"at": AT, "person_id": PERSON}
BY: dict[str, Any] = {**BASE, "member_id": MEMBER}


def order(trip: Trip | None = None, **change: Any) -> c.OrderCeam:
    facts = {**BY, **OUTSIDE, "order_id": ORDER, "trip": trip or Trip(), **change}
    return c.OrderCeam.model_validate(facts)


def certificate(trip: Trip | None = None, **change: Any) -> c.IssueCeamCertificate:
    near = Trip(country="IT", departure_on=TODAY + dt.timedelta(days=3))
    made_of = {"certificate_id": CERTIFICATE, "document": PDF, "template_version": 1, "renderer": "typst-0.15"}
    return c.IssueCeamCertificate.model_validate({**BY, **OUTSIDE, **made_of, "trip": trip or near, **change})


ORDERED = e.CeamOrdered(
    **BY, order_id=ORDER, country=None, departure_on=None, certificate_advised=False, valid_until=RIGHTS_TO
)
NEWS: dict[str, Any] = {**BASE, "order_id": ORDER, "happened_at": LATER}
MOVED: dict[str, Any] = {**BY, "order_id": ORDER, "happened_at": LATER}
PRODUCE = c.RecordCeamProduced(**NEWS)
SEND = c.RecordCeamSent(**NEWS, card_id=CARD, number=NUMBER, expires_on=EXPIRES)
DELIVER, RETURN = c.RecordCeamDelivered(**NEWS), c.RecordCeamReturned(**NEWS)
CONFIRM = c.ConfirmCeamReceived(**BASE, order_id=ORDER)
PRESUME = c.PresumeCeamDelivered(**BASE, order_id=ORDER)
CHECK = c.CheckCeamAddress(**BASE, order_id=ORDER)
CANCEL = c.CancelCeamOrder(**BASE, order_id=ORDER, cause=Cancellation.MEMBER)
REPORT: dict[str, Any] = {**BY, "card_id": CARD, "happened_on": TODAY}
LOSE, STEAL = c.ReportCeamLost(**REPORT, today=TODAY), c.ReportCeamStolen(**REPORT, today=TODAY)

PRODUCED = e.CeamInProduction(**MOVED)
SENT = e.CeamSent(**MOVED, card_id=CARD, number=NUMBER, expires_on=EXPIRES)
DELIVERED = e.CeamDelivered(**MOVED, arrival=Arrival.POST)
RETURNED = e.CeamReturned(**MOVED)
STALLED = e.CeamStalled(**BY, order_id=ORDER, step="requested", since=AT)
NOTICE = c.NoticeCeamStalled(**BASE, order_id=ORDER, step=Step.REQUESTED, since=AT)
CHECKED = e.CeamAddressChecked(**BY, order_id=ORDER)
RESENT = e.CeamResent(**MOVED)
CANCELLED = e.CeamCancelled(**BY, order_id=ORDER, cause=Cancellation.MEMBER)
LOST, STOLEN = e.CeamReportedLost(**REPORT), e.CeamReportedStolen(**REPORT)
ISSUED = e.CeamCertificateIssued(
    **BY,
    certificate_id=CERTIFICATE,
    valid_from=TODAY,
    valid_until=TODAY + dt.timedelta(days=89),
    document=PDF,
    template_version=1,
    renderer="typst-0.15",
)
UNTIL_SENT: tuple[e.CeamEvent, ...] = (ORDERED, PRODUCED, SENT)
