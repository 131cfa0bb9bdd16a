"""The desk's work: reported lines, and lots that wait for an earlier one or fell out."""

from collections.abc import Mapping
from enum import StrEnum
from typing import assert_never

from pydantic import AwareDatetime

from services.reimbursements.domain import events as e
from services.reimbursements.domain import signals as s
from services.reimbursements.domain.events import Care
from services.reimbursements.domain.ids import LineId, MemberId, PersonId
from shared.kernel import Projection, Value, members


class WorkKind(StrEnum):
    """What there is to do. Only a reported line is decided; the others end with what the fund sends next."""

    REPORTED_LINE = "reported-line"
    WAITING_LOT = "waiting-lot"
    DROPPED_LOT = "dropped-lot"


class Waiting(Value):
    """Open as long as it is here. `summary`: codes and counts alone."""

    item_id: str
    kind: WorkKind
    since: AwareDatetime
    person_id: PersonId
    member_id: MemberId
    summary: Mapping[str, str]
    line_id: LineId | None = None
    motive: s.Motive | None = None
    account: Care[str] = ""
    """The member's words, for the agent who opens the item."""


WorkEvent = s.ReimbursementReported | s.SignalDecided | e.LotHeld | e.LotDropped | e.PaymentIssued


def _key(event: WorkEvent) -> str:
    match event:
        case s.ReimbursementReported() | s.SignalDecided():
            return event.signal_id
        case _:
            return f"{event.household_id}.{event.number}"


def evolve(_: Waiting | None, event: WorkEvent) -> Waiting | None:
    match event:
        case s.ReimbursementReported():
            facts = event.model_dump(include={"person_id", "member_id", "line_id", "motive", "account"})
            summary = {"motive": str(event.motive)}
            return Waiting(item_id=_key(event), kind=WorkKind.REPORTED_LINE, since=event.at, summary=summary, **facts)
        case e.LotHeld():
            return _lot(event, WorkKind.WAITING_LOT, "earlier-lot-missing")
        case e.LotDropped():
            return _lot(event, WorkKind.DROPPED_LOT, event.reason)
        case s.SignalDecided() | e.PaymentIssued():
            return None
        case _:
            assert_never(event)


def _lot(event: e.LotHeld | e.LotDropped, kind: WorkKind, reason: str) -> Waiting:
    return Waiting(
        item_id=_key(event),
        kind=kind,
        since=event.at,
        person_id=event.person_id,
        member_id=MemberId(event.household_id),
        summary={"number": str(event.number), "reason": reason},
    )


work_list = Projection(
    name="reimbursements.work_list",
    version=2,
    document=Waiting,
    handles=members(WorkEvent),
    key=_key,
    evolve=evolve,
    indexes=("kind",),
)
