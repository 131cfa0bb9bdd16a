"""Leaves letters to the printer through the ledger of effects, and dies at a chosen step."""

from pathlib import Path
from typing import Any

from services.notifications.domain import events as e
from services.notifications.main import definition
from services.notifications.settings import NotificationsSettings
from services.notifications.worker.effects import record
from services.notifications.worker.letter import Letters
from services.notifications.worker.spool import Spool
from shared.clock import SystemClock
from shared.effects import Effect
from shared.messaging import delivered_of
from shared.reactor import Reactor
from shared.service import Service
from tests.programs.effect_mail import Fate, MortalEffect, fate_of
from tests.programs.worker_rounds import run_rounds

POINTS = ("claim", "begin", "drawn", "half", "whole", "named", "tell", "told", "finish", "end")


class MortalSpool(Spool):
    """Dies between the files, before the name, or once the letter bears it."""

    fate: Fate

    def put(self, sending_id: str, pdf: bytes, manifest: Any) -> None:
        self.fate.at("drawn")
        super().put(sending_id, pdf, manifest)
        self.fate.at("named")

    def durable(self, file: Path, content: bytes) -> None:
        super().durable(file, content)
        self.fate.at("half" if file.suffix == ".jwe" else "whole")


class Post(Letters):
    def __init__(self, settings: NotificationsSettings, fate: Fate) -> None:
        super().__init__(settings, SystemClock())
        spool = MortalSpool(settings.spool, settings.printer_key())
        spool.fate = fate
        self._spool = spool


async def child(round_: dict[str, Any]) -> None:
    settings = NotificationsSettings(mail_from="box@toy.example")
    service, fate = Service(definition(settings), settings), fate_of(round_, POINTS)
    post = Post(settings, fate)

    async def finished(event: e.LetterRequested, identity: str, outcome: str) -> None:
        fate.at("tell")
        await record(service, event, identity, outcome)
        fate.at("told")

    effect = Effect("letter", e.LetterRequested, post.write, post.lies_ready, finished=finished)
    handler = MortalEffect(effect, service.codec, service.database, SystemClock(), "toy", round_["settled"])
    handler.fate = fate
    log = [one for commit in await service.store.window(0) for one in delivered_of("notifications", commit)]
    await Reactor("notifications", [handler], service.database, service.clock).apply(log[: round_.get("first")])
    await service.close()


if __name__ == "__main__":
    run_rounds(child)
