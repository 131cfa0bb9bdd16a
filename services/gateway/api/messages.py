"""Messages in the account, and which mails the member wants."""

import uuid
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from services.gateway.api.calls import Calling, Key, commanded
from services.gateway.api.preconditions import IfMatch, IfNoneMatch, matched, tagged
from services.gateway.clients.notifications import PAGE, Message, OpenedMessage, Reach, Unread
from shared.kernel import Value

Cursor = Annotated[uuid.UUID | None, Query(description="`next` of the part before.")]
Limit = Annotated[int, Query(ge=1, le=200)]
Topic = Annotated[str, Field(pattern="^[a-z-]{1,40}$")]

router = APIRouter(prefix="/messages", tags=["Messages"])


class MessagePart(Value):
    """The newest first. `next`: the cursor of those that follow."""

    messages: tuple[Message, ...]
    unread: int
    next: str | None = None


class Reading(Value):
    """Messages that were read."""

    message_ids: Annotated[tuple[uuid.UUID, ...], Field(min_length=1, max_length=200)]


class Choice(Value):
    """The topics of which no mail is wanted; the others are."""

    unwanted: Annotated[tuple[Topic, ...], Field(max_length=20)]


@router.get("")
async def listed(call: Calling, response: Response, cursor: Cursor = None, limit: Limit = PAGE) -> MessagePart:
    written, before = call.written("notifications"), str(cursor) if cursor else None
    asked = call.site.notifications.messages(call.who, written, limit=limit, before=before)
    found = call.shown(response, await asked)
    return MessagePart(messages=found.messages, unread=found.unread, next=found.older)


@router.get("/unread")
async def unread(call: Calling, response: Response) -> Unread:
    return call.shown(response, await call.site.notifications.unread(call.who, call.written("notifications")))


@router.post("/read", status_code=HTTPStatus.NO_CONTENT)
async def read(call: Calling, key: Key, wanted: Reading) -> None:
    named = [str(one) for one in wanted.message_ids]
    await commanded(call, key, "notifications", call.site.notifications.read(call.who, named, key))


@router.get("/preferences")
async def preferences(call: Calling, response: Response, if_none_match: IfNoneMatch = None) -> Reach:
    found = await call.site.notifications.reach(call.who, call.written("notifications"))
    return tagged(call, response, found, if_none_match)


@router.put("/preferences", status_code=HTTPStatus.NO_CONTENT)
async def choose(call: Calling, key: Key, wanted: Choice, if_match: IfMatch = None) -> None:
    """`If-Match`: the ETag of the preferences."""
    matched((await call.site.notifications.reach(call.who, call.written("notifications"))).value, if_match)
    done = call.site.notifications.choose(call.who, wanted.unwanted, key)
    await commanded(call, key, "notifications", done)


@router.get("/{message_id}")
async def message(call: Calling, message_id: uuid.UUID, response: Response) -> OpenedMessage:
    """With its words. It counts as read once that is said."""
    return call.shown(response, await call.site.notifications.message(call.who, str(message_id)))
