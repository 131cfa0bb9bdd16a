"""Measured pairs, the table they make, and the file they are kept in."""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy.local.services import ROOT
from tests.scale import sized


@dataclass(frozen=True)
class Pair:
    """Ours beside raw. `better` says which way the ratio ours / raw should go; `target` bounds it."""

    name: str
    ours: float
    raw: float
    unit: str
    ratio: float
    target: str
    met: bool


def rate(name: str, ours: float, raw: float, at_least: float) -> Pair:
    """Two rates per second: ours should be at least so many times the raw one."""
    return Pair(name, ours, raw, "/s", ours / raw, f"≥ {at_least:g} x raw", ours / raw >= at_least)


def absolute(name: str, ours: float, raw: float, at_least: float) -> Pair:
    """Two rates per second: ours should be at least this rate."""
    return Pair(name, ours, raw, "/s", ours / raw, f"≥ {at_least:,.0f}/s", ours >= at_least)


def latency(name: str, ours: float, raw: float, at_most: float | None = None) -> Pair:
    """Two times in seconds: ours should be at most so many times the raw one, if that is said."""
    target = "" if at_most is None else f"≤ {at_most:g} x raw"
    return Pair(name, ours * 1000, raw * 1000, "ms", ours / raw, target, at_most is None or ours / raw <= at_most)


def note(name: str, ours: float, raw: float, unit: str) -> Pair:
    """Two figures without a target."""
    return Pair(name, ours, raw, unit, ours / raw, "", met=True)


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Seconds it took."""
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of all lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


FILE = ROOT / "var" / sized("bench.json", "scale.json")


def publish(pairs: list[Pair], file: Path = FILE) -> None:
    """Print the table and write the file."""
    table = Table("", "ours", "raw", "ratio", "target", "met", title="Ours beside the raw limit of this machine")
    for pair in pairs:
        table.add_row(
            pair.name,
            f"{pair.ours:,.1f} {pair.unit}",
            f"{pair.raw:,.1f} {pair.unit}",
            f"{pair.ratio:.2f}",
            pair.target,
            "yes" if pair.met else "NO",
        )
    Console(width=130).print(table)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(pair) for pair in pairs], indent=2, ensure_ascii=False))
