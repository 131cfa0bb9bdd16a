"""Facts of one invented person, as commands and events."""

import datetime as dt
import uuid
from typing import Any

from services.cards.domain import commands as c
from services.cards.domain import events as e
from services.cards.domain import order_commands as oc
from services.cards.domain import order_events as o
from services.cards.domain.ids import CardId, DeclarationId, FileId, MemberId, OrderId, PersonId
from services.cards.domain.words import Cancellation, PhotoFault, Reason

AT = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(days=3)


def made(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


PERSON = PersonId(made("person"))
MEMBER = MemberId(made("person"))
OLD, NEW = CardId(made("old card")), CardId(made("new card"))
DECLARATION = DeclarationId(made("declaration"))
ORDER = OrderId(made("order"))
OLD_SERIAL, NEW_SERIAL = "12345678901", "98765432109"
OLD_PROOF, NEW_PROOF = "serial:v1:old", "serial:v1:new"

REPORT: dict[str, Any] = {
    "at": AT,
    "person_id": PERSON,
    "member_id": MEMBER,
    "card_id": OLD,
    "declaration_id": DECLARATION,
    "place": "Toulon, gare",
    "happened_on": AT.date(),
}
ORDERED_FACTS: dict[str, Any] = {
    "at": AT,
    "person_id": PERSON,
    "member_id": MEMBER,
    "order_id": ORDER,
    "declaration_id": DECLARATION,
}
MOVED: dict[str, Any] = {**ORDERED_FACTS, "happened_at": LATER}
NEWS: dict[str, Any] = {"at": AT, "person_id": PERSON, "order_id": ORDER, "happened_at": LATER}

ISSUED = e.VitaleIssued(
    at=AT, person_id=PERSON, card_id=OLD, serial=OLD_SERIAL, serial_proof=OLD_PROOF, issued_on=dt.date(2020, 5, 4)
)
LOST, STOLEN, DAMAGED = (
    e.VitaleReportedLost(**REPORT),
    e.VitaleReportedStolen(**REPORT),
    e.VitaleReportedDamaged(**REPORT),
)


def opposed(reason: Reason, card_id: CardId = OLD, proof: str = OLD_PROOF) -> e.VitaleOpposed:
    return e.VitaleOpposed(
        at=AT,
        person_id=PERSON,
        card_id=card_id,
        declaration_id=DECLARATION,
        reason=reason,
        opposed_at=AT,
        serial_proof=proof,
    )


ORDERED = o.VitaleReplacementOrdered(**ORDERED_FACTS)
PHOTO, DOCUMENT = FileId("a" * 64), FileId("b" * 64)
RECEIVED = o.VitaleDocumentsReceived(**ORDERED_FACTS, photo=PHOTO, identity_document=DOCUMENT)
REJECTED = o.VitalePhotoRejected(**ORDERED_FACTS, fault=PhotoFault.BLURRED)
ANOTHER = FileId("c" * 64)
RESUBMITTED = o.VitalePhotoResubmitted(**ORDERED_FACTS, photo=ANOTHER, identity_document=DOCUMENT)
VALIDATED = o.VitaleReplacementValidated(**ORDERED_FACTS)
PRODUCED = o.VitaleReplacementInProduction(**MOVED)
SENT = o.VitaleReplacementSent(**MOVED, card_id=NEW, serial=NEW_SERIAL, serial_proof=NEW_PROOF)
DELIVERED = o.VitaleReplacementDelivered(**MOVED)
RETURNED = o.VitaleReplacementReturned(**MOVED)
CHECKED = o.VitaleAddressChecked(**ORDERED_FACTS)
RESENT = o.VitaleReplacementResent(**MOVED)
CANCELLED = o.VitaleReplacementCancelled(**ORDERED_FACTS, cause=Cancellation.MEMBER)

ISSUE = c.RecordVitaleIssued(**ISSUED.model_dump())
REPORT_LOST = c.ReportVitaleLost(**REPORT, declared_on_honour=True)
REPORT_STOLEN = c.ReportVitaleStolen(**REPORT, declared_on_honour=True)
REPORT_DAMAGED = c.ReportVitaleDamaged(**REPORT, declared_on_honour=True)
ORDER_ONE = oc.OrderVitaleReplacement(**ORDERED_FACTS)
PRODUCE = oc.RecordVitaleProduced(**NEWS)
SEND = oc.RecordVitaleSent(**NEWS, card_id=NEW, serial=NEW_SERIAL, serial_proof=NEW_PROOF)
_ASKED: dict[str, Any] = {"at": AT, "person_id": PERSON, "order_id": ORDER}
SUBMIT = oc.SubmitVitaleDocuments(
    **_ASKED, photo=PHOTO, identity_document=DOCUMENT, photo_is_recent=True, address_confirmed=True
)
RESUBMIT = oc.ResubmitVitalePhoto(**_ASKED, photo=ANOTHER, identity_document=None, photo_is_recent=True)
VALIDATE = oc.ValidateVitaleDocuments(**_ASKED)
REJECT = oc.RejectVitalePhoto(**_ASKED, fault=PhotoFault.BLURRED)
CANCEL = oc.CancelVitaleReplacement(**_ASKED, cause=Cancellation.MEMBER)
CONFIRM = oc.ConfirmVitaleReceived(**_ASKED)
PRESUME = oc.PresumeVitaleDelivered(**_ASKED)
CHECK = oc.CheckVitaleAddress(**_ASKED)
PURGE = oc.PurgeVitaleDocuments(**_ASKED)
DELIVER = oc.RecordVitaleDelivered(**NEWS)
RETURN = oc.RecordVitaleReturned(**NEWS)

UNTIL_LOST: tuple[e.VitaleEvent, ...] = (ISSUED, LOST, opposed(Reason.LOST))
UNTIL_ORDERED: tuple[e.VitaleEvent, ...] = (*UNTIL_LOST, ORDERED)
UNTIL_VALID: tuple[e.VitaleEvent, ...] = (*UNTIL_ORDERED, RECEIVED, VALIDATED)
UNTIL_SENT: tuple[e.VitaleEvent, ...] = (*UNTIL_VALID, PRODUCED, SENT)
