"""What an agent has to look at: age and kind, no word about the person. One document per order, of either card."""

from enum import StrEnum

from pydantic import AwareDatetime

from services.cards.domain import ceam_events as ce
from services.cards.domain import order_events as o
from services.cards.domain.ids import FileId, MemberId, OrderId, PersonId
from services.cards.domain.words import Cards
from shared.kernel import Projection, Value, members


class Kind(StrEnum):
    """Why it is here."""

    CHECK_DOCUMENTS = "check_documents"
    CHECK_PHOTO_AGAIN = "check_photo_again"
    STALLED = "stalled"
    SEND_AGAIN = "send_again"
    SEND_CEAM_AGAIN = "send_ceam_again"
    CEAM_STALLED = "ceam_stalled"


class Task(Value):
    """One thing to do."""

    order_id: OrderId
    person_id: PersonId
    member_id: MemberId
    kind: Kind
    since: AwareDatetime
    step: str | None = None
    """Where a stalled order stands."""
    photo: Cards[FileId | None] = None
    identity_document: Cards[FileId | None] = None


OrderEvent = o.VitaleOrderEvent | ce.CeamOrderEvent


def evolve(task: Task | None, event: OrderEvent) -> Task | None:  # noqa: PLR0911 - one case per event
    match event:
        case o.VitaleDocumentsReceived():
            files = event.model_dump(include={"photo", "identity_document"})
            return _task(event, Kind.CHECK_DOCUMENTS, **files)
        case o.VitalePhotoResubmitted():
            files = event.model_dump(include={"photo", "identity_document"})
            return _task(event, Kind.CHECK_PHOTO_AGAIN, **files)
        case o.VitaleAddressChecked():
            return _task(event, Kind.SEND_AGAIN)
        case ce.CeamAddressChecked():
            return _task(event, Kind.SEND_CEAM_AGAIN)
        case ce.CeamStalled():
            return task or _task(event, Kind.CEAM_STALLED, step=event.step)
        case o.VitaleReplacementStalled():
            return task or _task(event, Kind.STALLED, step=event.step)
        case _:  # it has moved on: the next step is somebody else's
            return None


def _task(event: OrderEvent, kind: Kind, **more: object) -> Task:
    facts = event.model_dump(include={"order_id", "person_id", "member_id"})
    return Task.model_validate({**facts, "kind": kind, "since": event.at, **more})


work_list = Projection(
    name="cards.work_list",
    version=2,
    document=Task,
    handles=(*members(o.VitaleOrderEvent), *members(ce.CeamOrderEvent)),
    key=lambda event: event.order_id,
    evolve=evolve,
    indexes=("kind",),
)
