"""One day."""

import datetime as dt

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


def after(**delta: float) -> dt.datetime:
    return NOW + dt.timedelta(**delta)
