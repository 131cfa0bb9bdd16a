"""Effects on the world (a mail, a letter), at most once where the world can say what it took (DESIGN §5).

A ledger row per (event, effect): claimed → sending → telling → done | failed | refused | uncertain. Never part of a
projection or replay. A worker that is suspended in the very middle of sending, for longer than SETTLED, may send twice.
"""

import asyncio
import contextlib
import datetime as dt
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from shared.clock import Clock
from shared.codec import EventCodec
from shared.kernel import Event
from shared.messaging import Delivered
from shared.metrics import EFFECTS
from shared.mongo import Database, DuplicateKeyError, PyMongoError
from shared.telemetry import logger

SETTLED = 5.0
"""Seconds without a sign of life after which the worker of a `sending` row is dead, and what it sent has arrived."""
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

Unknown = Literal["resend", "uncertain"]
"""What to do where nobody can say whether the world took it."""


class Permanent(Exception):  # noqa: N818 - said as it is
    """No retry will mend it: recorded as failed, shown, and done with."""

    outcome = "failed"


class Refused(Permanent):
    """The one it is for can't be reached there: the next one will fare no better."""

    outcome = "refused"


class NotAccepted(OSError):  # noqa: N818 - said as it is
    """The world certainly did not take it (no connection, say): tried again until it does; other keys wait too."""


class Deferred(Exception):  # noqa: N818 - said as it is
    """The world certainly did not take this one, and asks to come back later: only its key waits."""


class StillSending(Exception):  # noqa: N818 - said as it is
    """Another worker is at it, or died at it a moment ago: wait until it has settled."""


@dataclass(frozen=True)
class Effect:
    """One kind of effect of one event type."""

    name: str
    handles: type[Event]
    run: Callable[[Any, str], Awaitable[None]]
    """Does it, given the event and a message id that is the same on every try.

    Raises Permanent, NotAccepted or Deferred where the outcome is certain; after anything else the world is asked.
    """
    was_accepted: Callable[[str], Awaitable[bool | None]]
    """Whether the world took the message of this id; None if it can't say."""
    when_unknown: Unknown | Callable[[Any], Unknown] = "resend"
    """Security, codes and cards go again with the same id, and are counted; reminders do not. May ask the event."""
    finished: Callable[[Any, str, str], Awaitable[None]] | None = None
    """Told event, message id and outcome (done, failed, refused, uncertain); again after a crash, or if it failed."""
    since: dt.datetime = EPOCH


def message_id(event_id: str, effect: str) -> str:
    """UUIDv5(event id, effect): the same on every try."""
    return str(uuid.uuid5(uuid.UUID(event_id), effect))


class EffectHandler:
    """What a reactor calls for each event of an effect."""

    def __init__(
        self,
        effect: Effect,
        codec: EventCodec,
        database: Database,
        clock: Clock,
        service: str,
        settled: float = SETTLED,
    ) -> None:
        self.name = f"effect.{effect.name}"
        self.since = effect.since
        self._effect = effect
        self._codec = codec
        self._rows = database["effects"]
        self._clock = clock
        self._service = service
        self._settled = settled
        self._log = logger("effects")

    def wants(self, event_type: str) -> bool:
        """Whether this is the effect's event."""
        return event_type == self._effect.handles.NAME

    async def handle(self, delivery: Delivered) -> str:
        """Bring the effect of one event to its end; the outcome's name."""
        [opened] = await self._codec.open([delivery])
        if opened.error:
            raise opened.error
        row_id = f"{delivery.stored['id']}|{self._effect.name}"
        identity = message_id(delivery.stored["id"], self._effect.name)
        while True:
            try:
                return await self._advance(row_id, identity, opened.event)
            except StillSending:
                await asyncio.sleep(self._settled / 20)

    async def _advance(self, row_id: str, identity: str, event: Any) -> str:
        row = await self._row(row_id)
        state = str(row["state"])
        if state == "telling":
            return await self._finish(row_id, identity, event, row["outcome"])
        if state not in ("claimed", "sending"):
            return state
        possible_duplicate = False
        if state == "sending":
            accepted = await self._recover(row_id, identity)
            if accepted or (accepted is None and self._unknown(event) == "uncertain"):
                return await self._finish(row_id, identity, event, "done" if accepted else "uncertain")
            possible_duplicate = accepted is None
        ours = await self._begin(row, possible_duplicate=possible_duplicate)
        try:
            await self._send(ours, self._effect.run(event, identity))
        except Permanent as refusal:
            return await self._finish(row_id, identity, event, refusal.outcome)
        except (NotAccepted, Deferred):
            await self._rows.update_one(ours, {"$set": {"state": "claimed"}})
            raise
        return await self._finish(row_id, identity, event, "done")

    def _unknown(self, event: Any) -> Unknown:
        policy = self._effect.when_unknown
        return policy(event) if callable(policy) else policy

    async def _row(self, row_id: str) -> dict[str, Any]:
        row = {"_id": row_id, "state": "claimed", "tries": 0, "at": self._clock.now()}
        try:
            await self._rows.insert_one(row)
        except DuplicateKeyError:
            return await self._rows.find_one({"_id": row_id}) or row
        return row

    async def _recover(self, row_id: str, identity: str) -> bool | None:
        settled = {"$dateAdd": {"startDate": "$alive_at", "unit": "millisecond", "amount": int(self._settled * 1000)}}
        if not await self._rows.find_one({"_id": row_id, "$expr": {"$lt": [settled, "$$NOW"]}}):
            raise StillSending
        return await self._effect.was_accepted(identity)

    async def _begin(self, before: dict[str, Any], *, possible_duplicate: bool) -> dict[str, Any]:
        """From here on a crash leaves `sending`; two workers cannot both pass. What the row looks like while ours."""
        guard = {name: before[name] for name in ("_id", "state", "tries")}
        ours = {"_id": before["_id"], "state": "sending", "tries": before["tries"] + 1}
        change: dict[str, Any] = {**ours, "at": self._clock.now()}
        if possible_duplicate:
            change["possible_duplicate"] = True
        started = time.monotonic()
        moved = await self._rows.update_one(guard, [{"$set": {**_literal(change), "alive_at": "$$NOW"}}])
        if not moved.matched_count or time.monotonic() - started > self._settled / 2:
            raise StillSending
        if possible_duplicate:
            EFFECTS.labels(self._service, self._effect.name, "possible duplicate").inc()
        return ours

    async def _send(self, ours: dict[str, Any], run: Awaitable[None]) -> None:
        """Let it run, with a sign of life now and then, for as long as nobody has taken over."""
        sending = asyncio.ensure_future(run)
        try:
            while not (await asyncio.wait({sending}, timeout=self._settled / 4))[0]:
                with contextlib.suppress(PyMongoError):
                    alive = await self._rows.update_one(ours, [{"$set": {"alive_at": "$$NOW"}}])
                    if not alive.matched_count:
                        raise StillSending
            await sending
        finally:
            if not sending.done():
                sending.cancel()
                await asyncio.wait({sending})

    async def _finish(self, row_id: str, identity: str, event: Any, outcome: str) -> str:
        if self._effect.finished:
            # Kept before it is told: a failure to tell must not lead to a second mail.
            await self._rows.update_one({"_id": row_id}, {"$set": {"state": "telling", "outcome": outcome}})
            await self._effect.finished(event, identity, outcome)
        await self._rows.update_one({"_id": row_id}, {"$set": {"state": outcome, "at": self._clock.now()}})
        EFFECTS.labels(self._service, self._effect.name, outcome).inc()
        self._log.info("effect", effect=self._effect.name, outcome=outcome)
        return outcome


def _literal(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a pipeline takes them: a text is not an expression."""
    return {name: {"$literal": value} for name, value in values.items() if name != "_id"}
