"""Fires what is due, and dies before the command, between the command and its note, or after the note."""

import os
import signal
from typing import Any

from shared.envelope import Metadata
from shared.kernel import Issued
from shared.scheduler import Scheduler
from shared.service import Service
from shared.settings import BaseServiceSettings
from tests.programs.worker_rounds import run_rounds, say
from tests.shared.deadlines import EMPTIER, definition


async def child(round_: dict[str, Any]) -> None:
    service = Service(definition(), BaseServiceSettings())

    async def execute(issued: Issued, cmd: str, meta: Metadata) -> bool:
        if round_["point"] == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        accepted = await service.execute(issued, cmd, meta)
        if round_["point"] == "between":
            os.kill(os.getpid(), signal.SIGKILL)
        return accepted

    base = service.scheduler()
    scheduler = Scheduler(
        service.name,
        [EMPTIER],
        base._commands,
        service.database,
        service.documents,
        service.pointers,
        execute,
        base._lease,
        service.clock,
    )
    base._lease.seconds = 0.2
    while not await base._lease.acquire():
        pass
    await scheduler.fire_due()
    if round_["point"] == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    say(fired=True)
    await service.close()


if __name__ == "__main__":
    run_rounds(child)
