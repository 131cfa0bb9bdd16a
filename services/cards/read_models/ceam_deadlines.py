"""What becomes due on a European card or its order."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Final

from services.cards.domain import ceam_events as e
from services.cards.domain.ceam_words import PRESUMED_AFTER, STALLED_AFTER, STEP_OF
from services.cards.domain.days import midnight
from shared.deadlines import Deadline, deadlines
from shared.kernel import members

REMINDED_BEFORE: Final = dt.timedelta(days=30)
"""A card of two years is named a month before its end, at 23 months."""

_Ended = e.CeamReplaced | e.CeamReportedLost | e.CeamReportedStolen | e.CeamExpired | e.CeamRightsEnded


def stalled(_: Deadline | None, event: e.CeamOrderEvent) -> Deadline | None:
    """The desk is told that an order stands still; gone as soon as it moves."""
    if isinstance(event, e.CeamStalled):
        return None
    step = STEP_OF[event.NAME]
    after = STALLED_AFTER.get(step)
    if after is None:
        return None
    data = {"order_id": event.order_id, "step": step, "since": event.at.isoformat()}
    about = f"{event.order_id}|{event.at.isoformat()}"
    return _deadline(event.at + after, event.person_id, "NoticeCeamStalled", data, about)


def presumed(before: Deadline | None, event: e.CeamOrderEvent) -> Deadline | None:
    """Three weeks after the sending."""
    match event:
        case e.CeamSent() | e.CeamResent():
            about = f"{event.order_id}|{event.at.isoformat()}"
            data = {"order_id": event.order_id}
            return _deadline(event.at + PRESUMED_AFTER, event.person_id, "PresumeCeamDelivered", data, about)
        case e.CeamDelivered() | e.CeamReturned() | e.CeamAddressChecked() | e.CeamCancelled():
            return None
        case _:
            return before


def expiry_near(before: Deadline | None, event: e.CeamEvent) -> Deadline | None:
    """A month before the last day."""
    if isinstance(event, e.CeamSent):
        due_at = max(midnight(event.expires_on - REMINDED_BEFORE), event.at)
        return _deadline(due_at, event.person_id, "RemindCeamExpiry", {"card_id": event.card_id}, event.card_id)
    return None if isinstance(event, _Ended | e.CeamExpiryNear) else before


def expired(before: Deadline | None, event: e.CeamEvent) -> Deadline | None:
    """The day after the last one."""
    if isinstance(event, e.CeamSent):
        due_at = midnight(event.expires_on + dt.timedelta(days=1))
        return _deadline(due_at, event.person_id, "ExpireCeam", {"card_id": event.card_id}, event.card_id)
    return None if isinstance(event, _Ended) else before


def _deadline(due_at: dt.datetime, person_id: str, command: str, data: Mapping[str, str], about: str) -> Deadline:
    return Deadline(
        due_at=due_at,
        stream=f"ceam:{person_id}",
        command=command,
        data={"person_id": person_id, **data},
        cmd=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{command}|{about}")),
        person_id=person_id,
    )


def _of_person(event: e.CeamEvent) -> str:
    return event.person_id


def _of_order(event: e.CeamOrderEvent) -> str:
    return event.order_id


_ALL: Final = members(e.CeamEvent)
ceam_stalled = deadlines("cards.ceam_stalled", 1, handles=members(e.CeamOrderEvent), key=_of_order, evolve=stalled)
ceam_presumed = deadlines("cards.ceam_presumed", 1, handles=members(e.CeamOrderEvent), key=_of_order, evolve=presumed)
ceam_expiry_near = deadlines("cards.ceam_expiry_near", 1, handles=_ALL, key=_of_person, evolve=expiry_near)
ceam_expired = deadlines("cards.ceam_expired", 1, handles=_ALL, key=_of_person, evolve=expired)
CEAM_DEADLINES: Final = (ceam_stalled, ceam_presumed, ceam_expiry_near, ceam_expired)
