"""Logs as JSON lines and traces as spans, both redacted. Nothing is set up before `configure`."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, cast, overload

import structlog
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.trace import Link, Span, SpanContext, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from structlog.typing import FilteringBoundLogger

from shared.log_lines import configure_logs
from shared.span_export import JsonLines, RedactingExporter

__all__ = ["SpanKind", "configure", "logger", "span", "traceparent"]

_W3C: Final = TraceContextTextMapPropagator()


class _State:
    provider: TracerProvider | None = None
    tracer: trace.Tracer = trace.NoOpTracer()


def configure(
    service: str,
    *,
    trace_file: Path | None = None,
    otlp_endpoint: str | None = None,
    level: str = "info",
) -> None:
    """Logs to standard output; spans to a file of JSON lines, to a collector, or nowhere (they propagate all the same).

    May be called again: the last call counts.
    """
    _configure_spans(service, trace_file, otlp_endpoint)
    configure_logs(service, level)


def logger(name: str) -> FilteringBoundLogger:
    """A logger whose lines carry the trace and whatever structlog's contextvars hold."""
    return cast("FilteringBoundLogger", structlog.get_logger(name))


@overload
def span(
    name: str,
    attributes: Mapping[str, str | int] | None = None,
    /,
    *,
    kind: SpanKind = ...,
    parent: str | None = None,
    links: Sequence[str] = (),
    **more: str | int,
) -> AbstractContextManager[Span]: ...
@overload
def span(name: str, /, **attributes: str | int) -> AbstractContextManager[Span]: ...
@contextmanager  # type: ignore[misc] # the second form is for a dict of dotted names alone: it never names a kind
def span(
    name: str,
    attributes: Mapping[str, str | int] | None = None,
    /,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: str | None = None,
    links: Sequence[str] = (),
    **more: str | int,
) -> Iterator[Span]:
    """A span around the block; an exception leaves its class on it, never its message.

    `parent` and `links` are traceparents; without `parent` the current span is the parent, with an invalid one none.
    """
    opened = _State.tracer.start_as_current_span(
        name,
        context=None if parent is None else _W3C.extract({"traceparent": parent}, Context()),
        kind=kind,
        attributes={**(attributes or {}), **more},
        links=[Link(_remote(link)) for link in links],
        record_exception=False,
        set_status_on_exception=False,
    )
    with opened as current:
        try:
            yield current
        except BaseException as error:
            current.set_attribute("error.type", type(error).__name__)
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def traceparent() -> str | None:
    """The current span as a W3C traceparent."""
    carrier: dict[str, str] = {}
    _W3C.inject(carrier)
    return carrier.get("traceparent")


def _remote(parent: str) -> SpanContext:
    return trace.get_current_span(_W3C.extract({"traceparent": parent}, Context())).get_span_context()


def _configure_spans(service: str, trace_file: Path | None, otlp_endpoint: str | None) -> None:
    if _State.provider is not None:
        _State.provider.shutdown()
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    if trace_file is not None:
        provider.add_span_processor(SimpleSpanProcessor(RedactingExporter(JsonLines(service, trace_file))))
    if otlp_endpoint:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - 0.3 s

        collector = OTLPSpanExporter(endpoint=f"{otlp_endpoint.rstrip('/')}/v1/traces")
        provider.add_span_processor(BatchSpanProcessor(RedactingExporter(collector)))
    _State.provider, _State.tracer = provider, provider.get_tracer("shared")
