"""The effects: a requested message is sent or spooled once, and the mailbox learns what became of it."""

import uuid
from collections.abc import Sequence
from typing import Any, Literal

from services.notifications.domain import commands as c
from services.notifications.domain import events as e
from services.notifications.domain.ids import SendingId
from services.notifications.domain.kinds import KINDS
from services.notifications.settings import NotificationsSettings
from services.notifications.worker.letter import DOCUMENT, Letters
from services.notifications.worker.mail import Mails
from services.notifications.worker.relay import Accepted, Smtp
from shared.documents import RENDERER
from shared.effects import Effect
from shared.envelope import Metadata
from shared.service import Service


def effects(service: Service) -> Sequence[Effect]:
    """What this service does to the world."""
    settings = service.settings
    assert isinstance(settings, NotificationsSettings)
    return [mail(service, settings), *letters(service, settings)]


def mail(service: Service, settings: NotificationsSettings) -> Effect:
    """A message by mail."""
    mails = Mails(settings, service.clock)
    smtp = Smtp(settings.smtp_host, settings.smtp_port, settings.smtp_timeout)
    sink = Accepted(settings.mail_sink_url)

    async def send(event: e.MessageRequested, identity: str) -> None:
        await smtp.send(mails.mail(event, identity))

    async def was_accepted(identity: str) -> bool | None:
        return await sink.was_accepted(mails.id_of(identity))

    async def finished(event: e.MessageRequested, identity: str, outcome: str) -> None:
        await record(service, event, identity, outcome)

    return Effect("mail", e.MessageRequested, send, was_accepted, when_unknown=in_doubt, finished=finished)


def letters(service: Service, settings: NotificationsSettings) -> Sequence[Effect]:
    """A message by post, and the end of its file once it is printed."""
    post = Letters(settings, service.clock)

    async def finished(event: e.LetterRequested, identity: str, outcome: str) -> None:
        await record(service, event, identity, outcome)

    async def gone(_: str) -> bool | None:
        return None  # to forget once more does no harm

    return [
        Effect("letter", e.LetterRequested, post.write, post.lies_ready, finished=finished),
        Effect("letter-printed", e.LetterPrinted, post.forget, gone),
    ]


def in_doubt(event: e.MessageRequested) -> Literal["resend", "uncertain"]:
    """What to do where nobody can say whether the relay took it."""
    return "uncertain" if KINDS[event.template].reminder else "resend"


async def record(service: Service, event: e.MessageRequested | e.LetterRequested, identity: str, outcome: str) -> None:
    """Let the mailbox know; safe to repeat."""
    stream = f"mailbox:{event.member_id}"
    by_post = isinstance(event, e.LetterRequested)
    meta = Metadata(
        pk=event.member_id,
        actor="effect.letter" if by_post else "effect.mail",
        actor_kind="process",
        correlation_id=await _conversation(service, stream, event),
        member_id=event.member_id,
        person_id=event.member_id,
        channel="post" if by_post else "mail",
    )
    facts: dict[str, Any] = {"at": service.clock.now(), "member_id": event.member_id, "message_id": event.message_id}
    command = _ended(facts, identity, outcome, by_post=by_post)
    await service.handle(stream, command, cmd=str(uuid.uuid5(uuid.UUID(identity), outcome)), meta=meta)


def _ended(facts: dict[str, Any], identity: str, outcome: str, *, by_post: bool) -> c.MailboxCommand:
    if outcome == "uncertain":
        return c.RecordMessageUncertain(**facts)
    if outcome == "refused":
        return c.RecordMessageBounced(**facts)  # it comes back before it has left
    if outcome != "done":
        return c.RecordMessageFailed(**facts)
    if by_post:
        return c.RecordLetterSpooled(**facts, sending_id=SendingId(identity), document=DOCUMENT, renderer=RENDERER)
    return c.RecordMessageSent(**facts, sending_id=SendingId(identity))


async def _conversation(service: Service, stream: str, event: e.MessageRequested | e.LetterRequested) -> str:
    """The one that the message belongs to, from the first click on."""
    for commit in await service.store.stream(stream):
        if any(stored["data"].get("message_id") == event.message_id for stored in commit["ev"]):
            return str(commit["meta"]["correlation_id"])
    raise AssertionError("a message that is sent was requested")
