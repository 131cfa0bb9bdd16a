"""Tells a process manager its event, and dies between the step's commit and the commands that follow from it."""

import os
import signal
from typing import Any

from shared.envelope import Metadata
from shared.kernel import Issued
from shared.messaging import delivered_of
from shared.processes import ProcessHandler
from shared.service import Service
from shared.settings import BaseServiceSettings
from tests import toy
from tests.programs.worker_rounds import run_rounds, say


async def child(round_: dict[str, Any]) -> None:
    service = Service(toy.definition("toy", processes=[toy.filler]), BaseServiceSettings())

    async def execute(issued: Issued, cmd: str, meta: Metadata) -> bool:
        if round_["point"] == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        accepted = await service.execute(issued, cmd, meta)
        if round_["point"] == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return accepted

    process = ProcessHandler(
        toy.filler, {"Put": toy.Put}, service.store, service.codec, service.vault, service.commands.handle, execute
    )
    [opened, *_] = [one for commit in await service.store.window(0) for one in delivered_of("toy", commit)]
    say(outcome=await process.handle(opened))
    await service.close()


if __name__ == "__main__":
    run_rounds(child)
