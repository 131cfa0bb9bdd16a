"""Logs and spans are configured for a whole process: a test that does so leaves it as it was."""

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from opentelemetry import trace

from shared import telemetry


@contextmanager
def as_before() -> Iterator[None]:
    """Inside, `configure` may be called."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    uncaught, uncaught_in_threads = sys.excepthook, threading.excepthook
    yield
    sys.excepthook, threading.excepthook = uncaught, uncaught_in_threads
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    if telemetry._State.provider is not None:
        telemetry._State.provider.shutdown()
    telemetry._State.provider, telemetry._State.tracer = None, trace.NoOpTracer()
