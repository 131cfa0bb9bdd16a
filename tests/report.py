"""What a run of all tests says at its end: the slowest, the failed, the counts, and whether it may be believed.

`python -m tests.report var/reports fast connected …`: a JUnit file for each part of the run; all but `fast` need the stack.
"""

import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SLOWEST = 15


@dataclass(frozen=True)
class Case:
    """One test as the report has it."""

    part: str
    name: str
    seconds: float
    outcome: str


def read(report: Path) -> list[Case]:
    """The tests of one part."""
    if not report.exists():
        return []
    cases = ET.parse(report).getroot().iter("testcase")  # noqa: S314 - written by our own run a moment ago
    return [_case(report.stem, case) for case in cases]


def _case(part: str, case: ET.Element) -> Case:
    kinds = {child.tag for child in case}
    outcome = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
    return Case(part, f"{case.get('classname')}::{case.get('name')}", float(case.get("time", 0)), outcome)


def complaints(reports: Sequence[Path], cases: Sequence[Case]) -> Iterator[str]:
    """Why this run proves less than it should."""
    for report in reports:
        if not any(case.part == report.stem and case.outcome != "skipped" for case in cases):
            yield f"{report.stem}: no test ran"
    for case in cases:
        if case.outcome == "failed":
            yield f"failed: {case.name}"
        elif case.outcome == "skipped" and case.part != "fast":
            yield f"skipped though it is connected: {case.name}"


def main(reports: Sequence[Path]) -> int:
    """Print all that, the counts last."""
    cases = [case for report in reports for case in read(report)]
    print(f"the {SLOWEST} slowest tests:")
    for case in sorted(cases, key=lambda case: -case.seconds)[:SLOWEST]:
        print(f"{case.seconds:8.1f} s  {case.name}")
    wrong = list(complaints(reports, cases))
    print(*wrong, sep="\n", end="\n" if wrong else "")
    counts = {outcome: sum(case.outcome == outcome for case in cases) for outcome in ("passed", "failed", "skipped")}
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main([Path(sys.argv[1], f"{part}.xml") for part in sys.argv[2:]]))
