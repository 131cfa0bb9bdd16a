"""Photos and identity documents: cleaned in a thread, kept encrypted outside the log, deleted when they are purged."""

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Final

from services.cards.domain import order_events as o
from services.cards.domain.ids import FileId, PersonId
from shared.documents import Archive
from shared.effects import Effect
from shared.kernel import Erased, require
from shared.service import Service

RETENTION: Final = "cards"
MEDIA_TYPE: Final = "image/jpeg"
UNSENT: Final = dt.timedelta(days=1)
AT_ONCE: Final = 2
"""Pictures unfolded side by side: each may take a hundred megabytes."""


class Uploads:
    """The files of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._archive = Archive(service.database, service.vault)
        self._room = asyncio.Semaphore(AT_ONCE)

    async def clean(self, cleaning: Callable[[bytes], bytes], content: bytes) -> bytes:
        """What is left of an upload.

        Raises:
            Rejected: it is refused, see `pictures`.
        """
        async with self._room:
            return await asyncio.to_thread(cleaning, content)

    async def keep(self, person_id: PersonId, content: bytes) -> FileId:
        """Keep a clean picture, for a day if no order is given it."""
        until = self._service.clock.now() + UNSENT
        kept = await self._archive.put(
            content, person_id=person_id, retention=RETENTION, media_type=MEDIA_TYPE, until=until
        )
        return FileId(kept)

    async def get(self, person_id: PersonId, file: FileId) -> bytes | None:
        """A picture, as long as it is kept."""
        found = await self._archive.get(file, person_id=person_id, retention=RETENTION)
        return found[0] if found else None

    async def require_known(self, person_id: PersonId, *files: FileId) -> None:
        """Refuse a file that this person has not sent.

        Raises:
            Rejected: `file-unknown`.
        """
        for file in files:
            require(await self.get(person_id, file) is not None, otherwise="file-unknown")

    async def delete(self, event: o.VitaleDocumentsPurged, _: str) -> None:
        """Drop what an order had and no other has; of an erased person nothing is left to drop."""
        if not isinstance(event.files, Erased):
            held = await self.of_orders(event.person_id)
            for file in event.files:
                if file in held:
                    continue
                await self._archive.delete(file, person_id=event.person_id, retention=RETENTION)

    async def of_orders(self, person_id: str) -> frozenset[FileId]:
        """All that is kept for an order of a person's."""
        state, _ = await self._service.state(f"vitale:{person_id}")
        return frozenset(file for order in state.orders.values() for file in order.files)

    async def sweep(self) -> int:
        """Drop what was sent and then given to no order; how many."""
        return await self._archive.sweep(self._service.clock.now(), self.of_orders)

    async def prepare(self) -> None:
        """Indexes; safe to repeat."""
        await self._archive.prepare()


def deletions(service: Service) -> tuple[Effect, ...]:
    """Deleting files is an effect on the world: a replay deletes nothing, a crash deletes again."""

    async def unknown(_: str) -> None:
        return None

    return (Effect("delete-documents", o.VitaleDocumentsPurged, Uploads(service).delete, unknown),)
