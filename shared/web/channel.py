"""One line to one service: a token per call, the trace passed on, a time limit, and errors that pages understand."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Generic, Protocol, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError
from structlog.contextvars import get_contextvars

from shared.security import TokenIssuer
from shared.telemetry import SpanKind, logger, span, traceparent
from shared.web.ages import as_of, lag_of
from shared.web.wire import Line, wire

M = TypeVar("M", bound="Answer")
T = TypeVar("T")

CONNECT_SECONDS: Final = 1.0
_log = logger("clients")


class Answer(BaseModel):
    """What is read of a service's answer; what it says beyond that is its own business."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Written(Answer):
    """What every command answers: the next queries of the same service wait for this version of this stream."""

    stream: str
    version: int

    def __str__(self) -> str:
        return f"{self.version}@{self.stream}"


class Problem(Answer):
    """An error as RFC 9457 says it."""

    code: str = "unknown"
    title: str = ""


@dataclass(frozen=True)
class Fresh(Generic[T]):
    """An answer, how many of the caller's own writes it doesn't show yet, and until when it shows everything."""

    value: T
    lag: int = 0
    as_of: dt.datetime | None = None


class Asking(Protocol):
    """For whom a service is asked."""

    def claims(self) -> Mapping[str, Any]:
        """What the token says of him: the arguments of `TokenIssuer.issue` after the audience."""
        ...

    def headers(self) -> Mapping[str, str]:
        """What is said beside the token."""
        ...


class ServiceDown(Exception):  # noqa: N818 - what it is
    """A service did not answer, or not in a way that can be read. Of a command the outcome is unknown."""

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.service = service


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """A service said no: its stable code, how long to wait and what it is called, where it says so."""

    def __init__(self, code: str, status: int, retry_after: int = 0, title: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.retry_after = retry_after
        self.title = title


class Channel:
    """Calls one service."""

    def __init__(self, service: str, line: Line, issuer: TokenIssuer) -> None:
        self._service = service
        self._line = line
        self._issuer = issuer

    async def command(self, who: Asking, path: str, answer: type[M], *, command_id: str, body: Mapping[str, Any]) -> M:
        """Send a command. Its id makes a second sending harmless.

        Raises:
            Refused, ServiceDown: it was not done; whether it may have been is unknown after the second.
        """
        response = await self._send(who, "POST", path, {"Idempotency-Key": command_id}, json=dict(body))
        return self._read(response, answer)

    async def query(self, who: Asking, path: str, answer: type[M], *, written: str | None = None) -> Fresh[M]:
        """Ask; where `written` names the caller's own last write, the answer waits for it a little.

        Raises:
            Refused, ServiceDown: there is no answer.
        """
        response = await self._send(who, "GET", path, {"X-Written": written} if written else {})
        return Fresh(self._read(response, answer), lag_of(response.headers), as_of(response.headers))

    async def ask(self, who: Asking, path: str, answer: type[M], *, body: Mapping[str, Any]) -> M:
        """Ask by POST what must not stand in a URL: words that are searched for, say.

        Raises:
            Refused, ServiceDown: there is no answer.
        """
        return self._read(await self._send(who, "POST", path, {}, json=dict(body)), answer)

    async def upload(self, who: Asking, path: str, answer: type[M], content: bytes) -> M:
        """Hand over a file; handed over twice it is kept once.

        Raises:
            Refused, ServiceDown: it was not taken.
        """
        headers = {"Content-Type": "application/octet-stream"}
        return self._read(await self._send(who, "POST", path, headers, content=content), answer)

    async def file(self, who: Asking, path: str) -> bytes:
        """Fetch a document.

        Raises:
            Refused, ServiceDown: there is none.
        """
        return (await self._send(who, "GET", path, {})).content

    async def document(self, who: Asking, path: str, body: Mapping[str, Any]) -> bytes:
        """Fetch a document by POST: what opens it must not stand in a URL.

        Raises:
            Refused, ServiceDown: there is none.
        """
        return (await self._send(who, "POST", path, {}, json=dict(body))).content

    async def download(
        self, who: Asking, path: str, write: Callable[[bytes], object], *, body: Mapping[str, Any], seconds: float
    ) -> None:
        """Fetch a file of any size by POST, block by block; `seconds` of silence end it.

        Raises:
            Refused, ServiceDown: there is none, or only a part of it came.
        """
        timeout = httpx.Timeout(seconds, connect=CONNECT_SECONDS)
        with span(f"POST {self._service}", {"peer.service": self._service}, kind=SpanKind.CLIENT):
            request = self._line.request("POST", path, self._headers(who), dict(body), timeout=timeout)
            try:
                response = await self._line.open(request)
                try:
                    if response.is_error:
                        await response.aread()
                    else:
                        async for block in response.aiter_bytes():
                            write(block)
                finally:
                    await response.aclose()
            except httpx.HTTPError as error:
                _log.warning("service-down", peer=self._service, error=type(error).__name__)
                raise ServiceDown(self._service) from None
        self._judge(response)

    async def _send(
        self,
        who: Asking,
        method: str,
        path: str,
        headers: Mapping[str, str],
        json: Mapping[str, Any] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        with span(f"{method} {self._service}", {"peer.service": self._service}, kind=SpanKind.CLIENT):
            both = {**self._headers(who), **headers}
            try:
                response = await self._line.answer(self._line.request(method, path, both, json, content))
            except httpx.HTTPError as error:
                _log.warning("service-down", peer=self._service, error=type(error).__name__)
                raise ServiceDown(self._service) from None
        self._judge(response)
        return response

    def _judge(self, response: httpx.Response) -> None:
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.warning("service-down", peer=self._service, status=response.status_code)
            raise ServiceDown(self._service)
        if response.is_error:
            raise self._refusal(response)

    def _headers(self, who: Asking) -> dict[str, str]:
        token = self._issuer.issue(self._service, **who.claims())
        found = {"Authorization": f"Bearer {token}", **who.headers()}
        if (parent := traceparent()) is not None:
            found["traceparent"] = parent
        if correlation := get_contextvars().get("correlation_id"):
            found["X-Correlation-Id"] = str(correlation)
        return found

    def _read(self, response: httpx.Response, answer: type[M]) -> M:
        try:
            return answer.model_validate_json(response.content)
        except ValidationError:
            _log.warning("answer-unreadable", peer=self._service, answer=answer.__name__)
            raise ServiceDown(self._service) from None

    @staticmethod
    def _refusal(response: httpx.Response) -> Refused:
        try:
            problem = Problem.model_validate_json(response.content)
        except ValidationError:
            problem = Problem()
        wait = response.headers.get("Retry-After", "")
        return Refused(problem.code, response.status_code, int(wait) if wait.isdecimal() else 0, problem.title)


def channel(
    service: str, url: str, issuer: TokenIssuer, timeout: float, transport: httpx.AsyncBaseTransport | None = None
) -> tuple[Channel, httpx.AsyncClient]:
    """A line to a service, and what must be closed at the end. No proxy of the environment stands between."""
    line = Line(url, transport or wire(), httpx.Timeout(timeout, connect=CONNECT_SECONDS))
    http = httpx.AsyncClient(base_url=url, timeout=line.timeout, trust_env=False, transport=line.transport)
    return Channel(service, line, issuer), http
