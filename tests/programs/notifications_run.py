"""The whole notifications service as a process, with mails to send, that dies at a chosen step of sending one.

API, relay, read models, reactions, effects: as in production, but for where it dies. The topic is this test's own.
"""

import asyncio
import os
import signal
import socket
import time
import uuid
from dataclasses import replace
from typing import Any

from services.notifications.domain import commands as c
from services.notifications.domain.events import Template
from services.notifications.domain.ids import MemberId, MessageId, Reference
from services.notifications.main import CATALOGUE, definition, routes
from services.notifications.settings import NotificationsSettings
from shared.clock import SystemClock
from shared.effects import Effect
from shared.envelope import Metadata
from shared.reactor import Handler
from shared.service import Service
from shared.service.roles import Role, run
from tests.programs.effect_mail import Fate, MortalEffect, die, fate_of
from tests.programs.worker_rounds import run_rounds, say

POINTS = ("claim", "begin", "connect", "amid", "data", "tell", "told", "finish", "end")
NEVER = Fate("", 0, 0.0)
LONGEST = 90.0
"""Seconds after which a round that neither dies nor ends has failed."""


class MortalService(Service):
    """Its mails are sent under a fate."""

    fate: Fate
    settled: float

    def _effect(self, effect: Effect) -> Handler:
        mail = effect.name == "mail"
        handler = MortalEffect(
            mortal(effect, self.fate) if mail else effect,
            self.codec,
            self.database,
            SystemClock(),
            self.name,
            self.settled,
        )
        handler.fate = self.fate if mail else NEVER
        return handler


def mortal(effect: Effect, fate: Fate) -> Effect:
    """Dies before the relay is reached, before it has answered, after it has, or while telling of it."""

    async def send(event: Any, identity: str) -> None:
        fate.at("connect")
        if fate.meets("amid"):
            asyncio.get_running_loop().call_later(fate.seconds, die)
        await effect.run(event, identity)
        fate.at("data")

    async def finished(event: Any, identity: str, outcome: str) -> None:
        fate.at("tell")
        assert effect.finished
        await effect.finished(event, identity, outcome)
        fate.at("told")

    return replace(effect, run=send, finished=finished)


async def ask(service: Service, count: int) -> None:
    """So many members are told something."""
    for _ in range(count):
        member = MemberId(str(uuid.uuid4()))
        meta = Metadata(pk=member, actor="test", actor_kind="process", correlation_id=member, person_id=member)
        whose: dict[str, Any] = {"at": service.clock.now(), "member_id": member}
        message: dict[str, Any] = {"message_id": MessageId(member), "cause_event_id": member, "params": {}}
        reference = Reference("7KQ2-M4XD-9VTA")
        for command in (
            c.LearnAddress(**whose, email=f"{member}@exemple.example", confirmed=True),
            c.RequestMessage(**whose, **message, reference=reference, template=Template.VITALE_SENT),
        ):
            await service.handle(f"mailbox:{member}", command, cmd=str(uuid.uuid4()), meta=meta)


async def told(service: Service) -> tuple[int, int]:
    """How many messages were requested, and of how many the mailbox knows that they are sent."""
    commits, position = await service.store.window(0), 0
    kinds: list[str] = []
    while commits:
        kinds += [event["type"] for commit in commits for event in commit["ev"]]
        position = commits[-1]["_id"]
        commits = await service.store.window(position)
    return kinds.count("MessageRequested"), kinds.count("MessageSent")


async def child(round_: dict[str, Any]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    more = {"mail_sink_url": None} if not round_.get("answers", True) else {}
    settings = NotificationsSettings(http_port=port, mail_from="box@toy.example", **more)
    service = MortalService(replace(definition(settings), name=round_["name"]), settings)
    service.fate, service.settled = fate_of(round_, POINTS), round_["settled"]
    os.environ["INSTANCE"] = "the-same"
    started = time.monotonic()
    running = asyncio.ensure_future(run(service, Role.ALL, routes, CATALOGUE))
    await service.prepare()
    await ask(service, round_.get("asks", 0))
    first = (await told(service))[1]
    joined = 0.0
    while time.monotonic() - started < LONGEST:
        asked, sent = await told(service)
        if not joined and (sent > first or asked == sent):
            joined = time.monotonic() - started
            say(joined=joined)
        if "seed" not in round_ and asked == sent:
            os.kill(os.getpid(), signal.SIGTERM)
            await running
            return
        await asyncio.sleep(0.1)
    raise TimeoutError("neither dead nor done")


if __name__ == "__main__":
    run_rounds(child)
