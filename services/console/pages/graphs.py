"""A line over an hour as SVG: no script, no library, and its numbers in words beside it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 480
HEIGHT: Final = 96


@dataclass(frozen=True)
class Graph:
    """`points`: for a polyline of WIDTH by HEIGHT; empty where nothing was measured."""

    title: str
    unit: str
    points: str
    last: float
    most: float
    since: dt.datetime | None


def graph(title: str, unit: str, measured: Sequence[tuple[dt.datetime, float]]) -> Graph:
    """Scaled to the first and last time and to the highest value."""
    if not measured:
        return Graph(title, unit, "", 0.0, 0.0, None)
    most = max(value for _, value in measured)
    start, end = measured[0][0], measured[-1][0]
    long = (end - start).total_seconds() or 1.0
    points = " ".join(
        f"{(at - start).total_seconds() / long * WIDTH:.1f},{HEIGHT - value / (most or 1.0) * HEIGHT:.1f}"
        for at, value in measured
    )
    return Graph(title, unit, points, measured[-1][1], most, start)
