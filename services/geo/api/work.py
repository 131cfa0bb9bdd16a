"""What waits for the desk here: files that would delist more than is usual, until somebody has looked at them."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter

from services.geo.domain import files as f
from services.geo.domain.facts import Source
from services.geo.domain.ids import FileId
from shared.admin import Decided, Decision, Kind, WorkItem, work_router
from shared.kernel import Issued
from shared.service import Service

HELD: Final = "held-directory-file"
CONFIRM: Final = Decision(name="confirm")
"""It passes when it is taken again. Otherwise it ends with the next file of its source."""


def work(service: Service) -> APIRouter:
    """All kinds of work of this service."""

    async def held() -> Sequence[WorkItem]:
        found = [await held_file(service, source) for source in Source]
        return [_item(one) for one in found if one is not None]

    return work_router(service, [Kind(HELD, held, _confirmed)])


async def held_file(service: Service, source: Source) -> f.FileHeld | None:
    """The file of a source that waits, if one does."""
    waiting: f.FileHeld | None = None
    for recorded in await service.codec.decode(await service.store.stream(f"directory:{source}")):
        waiting = recorded.event if isinstance(recorded.event, f.FileHeld) else None
    return waiting


def _item(held: f.FileHeld) -> WorkItem:
    counts = {name: str(getattr(held.tally, name)) for name in ("rows", "listed", "changed", "delisted")}
    summary = {"source": held.source.value, "as_of": held.as_of.date().isoformat(), **counts}
    return WorkItem(kind=HELD, id=held.file, since=held.at, summary=summary, decisions=(CONFIRM,))


def _confirmed(item: WorkItem, _: Decided, now: dt.datetime) -> Issued:
    return Issued(f"directory:{item.summary['source']}", f.ConfirmFile(at=now, file=FileId(item.id)))
