"""One member's messages, in his account: the list, each with its words, what is read, and which mails he wants."""

import datetime as dt
import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response

from services.notifications.domain import commands as c
from services.notifications.domain.events import Topic, Why
from services.notifications.domain.ids import MemberId, MessageId
from services.notifications.domain.kinds import KINDS, Channel
from services.notifications.domain.mailbox_state import Status
from services.notifications.read_models.contact import Contact, contact
from services.notifications.read_models.messages import Message, messages
from services.notifications.words import Renderer
from shared.envelope import Metadata
from shared.kernel import Value
from shared.problems import Refused
from shared.projections.queries import Written
from shared.security import Caller, gateway_caller
from shared.service import Service


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
    """The newest first."""

    messages: tuple[Line, ...]
    unread: int


class Opened(Line):
    """A message and its words; none for one that held a link or a code."""

    paragraphs: tuple[str, ...]


class Choice(Value):
    """A topic, and whether the member wants mails of it."""

    topic: Topic
    wanted: bool


class Reach(Value):
    """How the member is written to. `bounced`: mail to his address comes back."""

    topics: tuple[Choice, ...]
    bounced: bool


class Read(Value):
    """Messages that were opened."""

    message_ids: tuple[uuid.UUID, ...]


class Preferences(Value):
    """The topics that the member can do without."""

    unwanted: frozenset[Topic]


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

    @routes.get("/messages")
    async def mine(member_id: str, _: Own, response: Response, x_written: After = None) -> Messages:
        response.headers["X-Lag"] = str(await service.queries.wait(messages, Written.parse(x_written)))
        found = await service.queries.find(messages, member_id=member_id)
        newest = sorted(found, key=lambda message: message.at, reverse=True)
        return Messages(messages=tuple(map(line, newest)), unread=sum(not message.read for message in found))

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
        ids = tuple(MessageId(str(one)) for one in form.message_ids)
        command = c.ReadMessages(at=service.clock.now(), member_id=member_id, message_ids=ids)
        return await _done(service, command, caller, request, key)

    @routes.get("/contact")
    async def reach(member_id: str, _: Own, response: Response, x_written: After = None) -> Reach:
        response.headers["X-Lag"] = str(await service.queries.wait(contact, Written.parse(x_written)))
        found = await service.queries.get(contact, member_id) or Contact(member_id=MemberId(member_id))
        topics = tuple(Choice(topic=topic, wanted=topic not in found.unwanted) for topic in Topic)
        return Reach(topics=topics, bounced=found.bounced)

    @routes.post("/preferences")
    async def choose(member_id: MemberId, form: Preferences, caller: Own, request: Request, key: Key) -> Accepted:
        command = c.ChoosePreferences(at=service.clock.now(), member_id=member_id, unwanted=form.unwanted)
        return await _done(service, command, caller, request, key)

    return routes


async def _done(
    service: Service,
    command: c.ReadMessages | c.ChoosePreferences,
    caller: Caller,
    request: Request,
    key: uuid.UUID,
) -> Accepted:
    meta = Metadata(
        pk=command.member_id,
        actor=caller.actor,
        actor_kind=caller.actor_kind,
        correlation_id=request.state.correlation_id,
        member_id=command.member_id,
        person_id=command.member_id,
        channel="web",
    )
    answer = await service.handle(f"mailbox:{command.member_id}", command, cmd=str(key), meta=meta)
    return Accepted(stream=answer.stream, version=answer.version)
