"""Log lines: JSON on standard output, redacted, from our own loggers and from the libraries' alike."""

import datetime as dt
import json
import logging
import sys
import threading
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import orjson
import structlog
from opentelemetry import trace
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict

from shared.redaction import describe, redact, redact_message, redact_text

_CHATTY: Final = {
    "aiokafka": logging.INFO,
    "faust": logging.INFO,
    "httpcore": logging.WARNING,
    "httpx": logging.WARNING,
    "mode": logging.INFO,
    "pymongo": logging.INFO,
    "urllib3": logging.INFO,
}
"""Below these levels they log each record, URL or command they handle, contents included."""


class _Stdout(logging.StreamHandler[Any]):
    """The one handler of a service; a class of its own, so that `configure_logs` knows what it put there."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stdout  # whatever it is by now
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - its name in the standard library
        """Say that a line was lost, and no more: logging's own report would print the line's arguments."""
        sys.stderr.write(f"a log line of {record.name} could not be written\n")


def configure_logs(service: str, level: str) -> None:
    """One handler for structlog and for the standard library's loggers. The last call counts."""
    least = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = _Stdout(sys.stdout)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[structlog.contextvars.merge_contextvars, _foreign],
            processors=[partial(_finish, service), _render],
            use_get_message=False,
            pass_foreign_args=True,
        )
    )
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if not isinstance(kept, _Stdout)] + [handler]
    root.setLevel(least)
    for name, floor in _CHATTY.items():
        logging.getLogger(name).setLevel(max(least, floor))
    sys.excepthook = lambda _kind, error, _trace: _uncaught(error)
    threading.excepthook = lambda args: _uncaught(args.exc_value)


def _finish(service: str, _log: Any, _method: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event.pop("_record")
    event.pop("_from_structlog")
    if error := _error(event.pop("exc_info", None)):
        event["exception"] = describe(error)
    line: dict[str, Any] = {redact_text(key): redact(key, value) for key, value in event.items()}
    line |= {
        "timestamp": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat().replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "service": service,
    }
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        line["trace_id"] = trace.format_trace_id(context.trace_id)
        line["span_id"] = trace.format_span_id(context.span_id)
    return line


def _foreign(_log: Any, _method: str, event: EventDict) -> EventDict:
    """A library's line, put together here: an exception among its arguments shows its class only."""
    text, args = event["event"], event.pop("positional_args", ())
    event.pop("stack_info", None)
    try:
        text = text % _harmless(args) if args else text
    except (TypeError, ValueError, KeyError):
        text = f"{text} (its arguments do not fit)"
    event["event"] = redact_message(text)
    return event


def _harmless(args: Any) -> Any:
    if isinstance(args, Mapping):
        return {name: _class_only(value) for name, value in args.items()}
    return tuple(_class_only(value) for value in args)


def _class_only(value: Any) -> Any:
    return f"<{type(value).__name__}>" if isinstance(value, BaseException) else value


def _error(exc_info: Any) -> BaseException | None:
    if isinstance(exc_info, tuple):
        exc_info = exc_info[1]
    found = sys.exc_info()[1] if exc_info is True else exc_info
    return found if isinstance(found, BaseException) else None


def _render(_log: Any, _method: str, event: EventDict) -> str:
    try:
        return orjson.dumps(event).decode()
    except orjson.JSONEncodeError:  # text that is no Unicode
        return json.dumps(event)


def _uncaught(error: BaseException | None) -> None:
    if error is not None and not isinstance(error, KeyboardInterrupt | SystemExit):
        structlog.get_logger("uncaught").critical("uncaught exception", exc_info=error)
