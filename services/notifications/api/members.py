"""One member's messages, in his account: the list page by page, each with its words, and what is read."""

import datetime as dt
import uuid
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import Field

from services.notifications.domain import commands as c
from services.notifications.domain.events import Why
from services.notifications.domain.ids import MemberId, MessageId
from services.notifications.domain.kinds import KINDS, Channel
from services.notifications.domain.mailbox_state import Status
from services.notifications.read_models.messages import Message, messages
from services.notifications.words import Renderer
from shared.envelope import Metadata
from shared.kernel import Value
from shared.problems import Refused
from shared.projections.queries import tell_age
from shared.security import Caller, gateway_caller
from shared.service import Service

PAGE: Final = 50
MOST: Final = 200
READ_AT_ONCE: Final = 1000
AT_A_TIME: Final = 400
"""In one command: a commit holds 500 events at most."""


class Line(Value):
    """A message in the list."""

    message_id: str
    template: str
    title: str
    at: dt.datetime
    channel: Channel
    status: Status
    why_filed: Why | None
    read: bool
    reference: str


class Messages(Value):
    """A page, the newest first. `older`: asked for with `before`, there are more."""

    messages: tuple[Line, ...]
    unread: int
    older: str | None = None


class Unread(Value):
    """How many messages were never opened; a thousand stands for all that are more."""

    unread: int


class Opened(Line):
    """A message and its words; none for one that held a link or a code."""

    paragraphs: tuple[str, ...]


class Read(Value):
    """Messages that were opened; without any, all that were not, a thousand at a time."""

    message_ids: Annotated[tuple[uuid.UUID, ...], Field(max_length=READ_AT_ONCE)] | None = None


class Accepted(Value):
    """What every command answers; the next query gives it back to see its effect."""

    stream: str
    version: int


async def own(member_id: str, caller: Annotated[Caller, Depends(gateway_caller)]) -> Caller:
    """A member, and about himself; another's messages do not exist for him."""
    if caller.member != member_id:
        raise Refused("not-found")
    return caller


Own = Annotated[Caller, Depends(own)]
Key = Annotated[uuid.UUID, Header(alias="Idempotency-Key")]
After = Annotated[str | None, Header(alias="X-Written")]


def members_router(service: Service) -> APIRouter:
    """Queries and commands about the mailbox of one member."""
    routes = APIRouter(prefix="/members/{member_id}")
    words = Renderer()

    def line(message: Message) -> Line:
        facts = message.model_dump(exclude={"member_id", "params"})
        return Line(**facts, title=words.subject(message.template))

    async def unread(member_id: str) -> int:
        return await service.queries.count(messages, member_id=member_id, read=False)

    async def closed(member_id: str) -> list[MessageId]:
        found = await service.queries.newest(messages, "at", READ_AT_ONCE, member_id=member_id, read=False)
        return [one.message_id for one in found]

    @routes.get("/messages")
    async def mine(
        member_id: str,
        _: Own,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=MOST)] = PAGE,
        before: uuid.UUID | None = None,
        x_written: After = None,
    ) -> Messages:
        await tell_age(response.headers, service.queries, messages, x_written)
        last = await service.queries.get(messages, str(before)) if before else None
        place = (last.model_dump(mode="json")["at"], last.message_id) if last and last.member_id == member_id else None
        found = await service.queries.newest(messages, "at", limit + 1, place, member_id=member_id)
        page = tuple(map(line, found[:limit]))
        older = page[-1].message_id if len(found) > limit else None
        return Messages(messages=page, unread=await unread(member_id), older=older)

    @routes.get("/messages/unread")
    async def never_opened(member_id: str, _: Own, response: Response, x_written: After = None) -> Unread:
        await tell_age(response.headers, service.queries, messages, x_written)
        return Unread(unread=await unread(member_id))

    @routes.get("/messages/{message_id}")
    async def one(member_id: str, message_id: uuid.UUID, _: Own) -> Opened:
        found = await service.queries.get(messages, str(message_id))
        if found is None or found.member_id != member_id:
            raise Refused("not-found")
        kept = not KINDS[found.template].secret
        said = words.plain(found.template, found.params).paragraphs if kept else ()
        return Opened(**line(found).model_dump(), paragraphs=said)

    @routes.post("/messages/read")
    async def read(member_id: MemberId, form: Read, caller: Own, request: Request, key: Key) -> Accepted:
        named = form.message_ids
        ids = await closed(member_id) if named is None else [MessageId(str(one)) for one in named]
        parts = [tuple(ids[start : start + AT_A_TIME]) for start in range(0, max(len(ids), 1), AT_A_TIME)]
        for number, part in enumerate(parts):
            command = c.ReadMessages(at=service.clock.now(), member_id=member_id, message_ids=part)
            cmd = uuid.uuid5(key, str(number)) if number else key
            answer = await carry_out(service, command, caller, request, cmd)
        return answer

    return routes


async def carry_out(
    service: Service,
    command: c.ReadMessages | c.ChoosePreferences,
    caller: Caller,
    request: Request,
    key: uuid.UUID,
) -> Accepted:
    """Let a member's own mailbox decide; the key is the command's id."""
    meta = Metadata(
        pk=command.member_id,
        actor=caller.actor,
        actor_kind=caller.actor_kind,
        correlation_id=request.state.correlation_id,
        member_id=command.member_id,
        person_id=command.member_id,
        channel=caller.channel,
    )
    answer = await service.handle(f"mailbox:{command.member_id}", command, cmd=str(key), meta=meta)
    return Accepted(stream=answer.stream, version=answer.version)
