"""Log lines and spans: their shape, that they belong together, and that no canary gets out through them."""

import asyncio
import gc
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan

from shared.telemetry import SpanKind, configure, logger, span, traceparent
from tests.shared.configured import as_before

CANARIES = ["185057800608436", "FR7630006000011234567890189", "canary@exemple.fr"]
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    with as_before():
        yield


@pytest.fixture
def trace_file(tmp_path: Path) -> Path:
    return tmp_path / "spans" / "cards.jsonl"


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str], trace_file: Path) -> Lines:
    configure("cards", trace_file=trace_file)
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def spans(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_nothing_happens_at_import() -> None:
    program = (
        "import logging, sys, threading; before = sys.excepthook, threading.excepthook;"
        "import shared.telemetry, shared.metrics, shared.redaction, shared.problems, shared.http, shared.settings;"
        "from opentelemetry import trace; import structlog;"
        "assert (sys.excepthook, threading.excepthook) == before;"
        "assert not logging.getLogger().handlers and not structlog.is_configured();"
        "assert shared.telemetry.traceparent() is None"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_line_is_json_with_time_level_logger_and_service(lines: Lines) -> None:
    logger("command").info("command", outcome="accepted", attempts=2)
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "command",
        "outcome": "accepted",
        "attempts": 2,
        "level": "info",
        "logger": "command",
        "service": "cards",
    }


def test_lines_below_the_level_are_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure("cards", level="warning")
    logger("x").info("no")
    logging.getLogger("x").info("no")
    logger("x").warning("yes")
    assert [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()] == ["yes"]


def test_the_last_configuration_counts_and_writes_each_line_once(lines: Lines) -> None:
    configure("other")
    logger("x").info("once")
    assert [line["service"] for line in lines()] == ["other"]


def test_a_line_inside_a_span_carries_its_ids_and_the_contextvars(lines: Lines) -> None:
    with span("work", parent=PARENT) as current, structlog.contextvars.bound_contextvars(correlation_id="c-1"):
        logger("x").info("ours")
        logging.getLogger("aiokafka").warning("theirs %s", "too")
        context = current.get_span_context()
    for line in lines():
        assert line["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
        assert line["span_id"] == trace.format_span_id(context.span_id)
        assert line["correlation_id"] == "c-1"


def test_ids_given_by_the_caller_do_not_stand_in_for_the_spans(lines: Lines) -> None:
    with span("work", parent=PARENT):
        logger("x").info("m", trace_id="mine", service="mine", level="mine", logger="mine", timestamp="mine")
    assert "mine" not in lines()[0].values()


@pytest.mark.parametrize("name", ["faust", "aiokafka.consumer", "mode.workers", "uvicorn.error", "asyncio", "anything"])
def test_library_lines_take_the_same_way(lines: Lines, name: str) -> None:
    logging.getLogger(name).warning("position %d of %s", 4711, "cards")
    (line,) = lines()
    assert (line["event"], line["logger"], line["level"]) == ("position 4711 of cards", name, "warning")


def test_libraries_that_would_log_contents_are_kept_above_that_level(capsys: pytest.CaptureFixture[str]) -> None:
    configure("cards", level="debug")
    logging.getLogger("pymongo.command").debug("a document")
    logging.getLogger("aiokafka.producer").debug("a record")
    logging.getLogger("httpx").info("a URL")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("canary", CANARIES)
def test_no_canary_gets_out_through_any_part_of_a_line(lines: Lines, canary: str) -> None:
    log = logger("x")
    log.info(f"text {canary}")  # noqa: G004 - what nobody should write must not get out either
    log.info("keys", anything=canary, trace_id=canary, cmd=canary, nested={"a": [canary], canary: 1})
    log.info("a number", number=int(canary) if canary.isdecimal() else canary)
    log.info("named", **{canary: 1})
    log.info("positional %s", canary)
    with structlog.contextvars.bound_contextvars(correlation_id=canary):
        log.info("bound")
    logging.getLogger("faust").error("failed on %r", canary)
    logging.getLogger("faust").error("failed on %(it)s", {"it": canary})
    logging.getLogger("faust").error("extra", extra={"it": canary})
    written = json.dumps(lines())
    assert written.count("[redacted]") >= 6
    assert canary not in written


def our_handler() -> logging.Handler:
    (ours,) = (handler for handler in logging.getLogger().handlers if type(handler).__name__ == "_Stdout")
    return ours


def test_a_librarys_line_whose_arguments_do_not_fit_loses_them(lines: Lines) -> None:
    our_handler().handle(logging.makeLogRecord({"msg": "misfit %d", "args": ("Dupont",), "name": "mode"}))
    assert lines()[0]["event"] == "misfit %d (its arguments do not fit)"


def raise_with(message: str) -> None:
    try:
        _ = dict[str, int]()[message]
    except KeyError as cause:
        raise ValueError(message) from cause


@pytest.mark.parametrize("canary", [*CANARIES, "Camille Dupont"])
def test_no_message_of_an_exception_gets_out(lines: Lines, canary: str) -> None:
    try:
        raise_with(canary)
    except ValueError as error:
        logger("x").exception("ours")
        logger("x").error("given", exc_info=error, error=error)
        logging.getLogger("mode").exception("theirs: %r", error)  # noqa: TRY401 - as libraries do
        logging.getLogger("mode").error("theirs: %(error)s", {"error": error}, stack_info=True)
    written = lines()
    assert canary not in json.dumps(written, ensure_ascii=False)
    assert [entry["class"] for entry in written[0]["exception"]] == ["ValueError", "KeyError"]
    frame = written[0]["exception"][0]["frames"][-1]
    assert frame.startswith(__file__)
    assert frame.endswith(":raise_with")
    assert written[2]["event"] in {"theirs: <ValueError>", "theirs: '<ValueError>'"}
    assert written[2]["exception"] == written[0]["exception"]


def test_asyncios_report_of_a_forgotten_task_holds_no_message(lines: Lines) -> None:
    async def forget() -> None:
        async def fail() -> None:
            raise ValueError("Camille Dupont")

        task = asyncio.ensure_future(fail())
        await asyncio.wait([task])

    asyncio.run(forget())
    gc.collect()
    (line,) = lines()
    assert line["event"].startswith("Task exception was never retrieved")
    assert line["exception"][0]["class"] == "ValueError"
    assert "Dupont" not in json.dumps(line)


def test_an_uncaught_exception_is_a_line_without_its_message() -> None:
    program = (
        "import sys, threading; from shared.telemetry import configure; configure('cards');"
        "def_ = lambda: int('Dupont');"
        "worker = threading.Thread(target=def_); worker.start(); worker.join(); int('Martin')"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Dupont" not in done.stdout + done.stderr
    assert "Martin" not in done.stdout + done.stderr
    assert [json.loads(line)["exception"][0]["class"] for line in done.stdout.splitlines()] == ["ValueError"] * 2


class Unsayable:
    def __str__(self) -> str:
        raise OSError("Martin")


@pytest.mark.usefixtures("lines")
def test_a_line_that_cannot_be_written_says_so_without_its_contents(capsys: pytest.CaptureFixture[str]) -> None:
    our_handler().handle(logging.makeLogRecord({"msg": "Dupont %s", "args": (Unsayable(),), "name": "faust"}))
    written = capsys.readouterr()
    assert written.err == "a log line of faust could not be written\n"
    assert written.out == ""


def test_text_that_is_no_unicode_is_written_all_the_same(lines: Lines) -> None:
    logger("x").info("bad \udcff")
    assert lines()[0]["event"] == "bad \udcff"


def test_a_span_is_one_line_of_the_file_as_soon_as_it_ends(lines: Lines, trace_file: Path) -> None:
    with (
        span("outer", parent=PARENT, links=[PARENT, "nonsense"], kind=SpanKind.CONSUMER) as outer,
        span("inner", {"messaging.system": "kafka"}, attempts=2),
    ):
        pass
    inner_line, outer_line = spans(trace_file)
    outer_id = trace.format_span_id(outer.get_span_context().span_id)
    assert inner_line["parent_id"] == outer_id
    assert inner_line["attributes"] == {"messaging.system": "kafka", "attempts": 2}
    assert inner_line["start"] <= inner_line["end"]
    assert outer_line["span_id"] == outer_id
    assert outer_line["parent_id"] == "b7ad6b7169203331"
    assert outer_line["links"] == [{"trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331"}]
    assert {line["trace_id"] for line in (inner_line, outer_line)} == {"0af7651916cd43dd8448eb211c80319c"}
    assert (inner_line["kind"], outer_line["kind"]) == ("internal", "consumer")
    assert (outer_line["status"], outer_line["service"], outer_line["name"]) == ("unset", "cards", "outer")


def test_dotted_attributes_may_come_as_keywords(lines: Lines, trace_file: Path) -> None:
    with span("decide", **{"command.type": "X"}):
        pass
    assert spans(trace_file)[0]["attributes"] == {"command.type": "X"}


def test_the_traceparent_of_a_span_makes_it_the_parent_elsewhere(lines: Lines, trace_file: Path) -> None:
    with span("here"):
        carried = traceparent()
    with span("there", parent=carried):
        assert traceparent() != carried
    here, there = spans(trace_file)
    assert there["parent_id"] == here["span_id"]
    assert there["trace_id"] == here["trace_id"]


def test_a_parent_that_is_no_traceparent_means_a_new_trace_even_inside_a_span(lines: Lines, trace_file: Path) -> None:
    with span("around"), span("work", parent="nonsense"):
        pass
    work, around = spans(trace_file)
    assert work["parent_id"] is None
    assert work["trace_id"] != around["trace_id"]


def test_spans_propagate_when_they_are_exported_nowhere() -> None:
    configure("cards")
    with span("work", parent=PARENT):
        carried = traceparent()
    assert carried is not None
    assert carried.startswith("00-0af7651916cd43dd8448eb211c80319c-")
    assert traceparent() is None


def test_without_configuration_a_span_is_nothing_and_harms_nobody() -> None:
    with span("work", parent=PARENT, links=[PARENT]):
        assert traceparent() in {None, PARENT}


@pytest.mark.parametrize("error", [ValueError, asyncio.CancelledError])
def test_an_exception_leaves_its_class_on_the_span_and_goes_on(
    lines: Lines, trace_file: Path, error: type[BaseException]
) -> None:
    with pytest.raises(error), span("work") as work:
        raise error("Camille Dupont")
    (line,) = spans(trace_file)
    assert isinstance(work, ReadableSpan)
    assert work.events == ()
    assert line["status"] == "error"
    assert line["attributes"] == {"error.type": error.__name__}
    assert "Dupont" not in trace_file.read_text()


@pytest.mark.parametrize("canary", CANARIES)
def test_no_canary_gets_out_through_a_span(lines: Lines, trace_file: Path, canary: str) -> None:
    with span(f"name {canary}", {"who": canary, "url.query": "q=1", "url.full": "http://x/?q=1"}, code=canary) as work:
        work.add_event("event", {"exception.message": "Dupont", "it": canary})
        work.set_attribute("many", [canary, "x"])
        work.set_attribute("number", int(canary) if canary.isdecimal() else canary)
        work.set_status(trace.StatusCode.ERROR, canary)
    (line,) = spans(trace_file)
    assert canary not in trace_file.read_text()
    assert line["attributes"] == {
        "who": "[redacted]",
        "code": "[redacted]",
        "many": ["[redacted]", "x"],
        "number": "[redacted]",
    }


def test_what_goes_to_a_collector_is_redacted_too() -> None:
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - only this test needs them
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor  # noqa: PLC0415
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter  # noqa: PLC0415

    from shared.span_export import RedactingExporter  # noqa: PLC0415

    collector = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(RedactingExporter(collector)))
    with provider.get_tracer("t").start_as_current_span(
        "a@b.fr", attributes={"url.query": "x", "to": "a@b.fr"}
    ) as work:
        work.add_event("a@b.fr", {"exception.message": "Dupont", "it": "a@b.fr"})
        work.set_status(trace.StatusCode.ERROR, "a@b.fr")
    (seen,) = collector.get_finished_spans()
    shown = seen.to_json()
    assert "a@b.fr" not in shown
    assert "Dupont" not in shown
    assert seen.attributes == {"to": "[redacted]"}
    assert seen.context == work.get_span_context()
    provider.shutdown()


def test_two_writers_of_one_file_never_mix_their_lines(trace_file: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from shared.telemetry import configure, span\n"
        "configure(sys.argv[2], trace_file=Path(sys.argv[1]))\n"
        "for n in range(300):\n"
        "    with span('x' * 200, n=n): pass\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", program, str(trace_file), name]) for name in ("a", "b")]
    assert [writer.wait(30) for writer in writers] == [0, 0]
    assert len(spans(trace_file)) == 600
