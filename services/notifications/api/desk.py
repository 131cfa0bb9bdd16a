"""What waits for the desk here: who can't be reached by mail or by post, and messages that failed."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter

from services.notifications.domain.commands import SettleFailure
from services.notifications.domain.ids import MemberId, MessageId
from services.notifications.read_models.work_list import WorkItem as Waiting
from services.notifications.read_models.work_list import WorkKind, work_list
from shared.admin import Decided, Decision, Kind, WorkItem, work_router
from shared.kernel import Issued
from shared.service import Service

SETTLED: Final = Decision(name="settle")
"""The member knows by now what the message was to tell him."""


def desk_router(service: Service) -> APIRouter:
    """All kinds of work of this service. Addresses end by themselves, with another one."""

    def kind(name: WorkKind, *decisions: Decision) -> Kind:
        async def found() -> Sequence[WorkItem]:
            return [_item(one, decisions) for one in await service.queries.find(work_list, kind=name)]

        return Kind(name, found, _settled) if decisions else Kind(name, found)

    return work_router(
        service,
        [
            kind(WorkKind.MAIL_COMES_BACK),
            kind(WorkKind.LETTER_CAME_BACK),
            kind(WorkKind.MESSAGE_FAILED, SETTLED),
        ],
    )


def _item(one: Waiting, decisions: tuple[Decision, ...]) -> WorkItem:
    return WorkItem(kind=one.kind, id=one.item_id, since=one.since, person_id=one.member_id, decisions=decisions)


def _settled(item: WorkItem, _: Decided, now: dt.datetime) -> Issued:
    member_id = MemberId(str(item.person_id))
    return Issued(f"mailbox:{member_id}", SettleFailure(at=now, member_id=member_id, message_id=MessageId(item.id)))
