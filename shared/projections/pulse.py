"""Whether a read model moves: what one measurement adds to those before, and what that means. Pure.

Lag alone lies: where nobody measures, or nobody reads the head, it says zero for ever (marten #4961).
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, Protocol

SILENT: Final = 15.0
"""Seconds without a measurement after which nothing is known."""
STALLED: Final = 30.0
"""Seconds behind without a step after which somebody should look."""
EARLIER: Final = 60.0
"""Seconds over which a trend is told."""
SMOOTH: Final = 0.3
"""How much the last measurement counts in the rate."""


class Measured(Protocol):
    """What a measurement says."""

    @property
    def position(self) -> int:
        """Everything up to here is folded."""
        ...

    @property
    def events(self) -> int:
        """So many are not."""
        ...


class Pulse(StrEnum):
    """How it goes, in one word."""

    CURRENT = "current"
    CATCHING_UP = "catching up"
    STALLED = "stalled"
    BLIND = "blind"
    """It is measured, but whoever measures no longer sees what is recorded: what it says is worth nothing."""
    UNKNOWN = "unknown"


def progress(row: Mapping[str, Any], lag: Measured, now: dt.datetime) -> dict[str, Any]:
    """The fields that a measurement adds to the row before it.

    `at`: when; `moved_at`: when it last moved or had nothing to do; `rate`: positions a second, smoothed; `earlier`:
    the lag about a minute ago, for a trend.
    """
    moved = not lag.events or lag.position != row.get("position")
    earlier = row.get("earlier")
    if earlier is None or _seconds(now, earlier["at"]) >= EARLIER:
        earlier = {"at": now, "events": lag.events}
    return {
        "at": now,
        "moved_at": now if moved else row.get("moved_at", now),
        "rate": _rate(row, lag, now),
        "earlier": earlier,
    }


def _rate(row: Mapping[str, Any], lag: Measured, now: dt.datetime) -> float | None:
    if "at" not in row or (passed := _seconds(now, row["at"])) <= 0:
        return row.get("rate")
    step = (lag.position - int(row.get("position", 0))) / passed
    before = row.get("rate")
    return step if before is None else SMOOTH * step + (1 - SMOOTH) * float(before)


def pulse(row: Mapping[str, Any], now: dt.datetime, unseen: dt.datetime | None = None) -> Pulse:
    """What a read model's row of progress means now. `unseen`: when the first commit beyond its head was recorded."""
    if "at" not in row or _seconds(now, row["at"]) > SILENT:
        return Pulse.UNKNOWN
    if unseen is not None and _seconds(now, unseen) > SILENT:
        return Pulse.BLIND
    if not row["events"]:
        return Pulse.CURRENT
    return Pulse.STALLED if _seconds(now, row["moved_at"]) > STALLED else Pulse.CATCHING_UP


def trend(row: Mapping[str, Any]) -> int:
    """How many events further behind it is than about a minute ago; negative: it catches up."""
    earlier = row.get("earlier")
    return int(row["events"]) - int(earlier["events"]) if earlier else 0


def seconds_left(row: Mapping[str, Any]) -> float | None:
    """When it will have caught up at its present rate; None where it does not move."""
    events, rate = int(row.get("events", 0)), row.get("rate")
    if not events:
        return 0.0
    return events / float(rate) if rate else None


def _seconds(now: dt.datetime, then: dt.datetime) -> float:
    return (now - then) / dt.timedelta(seconds=1)
