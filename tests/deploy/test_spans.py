"""A trace is shown as a tree, whatever files its spans lie in."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from deploy.local import spans
from deploy.local.cli import app
from deploy.local.errors import StackError

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
OTHER = "00000000000000000000000000000abc"
BEGIN = 1_700_000_000_000_000_000


def line(name: str, parent: str | None, after: int, took: int, **more: Any) -> str:
    begin = BEGIN + after * spans.MILLISECOND
    span = {
        "name": name,
        "trace_id": TRACE,
        "span_id": name,
        "parent_id": parent,
        "links": [],
        "kind": "internal",
        "start": begin,
        "end": begin + took * spans.MILLISECOND,
        "status": "unset",
        "attributes": {},
        "service": "cards",
    }
    return json.dumps(span | more) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three services, two of them with files of their own, written in another order than things happened."""
    write(
        tmp_path / "stack" / "spans" / "cards.jsonl",
        line("send", "decide", 12, 3),
        line("decide", "post", 2, 9, attributes={"command.id": "c-1"}),
        line("alone", None, -50, 1, trace_id=OTHER),
    )
    write(
        tmp_path / "tests" / "77" / "spans" / "edges.jsonl",
        line("post", None, 0, 14, service="gateway"),
        line("mail", "send", 20, 5, service="notifications", status="error", attributes={"error.type": "SMTPError"}),
    )
    return tmp_path


def write(file: Path, *lines: str) -> None:
    file.parent.mkdir(parents=True)
    file.write_text("".join(lines))


def shown(folder: Path, wanted: str) -> list[str]:
    output = io.StringIO()
    console = Console(file=output, width=200)
    for one in spans.traces(folder, wanted):
        console.print(spans.tree(one))
    return output.getvalue().splitlines()


WHOLE = [
    f"trace {TRACE}: 25.0 ms",
    "└── gateway  post  +0.0 ms, 14.0 ms",
    "    └── cards  decide  +2.0 ms, 9.0 ms",
    "        └── cards  send  +12.0 ms, 3.0 ms",
    "            └── notifications  mail  +20.0 ms, 5.0 ms  SMTPError",
]


@pytest.mark.parametrize("wanted", [TRACE, TRACE[:6], f"00-{TRACE}-00f067aa0ba902b7-01", "c-1"])
def test_a_trace_is_found_by_what_a_person_has_at_hand(folder: Path, wanted: str) -> None:
    assert shown(folder, wanted) == WHOLE


def test_a_torn_line_of_a_killed_process_hides_nothing(folder: Path) -> None:
    with (folder / "stack" / "spans" / "cards.jsonl").open("a") as file:
        file.write('{"name": "half')
    assert shown(folder, TRACE) == WHOLE


def test_spans_whose_parent_is_missing_are_shown_all_the_same(folder: Path) -> None:
    (folder / "tests" / "77" / "spans" / "edges.jsonl").unlink()
    assert shown(folder, TRACE) == [
        f"trace {TRACE}: 13.0 ms",
        "└── cards  decide  +0.0 ms, 9.0 ms",
        "    └── cards  send  +10.0 ms, 3.0 ms",
    ]


def test_several_traces_that_answer_are_shown_in_their_order(folder: Path) -> None:
    tops = [one[0].trace_id for one in spans.traces(folder, "")]
    assert tops == [OTHER, TRACE]


def test_the_command_prints_the_tree_or_says_that_there_is_none(folder: Path) -> None:
    done = CliRunner().invoke(app, ["trace", TRACE, "--folder", str(folder)])
    assert done.exit_code == 0
    assert done.output.splitlines() == WHOLE
    nothing = CliRunner().invoke(app, ["trace", "ffff", "--folder", str(folder)])
    assert isinstance(nothing.exception, StackError)
