"""Around every request: its correlation, span, time and log line, the limit of its body, the last word on errors."""

import re
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPMethod, HTTPStatus
from typing import Final

from opentelemetry.trace import Span, Status, StatusCode
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from shared import problems
from shared.metrics import HTTP_SECONDS
from shared.problems import ProblemCatalogue
from shared.telemetry import SpanKind, logger, span

CORRELATION: Final = "X-Correlation-Id"
PROBES: Final = frozenset({"/livez", "/readyz", "/metrics"})
"""Asked every few seconds: neither traced nor logged."""

_DEFAULT_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_METHODS: Final = frozenset(HTTPMethod)
_ABANDONED: Final = 499
"""Counted when the client left before the answer."""

_log = logger("http")


class Exchange:
    """One request and its answer, as they pass by: how long the body is, which status was sent."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, max_body: int, *, edge: bool = False) -> None:
        self.scope = scope
        self.headers = Headers(scope=scope)
        self.method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self.correlation_id = _uuid(None if edge else self.headers.get(CORRELATION))
        self.traceparent = None if edge else self.headers.get("traceparent")
        self.status: int | None = None
        self.error: Exception | None = None
        scope.setdefault("state", {})["correlation_id"] = self.correlation_id
        self._receive = receive
        self._send = send
        self._left = max_body

    def refuse_if_announced_too_large(self) -> None:
        length = self.headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._left:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, headers={"Connection": "close"})

    @property
    def route(self) -> str:
        """The template that matched, never the path: a path holds ids."""
        effective = self.scope.get("fastapi", {}).get("effective_route_context")  # knows the prefixes of its routers
        template = getattr(effective or self.scope.get("route"), "path_format", None)
        mounted = "" if self.scope.get("path_params") else self.scope.get("root_path", "")
        return str(template) if template else f"{mounted}/*"

    @property
    def code(self) -> dict[str, str]:
        code = self.scope["state"].get("problem")
        return {"problem": code} if code else {}

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[CORRELATION] = self.correlation_id
            for name, value in _DEFAULT_HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


class Requests:
    """Around everything: correlation, span, time, log line, the limit of a body, and the last word on errors."""

    def __init__(
        self,
        app: ASGIApp,
        service: str,
        catalogue: ProblemCatalogue,
        max_body: int,
        *,
        larger: Mapping[str, int] | None = None,
        edge: bool = False,
    ) -> None:
        """`larger`: paths (regular expressions) that take more than `max_body` bytes, and how many."""
        self._app = app
        self._edge = edge
        self._service = service
        self._catalogue = catalogue
        self._max_body = max_body
        self._larger = [(re.compile(path), limit) for path, limit in (larger or {}).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        exchange = Exchange(scope, receive, send, self._limit(scope["path"]), edge=self._edge)
        with (
            bound_contextvars(correlation_id=exchange.correlation_id),
            span(exchange.method, kind=SpanKind.SERVER, parent=exchange.traceparent) as current,
            self._observed(exchange, current),
        ):
            await self._answer(exchange)

    def _limit(self, path: str) -> int:
        return next((limit for known, limit in self._larger if known.fullmatch(path)), self._max_body)

    async def _answer(self, exchange: Exchange) -> None:
        try:
            exchange.refuse_if_announced_too_large()
            await self._app(exchange.scope, exchange.receive, exchange.send)
        except Exception as error:
            if not isinstance(error, HTTPException):
                exchange.error = error
                _log.exception("unhandled")
            if exchange.status is not None:
                raise
            problem = self._catalogue.of(error)
            exchange.scope["state"]["problem"] = problem.code
            await problems.response(problem, error)(exchange.scope, exchange.receive, exchange.send)

    @contextmanager
    def _observed(self, exchange: Exchange, current: Span) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            seconds = time.perf_counter() - started
            route, method, status = exchange.route, exchange.method, exchange.status or _ABANDONED
            current.update_name(f"{method} {route}")
            current.set_attributes(
                {"http.route": route, "http.request.method": method, "http.response.status_code": status}
            )
            if exchange.error is not None:
                current.set_attribute("error.type", type(exchange.error).__name__)
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                current.set_status(Status(StatusCode.ERROR))
            HTTP_SECONDS.labels(self._service, route, method, str(status)).observe(seconds)
            _log.info(
                "request", route=route, method=method, status=status, ms=round(seconds * 1000, 1), **exchange.code
            )


def _uuid(text: str | None) -> str:
    try:
        return str(uuid.UUID(text))
    except (TypeError, ValueError, AttributeError):
        return str(uuid.uuid4())
