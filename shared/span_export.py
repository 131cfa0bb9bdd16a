"""Where spans go: redacted, and to a file of JSON lines when no collector is there."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
from opentelemetry import trace
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status

from shared.redaction import redact, redact_text

DROPPED: Final = frozenset(
    {"url.query", "url.full", "http.url", "http.target", "exception.message", "exception.stacktrace"}
)
"""Span attributes that hold free text or a query by definition."""


class RedactingExporter(SpanExporter):
    """Passes spans on with their names, attributes and events redacted; a URL's query is never passed on."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._inner.export([_redacted(span) for span in spans])

    def shutdown(self) -> None:
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._inner.force_flush(timeout_millis)


def _redacted(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=redact_text(span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_attributes(span.attributes),
        events=[
            Event(redact_text(event.name), _attributes(event.attributes), event.timestamp) for event in span.events
        ],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code, redact_text(span.status.description or "") or None),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _attributes(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: redact(name, value) for name, value in (attributes or {}).items() if name not in DROPPED}


class JsonLines(SpanExporter):
    """One line for each span, written at its end in one piece: several processes may share the file."""

    def __init__(self, service: str, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._service = service
        self._file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        os.write(self._file, b"".join(orjson.dumps(self._line(span)) + b"\n" for span in spans))
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        os.close(self._file)

    def _line(self, span: ReadableSpan) -> dict[str, Any]:
        return {
            "name": span.name,
            "trace_id": trace.format_trace_id(span.context.trace_id),
            "span_id": trace.format_span_id(span.context.span_id),
            "parent_id": trace.format_span_id(span.parent.span_id) if span.parent else None,
            "links": [
                {
                    "trace_id": trace.format_trace_id(to.context.trace_id),
                    "span_id": trace.format_span_id(to.context.span_id),
                }
                for to in span.links
            ],
            "kind": span.kind.name.lower(),
            "start": span.start_time,
            "end": span.end_time,
            "status": span.status.status_code.name.lower(),
            "attributes": dict(span.attributes or {}),
            "service": self._service,
        }
