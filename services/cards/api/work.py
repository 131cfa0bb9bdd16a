"""What waits for the desk here: documents to look at, orders that stand still, cards that go out again."""

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from fastapi import APIRouter

from services.cards.access.uploads import MEDIA_TYPE, Uploads
from services.cards.api.orders import FileKind
from services.cards.domain import ceam_commands as cc
from services.cards.domain import order_commands as c
from services.cards.domain.ceam_words import OPEN
from services.cards.domain.ids import OrderId, PersonId
from services.cards.domain.vitale_steps import NOT_MADE
from services.cards.domain.words import Cancellation, PhotoFault
from services.cards.read_models.work_list import Kind as TaskKind
from services.cards.read_models.work_list import Task, work_list
from shared.admin import Decided, Decision, Field, Kind, Sent, WorkItem, work_router
from shared.kernel import Erased, Issued
from shared.service import Service

DOCUMENTS, STALLED, SEND_AGAIN = "vitale-documents", "vitale-stalled", "card-to-send-again"
CEAM_STALLED: Final = "ceam-stalled"
VALIDATE, CANCEL = Decision(name="validate"), Decision(name="cancel")
REJECT: Final = Decision(name="reject", fields=(Field(name="fault", choices=tuple(PhotoFault)),))
FILES: Final = tuple(FileKind)

Listed = Callable[[Task], WorkItem]


def router(service: Service) -> APIRouter:
    """All kinds of work of this service."""
    uploads = Uploads(service)

    def those(item: Listed, *kinds: TaskKind) -> Callable[[], Awaitable[Sequence[WorkItem]]]:
        async def found() -> Sequence[WorkItem]:
            return [item(task) for kind in kinds for task in await service.queries.find(work_list, kind=kind)]

        return found

    async def file(item: WorkItem, name: str) -> Sent | None:
        person_id = PersonId(str(item.person_id))
        state, _ = await service.state(f"vitale:{person_id}")
        order = state.order(OrderId(item.id))
        held = order.photo if name == FileKind.PHOTO else order.identity_document
        content = None if held is None or isinstance(held, Erased) else await uploads.get(person_id, held)
        return Sent(content, MEDIA_TYPE) if content else None

    return work_router(
        service,
        [
            Kind(DOCUMENTS, those(_documents, TaskKind.CHECK_DOCUMENTS, TaskKind.CHECK_PHOTO_AGAIN), _decided, file),
            Kind(STALLED, those(_stalled, TaskKind.STALLED), _decided),
            Kind(CEAM_STALLED, those(_ceam_stalled, TaskKind.CEAM_STALLED), _ceam_cancelled),
            Kind(SEND_AGAIN, those(_to_send, TaskKind.SEND_AGAIN, TaskKind.SEND_CEAM_AGAIN)),
        ],
    )


def _documents(task: Task) -> WorkItem:
    again = task.kind is TaskKind.CHECK_PHOTO_AGAIN
    return _item(task, DOCUMENTS, {"sent": "again" if again else "first"}, (VALIDATE, REJECT, CANCEL), FILES)


def _stalled(task: Task) -> WorkItem:
    """A card that is being made can't be taken back: the maker or the post must be asked."""
    return _item(task, STALLED, {"step": task.step or ""}, (CANCEL,) if task.step in set(NOT_MADE) else ())


def _ceam_stalled(task: Task) -> WorkItem:
    """The same of a European card, which is cancelled as long as it is not sent."""
    return _item(task, CEAM_STALLED, {"step": task.step or ""}, (CANCEL,) if task.step in set(OPEN) else ())


def _ceam_cancelled(item: WorkItem, _: Decided, now: dt.datetime) -> Issued:
    person_id, order_id = PersonId(str(item.person_id)), OrderId(item.id)
    command = cc.CancelCeamOrder(at=now, person_id=person_id, order_id=order_id, cause=Cancellation.AGENT)
    return Issued(f"ceam:{person_id}", command)


def _to_send(task: Task) -> WorkItem:
    """Gone as soon as the manufacturer says that it is in the post."""
    return _item(task, SEND_AGAIN, {"card": "ceam" if task.kind is TaskKind.SEND_CEAM_AGAIN else "vitale"})


def _item(
    task: Task, kind: str, summary: dict[str, str], decisions: tuple[Decision, ...] = (), files: tuple[str, ...] = ()
) -> WorkItem:
    facts = task.model_dump(include={"since", "person_id", "member_id"})
    return WorkItem(kind=kind, id=task.order_id, **facts, summary=summary, decisions=decisions, files=files)


def _decided(item: WorkItem, form: Decided, now: dt.datetime) -> Issued:
    person_id = PersonId(str(item.person_id))
    return Issued(f"vitale:{person_id}", _command(person_id, OrderId(item.id), form, now))


def _command(person_id: PersonId, order_id: OrderId, form: Decided, now: dt.datetime) -> c.VitaleOrderCommand:
    if form.decision == REJECT.name:
        fault = PhotoFault(form.fields["fault"])
        return c.RejectVitalePhoto(at=now, person_id=person_id, order_id=order_id, fault=fault)
    if form.decision == CANCEL.name:
        return c.CancelVitaleReplacement(at=now, person_id=person_id, order_id=order_id, cause=Cancellation.AGENT)
    return c.ValidateVitaleDocuments(at=now, person_id=person_id, order_id=order_id)
