"""What every service answers under /internal/audit about proofs and classes, for auditors."""

import datetime as dt
from collections.abc import Callable
from typing import Final

from services.console.clients.who import Who
from shared.web.channel import Answer, Channel

BASE: Final = "/internal/audit"
EXPORT_SECONDS: Final = 600.0
"""A log of a million commits is read whole before the first byte comes."""


class Signed(Answer):
    """What a checkpoint says."""

    size: int
    root: str
    at: dt.datetime


class Standing(Answer):
    """How far a log is signed."""

    origin: str
    fingerprint: str
    head: int
    last: Signed | None
    before: Signed | None
    witnessed: Signed | None
    younger: int
    alarms: tuple[str, ...]


class ClassHeld(Answer):
    """Where personal fields of one class lie in a service."""

    retention: str
    events: tuple[str, ...]
    read_models: tuple[str, ...]
    fields: int


class ClassesHeld(Answer):
    """By name."""

    service: str
    classes: tuple[ClassHeld, ...]


class AuditLine:
    """The proofs of one service, over HTTP."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def standing(self, who: Who) -> Standing:
        return (await self._channel.query(who, f"{BASE}/checkpoints", Standing)).value

    async def classes(self, who: Who) -> ClassesHeld:
        return (await self._channel.query(who, f"{BASE}/retention", ClassesHeld)).value

    async def export(self, who: Who, person_id: str, write: Callable[[bytes], object]) -> None:
        """One file: the commits of a person's streams, and what proves them."""
        body = {"person_id": person_id}
        await self._channel.download(who, f"{BASE}/exports", write, body=body, seconds=EXPORT_SECONDS)
