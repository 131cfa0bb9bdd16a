"""The desk's work: who can't be reached by mail or by post, and what failed. Age and kind, nothing personal."""

from enum import StrEnum
from typing import assert_never

from pydantic import AwareDatetime

from services.notifications.domain import events as e
from services.notifications.domain.ids import MemberId
from shared.kernel import Projection, Value, members


class WorkKind(StrEnum):
    """What there is to do. The first two end by themselves, with another address."""

    MAIL_COMES_BACK = "mail-comes-back"
    LETTER_CAME_BACK = "letter-came-back"
    MESSAGE_FAILED = "message-failed"


class WorkItem(Value):
    """Open as long as it is here."""

    item_id: str
    kind: WorkKind
    member_id: MemberId
    since: AwareDatetime


WorkEvent = (
    e.AddressBounced
    | e.AddressLearned
    | e.LetterReturned
    | e.PostalAddressLearned
    | e.MessageFailed
    | e.FailureSettled
    | e.AddressForgotten
    | e.MessageErased
)


def _key(event: WorkEvent) -> str:
    match event:
        case e.AddressBounced() | e.AddressLearned():
            return f"mail.{event.member_id}"
        case e.LetterReturned() | e.PostalAddressLearned():
            return f"post.{event.member_id}"
        case e.MessageFailed() | e.FailureSettled() | e.MessageErased():
            return event.message_id
        case e.AddressForgotten(by_post=by_post):
            return f"{'post' if by_post else 'mail'}.{event.member_id}"
        case _:
            assert_never(event)


def evolve(before: WorkItem | None, event: WorkEvent) -> WorkItem | None:
    match event:
        case e.AddressBounced():
            return _item(event, WorkKind.MAIL_COMES_BACK)
        case e.LetterReturned():
            return before or _item(event, WorkKind.LETTER_CAME_BACK)
        case e.MessageFailed():
            return _item(event, WorkKind.MESSAGE_FAILED)
        case (
            e.AddressLearned()
            | e.PostalAddressLearned()
            | e.FailureSettled()
            | e.AddressForgotten()
            | e.MessageErased()
        ):
            return None
        case _:
            assert_never(event)


def _item(event: WorkEvent, kind: WorkKind) -> WorkItem:
    return WorkItem(item_id=_key(event), kind=kind, member_id=event.member_id, since=event.at)


work_list = Projection(
    name="notifications.work_list",
    version=2,
    document=WorkItem,
    handles=members(WorkEvent),
    key=_key,
    evolve=evolve,
    indexes=("kind",),
)
