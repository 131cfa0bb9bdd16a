"""The effect `mail`: a requested message is sent once, and the mailbox learns what became of it."""

import uuid
from collections.abc import Sequence
from typing import Any

from services.notifications.domain import commands as c
from services.notifications.domain import events as e
from services.notifications.settings import NotificationsSettings
from services.notifications.worker.mail import Mails
from services.notifications.worker.relay import Accepted, Smtp
from shared.effects import Effect
from shared.envelope import Metadata
from shared.service import Service


def effects(service: Service) -> Sequence[Effect]:
    """What this service does to the world."""
    settings = service.settings
    assert isinstance(settings, NotificationsSettings)
    mails = Mails(settings, service.clock)
    smtp = Smtp(settings.smtp_host, settings.smtp_port, settings.smtp_timeout)
    sink = Accepted(settings.mail_sink_url)

    async def send(event: e.MessageRequested, identity: str) -> None:
        await smtp.send(mails.mail(event, identity))

    async def was_accepted(identity: str) -> bool | None:
        return await sink.was_accepted(mails.id_of(identity))

    async def finished(event: e.MessageRequested, identity: str, outcome: str) -> None:
        await record(service, event, identity, outcome)

    return [Effect("mail", e.MessageRequested, send, was_accepted, when_unknown="resend", finished=finished)]


async def record(service: Service, event: e.MessageRequested, identity: str, outcome: str) -> None:
    """Let the mailbox know; safe to repeat."""
    facts: dict[str, Any] = {"at": service.clock.now(), "member_id": event.member_id, "message_id": event.message_id}
    command = c.RecordMessageSent(**facts) if outcome == "done" else c.RecordMessageFailed(**facts)
    stream = f"mailbox:{event.member_id}"
    meta = Metadata(
        pk=event.member_id,
        actor="effect.mail",
        actor_kind="process",
        correlation_id=await _conversation(service, stream, event),
        member_id=event.member_id,
        person_id=event.member_id,
        channel="mail",
    )
    await service.handle(stream, command, cmd=str(uuid.uuid5(uuid.UUID(identity), outcome)), meta=meta)


async def _conversation(service: Service, stream: str, event: e.MessageRequested) -> str:
    """The one that the message belongs to, from the first click on."""
    for commit in await service.store.stream(stream):
        if any(stored["data"].get("message_id") == event.message_id for stored in commit["ev"]):
            return str(commit["meta"]["correlation_id"])
    raise AssertionError("a message that is sent was requested")
