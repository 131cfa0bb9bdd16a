"""What notifications hold of a person: his mailbox, emptied event by event, and letters that wait for the printer."""

import uuid

from services.notifications.domain import commands as c
from services.notifications.domain.events import LetterRequested
from services.notifications.domain.ids import MemberId
from services.notifications.settings import NotificationsSettings
from services.notifications.worker.spool import Spool
from shared.effects import message_id
from shared.envelope import Metadata
from shared.erasure import Asked, Erasure, Holding
from shared.service import Service

RETENTION = "messages"


def forgetting(service: Service) -> Erasure:
    """Letters first: once the mailbox is empty nobody knows them."""
    settings = service.settings
    assert isinstance(settings, NotificationsSettings)
    return Erasure("identity", [_letters(service, settings), _mailbox(service)])


def _mailbox(service: Service) -> Holding:
    async def count(asked: Asked) -> int:
        return len((await service.state(f"mailbox:{asked.person_id}"))[0].messages)

    async def drop(asked: Asked) -> None:
        stream, member_id = f"mailbox:{asked.person_id}", MemberId(asked.person_id)
        meta = Metadata(
            pk=member_id,
            actor="erasure",
            actor_kind="process",
            correlation_id=asked.erasure_id,
            member_id=member_id,
            person_id=member_id,
        )
        while True:
            mailbox, version = await service.state(stream)
            if mailbox.is_empty:
                return
            command = c.EmptyMailbox(at=service.clock.now(), member_id=member_id)
            cmd = str(uuid.uuid5(uuid.UUID(asked.erasure_id), f"mailbox|{version}"))
            await service.handle(stream, command, cmd=cmd, meta=meta)

    return Holding("messages", RETENTION, count, drop)


def _letters(service: Service, settings: NotificationsSettings) -> Holding:
    async def ready(asked: Asked) -> list[str]:
        commits = await service.store.stream(f"mailbox:{asked.person_id}")
        events = [event for commit in commits for event in commit["ev"] if event["type"] == LetterRequested.NAME]
        spool = Spool(settings.spool, settings.printer_key())
        return [one for event in events if spool.has(one := message_id(event["id"], "letter"))]

    async def count(asked: Asked) -> int:
        return len(await ready(asked))

    async def drop(asked: Asked) -> None:
        spool = Spool(settings.spool, settings.printer_key())
        for one in await ready(asked):
            spool.remove(one)

    return Holding("letters", RETENTION, count, drop)
