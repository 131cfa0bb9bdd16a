"""What identity answers about keeping and destroying: the table, what was done, certificates, legal holds."""

import datetime as dt
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlencode

from services.console.clients.who import Who
from shared.web.channel import Answer, Channel, Written

CASES: Final = "/internal/erasures"


class ClassShown(Answer):
    """How long one class is kept, by which text; what is due next, what was done."""

    retention: str
    years: int
    start: str
    source: str
    verified: bool
    waiting: int
    next_due: dt.datetime | None
    done: int
    last_done: dt.datetime | None


class RetentionShown(Answer):
    """The table."""

    days: int
    services: tuple[str, ...]
    classes: tuple[ClassShown, ...]


class Destruction(Answer):
    """What was destroyed, and which services have not answered yet."""

    person_id: str
    reference: str
    what: str
    classes: tuple[str, ...]
    at: dt.datetime
    waits_for: tuple[str, ...]
    answered_at: dt.datetime | None


class Destructions(Answer):
    """The newest first."""

    items: tuple[Destruction, ...]
    more: str | None


class Hold(Answer):
    """A legal hold that is asked for or stands."""

    hold_id: str
    case: str
    status: str
    since: dt.datetime


class Case(Answer):
    """How far the forgetting of one person is, and what holds it."""

    person_id: str
    status: str
    held: bool
    due_at: dt.datetime | None = None
    holds: tuple[Hold, ...] = ()


class Cases(Answer):
    """Some of them."""

    items: tuple[Case, ...]


class Answered(Answer):
    """What a service dropped."""

    label: str
    at: dt.datetime
    reached: Mapping[str, int]


class Kept(Answer):
    """What outlives the account."""

    label: str
    until: dt.date | None
    years: int | None
    source: str
    verified: bool


class Certificate(Answer):
    """It names nobody."""

    reference: str
    status: str
    requested_at: dt.datetime | None
    erased_at: dt.datetime | None
    completed_at: dt.datetime | None
    erased: tuple[str, ...]
    answers: tuple[Answered, ...]
    waits_for: tuple[str, ...]
    kept: tuple[Kept, ...]


class RetentionLine:
    """Over HTTP."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def table(self, who: Who) -> RetentionShown:
        return (await self._channel.query(who, "/internal/retention", RetentionShown)).value

    async def destructions(self, who: Who, what: str, after: str = "") -> Destructions:
        asked = urlencode({"what": what, "after": after})
        return (await self._channel.query(who, f"/internal/retention/destructions?{asked}", Destructions)).value

    async def held(self, who: Who) -> tuple[Case, ...]:
        return (await self._channel.query(who, f"{CASES}?held=true", Cases)).value.items

    async def certificate(self, who: Who, person_id: str, reference: str) -> Certificate:
        path = f"{CASES}/{quote(person_id, safe='')}/certificate?{urlencode({'reference': reference})}"
        return (await self._channel.query(who, path, Certificate)).value

    async def certificate_pdf(self, who: Who, person_id: str, reference: str) -> bytes:
        asked = urlencode({"reference": reference})
        return await self._channel.file(who, f"{CASES}/{quote(person_id, safe='')}/certificate/pdf?{asked}")

    async def ask_hold(self, who: Who, cmd: str, person_id: str, hold_id: str, case: str) -> Written:
        body = {"case": case, "hold_id": hold_id}
        path = f"/internal/desk/{quote(person_id, safe='')}/legal-holds"
        return await self._channel.command(who, path, Written, command_id=cmd, body=body)

    async def step(self, who: Who, cmd: str, person_id: str, hold_id: str, step: str) -> Written:
        """`approval`, `withdrawal`, `lift` or `lift/approval`."""
        path = f"/internal/desk/{quote(person_id, safe='')}/legal-holds/{quote(hold_id, safe='')}/{step}"
        return await self._channel.command(who, path, Written, command_id=cmd, body={})
