"""The desk's work: reported lines, and lots that wait for an earlier one. Age and kind, nothing personal."""

from enum import StrEnum
from typing import assert_never

from pydantic import AwareDatetime

from services.reimbursements.domain import events as e
from services.reimbursements.domain import signals as s
from shared.kernel import Projection, Value, members


class WorkKind(StrEnum):
    """What there is to do."""

    REPORTED_LINE = "reported_line"
    WAITING_LOT = "waiting_lot"
    DROPPED_LOT = "dropped_lot"


class WorkItem(Value):
    """Open as long as it is here."""

    item_id: str
    kind: WorkKind
    detail: str
    """A stable code: the motive, or why the lot fell out."""
    since: AwareDatetime


WorkEvent = s.ReimbursementReported | s.SignalDecided | e.LotHeld | e.LotDropped | e.PaymentIssued


def _key(event: WorkEvent) -> str:
    match event:
        case s.ReimbursementReported() | s.SignalDecided():
            return event.signal_id
        case _:
            return f"{event.household_id}.{event.number}"


def evolve(_: WorkItem | None, event: WorkEvent) -> WorkItem | None:
    match event:
        case s.ReimbursementReported():
            return _item(event, WorkKind.REPORTED_LINE, event.motive)
        case e.LotHeld():
            return _item(event, WorkKind.WAITING_LOT, "earlier-lot-missing")
        case e.LotDropped():
            return _item(event, WorkKind.DROPPED_LOT, event.reason)
        case s.SignalDecided() | e.PaymentIssued():
            return None
        case _:
            assert_never(event)


def _item(event: WorkEvent, kind: WorkKind, detail: str) -> WorkItem:
    return WorkItem(item_id=_key(event), kind=kind, detail=detail, since=event.at)


work_list = Projection(
    name="reimbursements.work_list",
    version=1,
    document=WorkItem,
    handles=members(WorkEvent),
    key=_key,
    evolve=evolve,
    indexes=("kind",),
)
