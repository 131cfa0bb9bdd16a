"""Sends real mails through the ledger of effects, and dies, or falls asleep, at a chosen step of sending."""

import asyncio
import os
import random
import signal
from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any

import aiosmtplib
import httpx

from shared.clock import SystemClock
from shared.effects import Effect, EffectHandler
from shared.messaging import delivered_of
from shared.reactor import Reactor
from shared.service import Service
from shared.settings import BaseServiceSettings
from tests import toy
from tests.programs.worker_rounds import run_rounds, say

POINTS = ("claim", "begin", "connect", "envelope", "amid", "data", "tell", "finish", "end")


class Fate:
    """Dies at the `count`-th passing of a point."""

    def __init__(self, point: str, count: int, seconds: float) -> None:
        self.point, self.count, self.seconds = point, count, seconds

    def meets(self, point: str) -> bool:
        self.count -= point == self.point
        return point == self.point and self.count == 0

    def at(self, point: str) -> None:
        if self.meets(point):
            die()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Post:
    """The real mail sink, step by step."""

    def __init__(self, settings: BaseServiceSettings, fate: Fate, *, answers: bool) -> None:
        self.settings, self.fate, self.answers = settings, fate, answers

    async def run(self, event: toy.BoxOpened, identity: str) -> None:
        mail = EmailMessage()
        mail["Message-ID"], mail["From"], mail["To"] = f"<{identity}@toy>", "box@toy.example", "ann@toy.example"
        mail.set_content("Your box is open.\n" * 200)
        async with aiosmtplib.SMTP(hostname=self.settings.smtp_host, port=self.settings.smtp_port) as smtp:
            self.fate.at("connect")
            await smtp.mail("box@toy.example")
            await smtp.rcpt("ann@toy.example")
            self.fate.at("envelope")
            if self.fate.meets("amid"):
                asyncio.get_running_loop().call_later(self.fate.seconds, die)
                await smtp.data(mail.as_bytes())
                await asyncio.sleep(60)
            await smtp.data(mail.as_bytes())
            self.fate.at("data")

    async def was_accepted(self, identity: str) -> bool | None:
        if not self.answers:
            return None
        async with httpx.AsyncClient(base_url=self.settings.mail_sink_url or "") as client:
            found = await client.get("/accepted", params={"message_id": f"{identity}@toy"})
            return bool(found.json()["accepted"])

    async def finished(self, event: toy.BoxOpened, identity: str, outcome: str) -> None:
        self.fate.at("tell")


class MortalEffect(EffectHandler):
    fate: Fate

    async def _row(self, row_id: str) -> dict[str, Any]:
        row = await super()._row(row_id)
        if row["state"] == "claimed":
            self.fate.at("claim")
        return row

    async def _begin(self, before: dict[str, Any], *, possible_duplicate: bool) -> dict[str, Any]:
        ours = await super()._begin(before, possible_duplicate=possible_duplicate)
        self.fate.at("begin")
        return ours

    async def _finish(self, row_id: str, identity: str, event: Any, outcome: str) -> str:
        self.fate.at("finish")
        found = await super()._finish(row_id, identity, event, outcome)
        self.fate.at("end")
        return found


class Sleeper:
    """The ledger's rows, for a worker that is suspended as soon as its first update is written."""

    def __init__(self, rows: Any) -> None:
        self._rows, self._awake = rows, True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rows, name)

    async def update_one(self, *args: Any) -> Any:
        result = await self._rows.update_one(*args)
        if self._awake:
            self._awake = False
            say(asleep=os.getpid())
            os.kill(os.getpid(), signal.SIGSTOP)
        return result


def fate_of(round_: dict[str, Any], points: Sequence[str] = POINTS) -> Fate:
    """Drawn from the round's seed."""
    if "seed" not in round_:
        return Fate("", 0, 0.0)
    drawn = random.Random(round_["seed"])  # noqa: S311 - a test repeats itself
    return Fate(drawn.choice(points), drawn.randint(1, 2), drawn.uniform(0.0, 0.01))


async def child(round_: dict[str, Any]) -> None:
    settings = BaseServiceSettings()
    service, fate = Service(toy.definition(), settings), fate_of(round_)
    post = Post(settings, fate, answers=round_.get("answers", True))
    effect = Effect(
        "welcome", toy.BoxOpened, post.run, post.was_accepted, round_.get("when_unknown", "resend"), post.finished
    )
    handler = MortalEffect(effect, service.codec, service.database, SystemClock(), "toy", round_["settled"])
    handler.fate = fate
    if round_.get("sleeps"):
        handler._rows = Sleeper(handler._rows)
    log = [one for commit in await service.store.window(0) for one in delivered_of("toy", commit)]
    await Reactor("toy", [handler], service.database, service.clock).apply(log[: round_.get("first")])
    await service.close()


if __name__ == "__main__":
    run_rounds(child)
