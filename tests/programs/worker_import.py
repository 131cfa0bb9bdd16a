"""Takes a file of the directory, and dies at a chosen write to the database: before it is sent, amid it, or after it."""

import datetime as dt
import os
import signal
import threading
from pathlib import Path
from typing import Any

from pymongo import monitoring

from services.geo.cli import reader_of
from services.geo.directory.taking import file_id
from services.geo.domain.facts import Source
from services.geo.main import definition, importer
from services.geo.settings import Settings
from shared.rebuild import Rebuild
from shared.service import Service
from tests.programs.worker_rounds import run_rounds, say

BATCH = 40
"""So small that a file of hundreds of rows has many."""
WRITES = ("insert", "update")


class Death(monitoring.CommandListener):
    """Counts writes to one collection, and kills the process at one of them."""

    def __init__(self, collection: str, at: int, point: str) -> None:
        self._collection = collection
        self._left = at
        self._point = point
        self._armed = False

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name not in WRITES or event.command[event.command_name] != self._collection:
            return
        self._left -= 1
        if self._left == 0:
            self._armed = True
            if self._point == "before":
                _die()
            if self._point == "amid":
                threading.Timer(0.002, _die).start()

    def succeeded(self, _: monitoring.CommandSucceededEvent) -> None:
        if self._armed and self._point == "after":
            _die()

    def failed(self, _: monitoring.CommandFailedEvent) -> None:
        """Not what it waits for."""


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def child(round_: dict[str, Any]) -> None:
    settings = Settings()
    service = Service(definition(settings), settings)
    await service.prepare()
    projector = service.projector(service.definition.projections)
    await Rebuild(projector, service.store, service.database, service.clock).fill()
    await service.close()
    if "collection" in round_:
        monitoring.register(Death(round_["collection"], round_["at"], round_["point"]))
    service = Service(definition(settings), settings)
    file, as_of = Path(round_["file"]), round_["as_of"]
    reader = await reader_of(service, Source(round_["source"]), file)
    report = await importer(service, BATCH).take(reader, file_id(file), dt.datetime.fromisoformat(as_of))
    say(state=report.state, tally=report.tally.model_dump())
    await service.close()


if __name__ == "__main__":
    run_rounds(child)
