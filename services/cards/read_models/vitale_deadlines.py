"""What becomes due on an order or a card of a person: each deadline is one document, gone once the order moves on."""

import datetime as dt
import uuid
from typing import Any, Final

from services.cards.domain import events as e
from services.cards.domain import order_events as o
from services.cards.domain.vitale_steps import PRESUMED_AFTER, STALLED_AFTER, STEP_OF, Step
from shared.deadlines import Deadline, deadlines
from shared.kernel import members

KEPT_AFTER_END: Final = dt.timedelta(days=90)
"""Photo and document, after delivery, presumption or cancellation (R161-33-9: three months at most)."""
KEPT_WITHOUT_PROGRESS: Final = dt.timedelta(days=182)
UPDATED_EVERY: Final = dt.timedelta(days=365)


def stalled(before: Deadline | None, event: o.VitaleOrderEvent) -> Deadline | None:
    """Somebody is told that an order stands still; gone as soon as it moves."""
    step = STEP_OF.get(event.NAME)
    if step is None:
        return None if isinstance(event, o.VitaleReplacementStalled) else before
    after = STALLED_AFTER.get(step)
    return _order(event, "NoticeVitaleStalled", after, step=step, since=event.at.isoformat()) if after else None


def presumed(before: Deadline | None, event: o.VitaleOrderEvent) -> Deadline | None:
    """Three weeks after the sending."""
    step = STEP_OF.get(event.NAME)
    if step is None:
        return before
    return _order(event, "PresumeVitaleDelivered", PRESUMED_AFTER) if step is Step.SENT else None


def purge(before: Deadline | None, event: o.VitaleOrderEvent) -> Deadline | None:
    """Photo and document, three months after the end."""
    if isinstance(event, o.VitaleDocumentsPurged):
        return None
    ended = isinstance(event, o.VitaleReplacementDelivered | o.VitaleReplacementCancelled)
    return _order(event, "PurgeVitaleDocuments", KEPT_AFTER_END) if ended else before


def abandoned(before: Deadline | None, event: o.VitaleOrderEvent) -> Deadline | None:
    """Six months without progress."""
    step = STEP_OF.get(event.NAME)
    if step is None:
        return before
    if step in {Step.DELIVERED, Step.CANCELLED}:
        return None
    return _order(event, "AbandonVitaleReplacement", KEPT_WITHOUT_PROGRESS, step=step, since=event.at.isoformat())


def update_due(before: Deadline | None, event: e.VitaleEvent) -> Deadline | None:
    """A year after the card was new or up to date."""
    match event:
        case e.VitaleIssued() | o.VitaleReplacementSent():
            return _card(event.person_id, event.card_id, event.at)
        case e.VitaleUpdated():
            return _card(event.person_id, event.card_id, event.updated_at)
        case e.VitaleUpdateDue():
            return _card(event.person_id, event.card_id, event.at)
        case e.VitaleOpposed():
            return None
        case _:
            return before


def notice(before: Deadline | None, event: e.VitaleEvent) -> Deadline | None:
    """Day 45 of a doubt about the residence."""
    match event:
        case e.VitaleResidenceNoticeGiven():
            data = {"person_id": event.person_id, "notice_id": event.notice_id}
            return _deadline(event.opposes_at, event.person_id, "OpposeVitaleAfterNotice", data, event.notice_id)
        case e.VitaleResidenceNoticeWithdrawn() | e.VitaleOpposed():
            return None
        case _:
            return before


def _order(event: o.VitaleOrderEvent, command: str, after: dt.timedelta, **more: str) -> Deadline:
    data = {"person_id": event.person_id, "order_id": event.order_id, **more}
    return _deadline(event.at + after, event.person_id, command, data, f"{event.order_id}|{event.at.isoformat()}")


def _card(person_id: str, card_id: str, since: dt.datetime) -> Deadline:
    data = {"person_id": person_id, "card_id": card_id, "since": since.isoformat()}
    return _deadline(since + UPDATED_EVERY, person_id, "RemindVitaleUpdate", data, f"{card_id}|{since.isoformat()}")


def _deadline(due_at: dt.datetime, person_id: str, command: str, data: dict[str, Any], about: str) -> Deadline:
    return Deadline(
        due_at=due_at,
        stream=f"vitale:{person_id}",
        command=command,
        data=data,
        cmd=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{command}|{about}")),
        person_id=person_id,
    )


def _of_order(event: o.VitaleOrderEvent) -> str:
    return event.order_id


def _of_person(event: e.VitaleEvent) -> str:
    return event.person_id


_ORDERS: Final = members(o.VitaleOrderEvent)
_ALL: Final = members(e.VitaleEvent)
vitale_stalled = deadlines("cards.vitale_stalled", 1, handles=_ORDERS, key=_of_order, evolve=stalled)
vitale_presumed = deadlines("cards.vitale_presumed", 1, handles=_ORDERS, key=_of_order, evolve=presumed)
vitale_purge = deadlines("cards.vitale_purge", 1, handles=_ORDERS, key=_of_order, evolve=purge)
vitale_abandoned = deadlines("cards.vitale_abandoned", 1, handles=_ORDERS, key=_of_order, evolve=abandoned)
vitale_update_due = deadlines("cards.vitale_update_due", 1, handles=_ALL, key=_of_person, evolve=update_due)
vitale_notice = deadlines("cards.vitale_notice", 1, handles=_ALL, key=_of_person, evolve=notice)
VITALE_DEADLINES: Final = (
    vitale_stalled,
    vitale_presumed,
    vitale_purge,
    vitale_abandoned,
    vitale_update_due,
    vitale_notice,
)
