"""Photos and identity documents: cleaned in a thread, kept encrypted outside the log, deleted when they are purged."""

import asyncio
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
AT_ONCE: Final = 2
"""Pictures unfolded side by side: each may take a hundred megabytes."""


class Uploads:
    """The files of one service."""

    def __init__(self, service: Service) -> None:
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
        """Keep a clean picture."""
        kept = await self._archive.put(content, person_id=person_id, retention=RETENTION, media_type=MEDIA_TYPE)
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
        """Drop what an order had; of an erased person nothing is left to drop."""
        if not isinstance(event.files, Erased):
            for file in event.files:
                await self._archive.delete(file, person_id=event.person_id, retention=RETENTION)


def deletions(service: Service) -> tuple[Effect, ...]:
    """Deleting files is an effect on the world: a replay deletes nothing, a crash deletes again."""

    async def unknown(_: str) -> None:
        return None

    return (Effect("delete-documents", o.VitaleDocumentsPurged, Uploads(service).delete, unknown),)
