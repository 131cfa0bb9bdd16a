"""The read models' worker of the toy: runs until it is stopped, or dies at a chosen flush."""

import asyncio
import json
import os
import signal
import sys
from typing import Any

import structlog

from shared.consumers import run_app
from shared.projections.documents import AnyProjection
from shared.projections.projector import Projector
from shared.projections.working_set import WorkingSet
from shared.service import Service
from shared.service.worker import read_models_app
from shared.settings import BaseServiceSettings
from tests import toy
from tests.programs.worker_rounds import say


class MortalWorkingSet(WorkingSet):
    """Dies at the flush `at`: before it, in the midst of it, or before the batch is acknowledged."""

    flushes = 0
    at = 0
    point = ""

    async def flush(self) -> None:
        if not len(self):
            return
        MortalWorkingSet.flushes += 1
        say(flush=self.flushes, streams=len(self._now))
        if self.flushes != self.at:
            await super().flush()
            return
        if self.point == "after":
            await super().flush()
        if self.point == "amid":
            writing = asyncio.create_task(super().flush())
            await asyncio.sleep(0.003)
            assert writing
        os.kill(os.getpid(), signal.SIGKILL)


class MortalProjector(Projector):
    def working_set(self, only: AnyProjection | None = None, *, anew: bool = False) -> WorkingSet:
        projections = self.projections if only is None else [only]
        return MortalWorkingSet(self._client, self.database, projections, self._documents, anew=anew)


async def main(wanted: dict[str, Any]) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    service = Service(toy.definition(wanted["name"]), BaseServiceSettings())
    MortalWorkingSet.at, MortalWorkingSet.point = wanted.get("at", 0), wanted.get("point", "")
    projector = MortalProjector(
        service.name,
        service.definition.projections,
        service.client,
        service.database,
        service.store,
        service.codec,
        service.documents,
        service.clock,
    )
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    running = asyncio.create_task(run_app(read_models_app(service, projector, wanted.get("instance"))))
    await asyncio.wait({running, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await service.close()
    say(stopped=True)


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
