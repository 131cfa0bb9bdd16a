"""The folder (maildir) where mails come back to: read, told to the mailbox, and deleted, for they hold addresses."""

import asyncio
import mailbox
import time
import uuid
from pathlib import Path
from typing import Final

from services.notifications.domain.commands import RecordMessageBounced
from services.notifications.domain.ids import MemberId, MessageId, SendingId
from services.notifications.inbound import status_reports
from services.notifications.read_models.sendings import sendings
from shared.envelope import Metadata
from shared.kernel import Issued
from shared.leases import LeaseLost
from shared.mongo import PyMongoError
from shared.service import Service
from shared.telemetry import logger

AT_ONCE: Final = 100
PAUSE: Final = 2.0
PATIENCE: Final = 600.0
"""Seconds for which a report about a mail that nobody knows yet is kept: it may be faster than our own note of it."""
SET_ASIDE: Final = "not-understood"
"""Folder beside the new ones, for whoever runs the service to look at and empty."""


class Bounces:
    """The one active reader; others wait for its lease. Whatever is killed, a report is read again."""

    def __init__(self, service: Service, folder: Path) -> None:
        self._service, self._folder = service, folder
        self._lease = service.lease("bounces")
        self._log = logger("bounces")

    async def run(self) -> None:
        """Read whenever the lease allows it, until cancelled."""
        while True:
            try:
                if await self._lease.acquire():
                    await self.read_new()
            except (PyMongoError, LeaseLost, OSError) as error:
                self._log.warning("bounces wait", error=type(error).__name__)
            await asyncio.sleep(PAUSE)

    async def read_new(self) -> int:
        """Take what has come in; how many messages are gone from the folder."""
        folder = await asyncio.to_thread(mailbox.Maildir, self._folder, None)
        gone = 0
        for key in sorted(await asyncio.to_thread(folder.keys))[:AT_ONCE]:
            await self._lease.keep()
            gone += await self._taken(folder, key)
        return gone

    async def _taken(self, folder: mailbox.Maildir, key: str) -> bool:
        """Whether it is gone: told first, deleted then."""
        content = await asyncio.to_thread(folder.get_bytes, key)
        report = status_reports.read(content)
        known = await self._find(report.sending_id) if report else None
        if report and known is None and time.time() - folder.get_message(key).get_date() < PATIENCE:
            return False
        if report is None or known is None:
            await asyncio.to_thread(_set_aside, folder, content)
            self._log.warning("a message in the folder of bounces is not understood")
        elif report.for_good:
            await self._tell(report.sending_id, *known)
        await asyncio.to_thread(folder.discard, key)
        return True

    async def _find(self, sending_id: SendingId) -> tuple[MemberId, MessageId] | None:
        found = await self._service.queries.get(sendings, sending_id)
        return (found.member_id, found.message_id) if found else None

    async def _tell(self, sending_id: SendingId, member_id: MemberId, message_id: MessageId) -> None:
        command = RecordMessageBounced(at=self._service.clock.now(), member_id=member_id, message_id=message_id)
        meta = Metadata(
            pk=member_id,
            actor="bounces",
            actor_kind="process",
            correlation_id=sending_id,
            member_id=member_id,
            person_id=member_id,
            channel="mail",
        )
        cmd = str(uuid.uuid5(uuid.UUID(sending_id), "bounced"))
        await self._service.execute(Issued(f"mailbox:{member_id}", command), cmd, meta)


def _set_aside(folder: mailbox.Maildir, content: bytes) -> None:
    folder.add_folder(SET_ASIDE).add(content)
