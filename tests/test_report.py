"""The last word of a run is counts that can be believed, and a failure where they cannot."""

from pathlib import Path

import pytest

from tests import report

PASSED = '<testcase classname="tests.a" name="quick" time="0.1"/>'
SLOW = '<testcase classname="tests.a" name="slow" time="9.5"/>'
FAILED = '<testcase classname="tests.b" name="wrong" time="1"><failure message="no"/></testcase>'
BROKEN = '<testcase classname="tests.b" name="no_stack" time="1"><error message="kafka: not ready"/></testcase>'
SKIPPED = '<testcase classname="tests.c" name="absent" time="0"><skipped message="no browser"/></testcase>'


def run(folder: Path, capsys: pytest.CaptureFixture[str], **parts: str) -> tuple[int, list[str]]:
    files = []
    for part in ("fast", "connected"):
        files.append(folder / f"{part}.xml")
        if part in parts:
            files[-1].write_text(f"<testsuites><testsuite>{parts[part]}</testsuite></testsuites>")
    code = report.main(files)
    return code, capsys.readouterr().out.splitlines()


def test_a_good_run_ends_with_its_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = run(tmp_path, capsys, fast=PASSED + SKIPPED, connected=SLOW)
    assert code == 0
    assert lines[1:] == [
        "     9.5 s  tests.a::slow",
        "     0.1 s  tests.a::quick",
        "     0.0 s  tests.c::absent",
        "2 passed, 0 failed, 1 skipped",
    ]


@pytest.mark.parametrize(
    ("parts", "complaint", "counts"),
    [
        ({"fast": PASSED, "connected": FAILED}, "failed: tests.b::wrong", "1 passed, 1 failed, 0 skipped"),
        ({"fast": PASSED, "connected": BROKEN}, "failed: tests.b::no_stack", "1 passed, 1 failed, 0 skipped"),
        (
            {"fast": PASSED, "connected": PASSED + SKIPPED},
            "skipped though it is connected: tests.c::absent",
            "2 passed, 0 failed, 1 skipped",
        ),
        ({"fast": PASSED, "connected": ""}, "connected: no test ran", "1 passed, 0 failed, 0 skipped"),
        ({"fast": PASSED}, "connected: no test ran", "1 passed, 0 failed, 0 skipped"),
    ],
)
def test_a_run_that_proves_less_than_it_should_fails_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], parts: dict[str, str], complaint: str, counts: str
) -> None:
    code, lines = run(tmp_path, capsys, **parts)
    assert code == 1
    assert lines[-2:] == [complaint, counts]
