"""A clock that a test holds in its hand."""

import datetime as dt

from shared.canonical import milliseconds

START = dt.datetime(2026, 3, 14, 9, 26, 53, 589000, tzinfo=dt.UTC)


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, time: dt.datetime = START) -> None:
        self.time = time

    def now(self) -> dt.datetime:
        """The time it was set to, cut to milliseconds as every clock's."""
        return milliseconds(self.time)

    def move(self, seconds: float) -> None:
        """Forward, or back with a negative number."""
        self.time += dt.timedelta(seconds=seconds)
