"""Fills the second versions of the toy's read models, and dies at a chosen flush."""

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

from shared.projections.documents import AnyProjection
from shared.projections.projector import Projector
from shared.projections.working_set import WorkingSet
from shared.rebuild import Rebuild
from shared.service import Service
from shared.settings import BaseServiceSettings
from tests import toy
from tests.programs.worker_rounds import run_rounds, say

V2 = (replace(toy.summary, version=2), replace(toy.heaps, version=2))


class MortalWorkingSet(WorkingSet):
    """Dies at the flush `at`: before it, in the midst of it, or before its checkpoint is saved."""

    flushes = 0
    at = 0
    point = ""

    async def flush(self) -> None:
        MortalWorkingSet.flushes += 1
        say(flush=self.flushes, entries=len(self), rss=rss())
        if self.flushes != self.at:
            await super().flush()
            return
        if self.point == "after":
            await super().flush()
        if self.point == "amid":
            writing = asyncio.create_task(super().flush())
            await asyncio.sleep(0.004)
            assert writing
        os.kill(os.getpid(), signal.SIGKILL)


class MortalProjector(Projector):
    def working_set(self, only: AnyProjection | None = None, *, anew: bool = False) -> WorkingSet:
        projections = self.projections if only is None else [only]
        return MortalWorkingSet(self._client, self.database, projections, self._documents, anew=anew)


def rss() -> int:
    """Kilobytes of memory in use."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


async def child(round_: dict[str, Any]) -> None:
    service = Service(toy.definition("toy", V2, release=2), BaseServiceSettings())
    MortalWorkingSet.at, MortalWorkingSet.point = round_.get("at", 0), round_.get("point", "")
    projector = MortalProjector(
        service.name,
        V2,
        service.client,
        service.database,
        service.store,
        service.codec,
        service.documents,
        service.clock,
    )
    rebuild = Rebuild(projector, service.store, service.database, service.clock, bound=round_["bound"])
    say(position=await rebuild.fill())
    await service.close()


if __name__ == "__main__":
    run_rounds(child)
