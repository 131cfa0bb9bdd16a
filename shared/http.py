"""The app that every service starts from, with its probes, and the server that runs it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from http import HTTPStatus
from typing import Any, Final

import uvicorn
from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig

from shared import problems
from shared.http_requests import Requests
from shared.metrics import exposition
from shared.problems import ProblemCatalogue
from shared.security import TokenVerifier
from shared.telemetry import logger

MAX_BODY: Final = 1 << 20
KEPT_SECONDS: Final = 75
"""Longer than whoever asks keeps an idle line (proxies: 60): shut at this end, it would fail the next request."""
TELEMETRY: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""FastAPI's own is off: ours stands around every request."""
Readiness = Callable[[], Awaitable[dict[str, bool]]]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_log = logger("http")


def create_app(
    service: str,
    *,
    catalogue: ProblemCatalogue,
    routers: Sequence[APIRouter],
    lifespan: Lifespan | None,
    readiness: Readiness,
    verifier: TokenVerifier | None = None,
    max_body: int = MAX_BODY,
    larger_bodies: Mapping[str, int] | None = None,
    edge: bool = False,
) -> FastAPI:
    """An app whose every answer is traced, timed, logged once, and a problem where it is an error.

    `larger_bodies`: paths (regular expressions) that take uploads, and how many bytes.
    At the `edge` strangers call: they choose neither the trace nor the correlation that a request belongs to.
    """
    app = FastAPI(
        title=service,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # it would answer with a URL, ids included
        responses=problems.openapi_responses(),
        telemetry=TELEMETRY,
    )
    app.state.verifier = verifier
    problems.install(app, catalogue)
    app.add_middleware(
        Requests, service=service, catalogue=catalogue, max_body=max_body, larger=larger_bodies, edge=edge
    )
    for router in (_probes(readiness), *routers):
        _include(app, router)
    return app


def _include(app: FastAPI, router: APIRouter) -> None:
    """Flat, where nothing is nested: within an included router every request is compared with its routes twice."""
    app.include_router(router)
    routes = [route for route in router.routes if isinstance(route, APIRoute)]
    if len(routes) < len(router.routes):
        return
    for route in routes:
        route.responses = {**app.router.responses, **route.responses}
    app.router.routes[-1:] = routes


def _probes(readiness: Readiness) -> APIRouter:
    probes = APIRouter(include_in_schema=False)

    @probes.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @probes.get("/readyz")
    async def readyz() -> JSONResponse:
        try:
            waiting = sorted(name for name, ready in (await readiness()).items() if not ready)
        except Exception:  # noqa: BLE001 - whatever it is, it is not ready
            _log.exception("readiness failed")
            waiting = ["readiness"]
        status = HTTPStatus.SERVICE_UNAVAILABLE if waiting else HTTPStatus.OK
        return JSONResponse({"status": "waiting" if waiting else "ready", "waiting_for": waiting}, status)

    @probes.get("/metrics")
    async def metrics() -> Response:
        body, content_type = exposition()
        return Response(body, media_type=content_type)

    return probes


class ServerFailed(Exception):  # noqa: N818 - said as it is
    """The server did not start: its port is taken, or the app's own start failed."""


class _Server(uvicorn.Server):
    """Leaves signals to the process that it is a part of."""

    listening: Callable[[int], None] | None = None

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.listening is not None:
            self.listening(self.servers[0].sockets[0].getsockname()[1])

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: FastAPI, host: str, port: int, *, listening: Callable[[int], None] | None = None) -> None:
    """Serve until cancelled, then let running requests end (10 s at most); cancelled again, end them at once.

    `listening` is told the port.

    Raises:
        ServerFailed: it did not start.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        timeout_graceful_shutdown=10,
        timeout_keep_alive=KEPT_SECONDS,
    )
    server = _Server(config)
    server.listening = listening
    running = asyncio.create_task(_until_exit(server))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        server.should_exit = True
        await _stopped(server, running)
        raise


async def _stopped(server: uvicorn.Server, running: asyncio.Task[None]) -> None:
    while not running.done():
        try:
            await asyncio.shield(running)
        except asyncio.CancelledError:
            for request in list(server.server_state.tasks):
                request.cancel()


async def _until_exit(server: uvicorn.Server) -> None:
    try:
        await server.serve()
    except SystemExit:
        raise ServerFailed(f"{server.config.host}:{server.config.port}") from None
