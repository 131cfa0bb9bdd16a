"""Effects on the world (a mail, a letter), at most once where the world can say what it took (DESIGN §5).

A ledger row per (event, effect): claimed → sending → done | failed | uncertain. Never part of a projection or replay.
"""

import asyncio
import datetime as dt
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from shared.clock import Clock
from shared.codec import EventCodec
from shared.kernel import Event
from shared.messaging import Delivered
from shared.metrics import EFFECTS
from shared.mongo import Database, DuplicateKeyError
from shared.telemetry import logger

SETTLED = 5.0
"""Seconds after which a row still `sending` belongs to a worker that died: what it sent has arrived by then."""
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Permanent(Exception):  # noqa: N818 - said as it is
    """No retry will mend it: recorded as failed, shown, and done with."""


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
    when_unknown: Literal["resend", "uncertain"] = "resend"
    """Security, codes and cards go again with the same id, and are counted; reminders do not."""
    finished: Callable[[Any, str, str], Awaitable[None]] | None = None
    """Told event, message id and outcome (done, failed, uncertain)."""
    since: dt.datetime = EPOCH


def message_id(event_id: str, effect: str) -> str:
    """UUIDv5(event id, effect): the same on every try."""
    return str(uuid.uuid5(uuid.UUID(event_id), effect))


class EffectHandler:
    """What a reactor calls for each event of an effect."""

    def __init__(self, effect: Effect, codec: EventCodec, database: Database, clock: Clock, service: str) -> None:
        self.name = f"effect.{effect.name}"
        self.since = effect.since
        self._effect = effect
        self._codec = codec
        self._rows = database["effects"]
        self._clock = clock
        self._service = service
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
                await asyncio.sleep(SETTLED / 20)

    async def _advance(self, row_id: str, identity: str, event: Any) -> str:
        state = await self._state(row_id)
        if state["state"] not in ("claimed", "sending"):
            return str(state["state"])
        possible_duplicate = False
        if state["state"] == "sending":
            accepted = await self._recover(state, identity)
            if accepted or (accepted is None and self._effect.when_unknown == "uncertain"):
                return await self._finish(row_id, identity, event, "done" if accepted else "uncertain")
            possible_duplicate = accepted is None
        await self._begin(row_id, state, possible_duplicate=possible_duplicate)
        try:
            await self._effect.run(event, identity)
        except Permanent:
            return await self._finish(row_id, identity, event, "failed")
        except (NotAccepted, Deferred):
            await self._rows.update_one({"_id": row_id, "state": "sending"}, {"$set": {"state": "claimed"}})
            raise
        return await self._finish(row_id, identity, event, "done")

    async def _state(self, row_id: str) -> dict[str, Any]:
        row = {"_id": row_id, "state": "claimed", "tries": 0, "at": self._clock.now()}
        try:
            await self._rows.insert_one(row)
        except DuplicateKeyError:
            return await self._rows.find_one({"_id": row_id}) or row
        return row

    async def _recover(self, row: dict[str, Any], identity: str) -> bool | None:
        if self._clock.now() - row["at"] < dt.timedelta(seconds=SETTLED):
            raise StillSending
        return await self._effect.was_accepted(identity)

    async def _begin(self, row_id: str, before: dict[str, Any], *, possible_duplicate: bool) -> None:
        """From here on a crash leaves `sending`; two workers cannot both pass."""
        change: dict[str, Any] = {"state": "sending", "at": self._clock.now(), "tries": before["tries"] + 1}
        if possible_duplicate:
            change["possible_duplicate"] = True
            EFFECTS.labels(self._service, self._effect.name, "possible duplicate").inc()
        guard = {"_id": row_id, "state": before["state"], "tries": before["tries"]}
        if not (await self._rows.update_one(guard, {"$set": change})).matched_count:
            raise StillSending

    async def _finish(self, row_id: str, identity: str, event: Any, outcome: str) -> str:
        if self._effect.finished:
            await self._effect.finished(event, identity, outcome)
        await self._rows.update_one({"_id": row_id}, {"$set": {"state": outcome, "at": self._clock.now()}})
        EFFECTS.labels(self._service, self._effect.name, outcome).inc()
        self._log.info("effect", effect=self._effect.name, outcome=outcome)
        return outcome
