"""A read model is current, catching up, stalled, or nobody knows: told from measurements, never from lag alone."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

from shared.projections.pulse import EARLIER, SILENT, STALLED, Pulse, progress, pulse, seconds_left, trend

T0 = dt.datetime(2026, 3, 14, 9, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Seen:
    position: int
    events: int


def after(*measured: tuple[float, int, int]) -> dict[str, Any]:
    """The row after measurements: seconds, position, events behind."""
    row: dict[str, Any] = {}
    for seconds, position, events in measured:
        now = T0 + dt.timedelta(seconds=seconds)
        row = row | {"position": position, "events": events} | progress(row, Seen(position, events), now)
    return row


def at(seconds: float) -> dt.datetime:
    return T0 + dt.timedelta(seconds=seconds)


def test_it_is_current_when_nothing_waits_and_catching_up_while_it_moves():
    assert pulse(after((0, 10, 0)), at(1)) is Pulse.CURRENT
    assert pulse(after((0, 10, 50), (1, 20, 40)), at(2)) is Pulse.CATCHING_UP


def test_it_is_stalled_when_it_is_behind_and_takes_no_step():
    rows = [(float(second), 10, 5) for second in range(int(STALLED) + 2)]
    assert pulse(after(*rows[:5]), at(5)) is Pulse.CATCHING_UP
    assert pulse(after(*rows), at(STALLED + 1.5)) is Pulse.STALLED
    assert pulse(after(*rows, (STALLED + 2, 11, 4)), at(STALLED + 2)) is Pulse.CATCHING_UP


def test_work_after_a_long_rest_is_no_stall():
    row = after((0, 10, 0), (1000, 10, 0), (1001, 10, 3))
    assert pulse(row, at(1002)) is Pulse.CATCHING_UP


@pytest.mark.parametrize("events", [0, 7])
def test_where_nobody_measures_nothing_is_known_whatever_the_lag_was(events):
    assert pulse({}, T0) is Pulse.UNKNOWN
    assert pulse(after((0, 10, events)), at(SILENT + 1)) is Pulse.UNKNOWN


def test_the_rate_follows_what_it_does_and_tells_when_it_will_be_done():
    row = after((0, 0, 1000), *((float(second), second * 100, 1000 - second * 100) for second in range(1, 6)))
    assert row["rate"] == pytest.approx(100)
    assert seconds_left(row) == pytest.approx(5)
    assert seconds_left(after((0, 5, 0))) == 0
    assert seconds_left(after((0, 5, 3), (1, 5, 3))) is None
    assert seconds_left({}) == 0


def test_a_trend_compares_with_about_a_minute_ago():
    assert trend({"events": 3}) == 0
    assert trend(after((0, 10, 5), (10, 10, 25))) == 20
    assert trend(after((0, 10, 50), (30, 30, 20))) == -30
    assert trend(after((0, 10, 50), (EARLIER, 30, 20), (EARLIER + 1, 31, 21))) == 1
