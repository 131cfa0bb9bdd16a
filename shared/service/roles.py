"""What one process of a service runs: its API, its relay, its worker, or all three (DESIGN §2)."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from enum import StrEnum

from fastapi import APIRouter, FastAPI

from shared.admin import internal_routers
from shared.http import create_app, serve
from shared.long_lived import settle
from shared.problems import ProblemCatalogue
from shared.security import TokenVerifier
from shared.service.running import Service
from shared.service.signing import checkpointer_of
from shared.service.worker import run_worker

Routes = Callable[[Service], Sequence[APIRouter]]
Build = Callable[[Service, Routes, ProblemCatalogue], FastAPI]


class Role(StrEnum):
    """A production deployment runs the three apart; the demo runs `all` in one process."""

    API = "api"
    RELAY = "relay"
    WORKER = "worker"
    ALL = "all"


def build_app(service: Service, routes: Routes, catalogue: ProblemCatalogue) -> FastAPI:
    """The service's HTTP side, on a service that is prepared and closed by whoever runs it."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield

    verifier = TokenVerifier(service.settings.jwks(), service.name, ("gateway", "console"), service.clock)
    return create_app(
        service.name,
        catalogue=catalogue,
        routers=[*internal_routers(service), *routes(service)],
        lifespan=lifespan,
        readiness=service.ready,
        verifier=verifier,
        larger_bodies=service.definition.larger_bodies,
    )


async def run(
    service: Service, role: Role, routes: Routes, catalogue: ProblemCatalogue, build: Build | None = None
) -> None:
    """Run a role until SIGTERM or SIGINT; then stop in order, appends under way finished.

    `build` makes the app of a service that is more than routes under a token: a site.

    Raises:
        ExceptionGroup: a part crashed; the process must end, so that somebody restarts it.
    """
    await service.prepare()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    instance = os.environ.get("INSTANCE") or f"{service.name}-0"
    relay = service.relay(same_process=role is Role.ALL) if role in (Role.RELAY, Role.ALL) else None
    checkpointer = checkpointer_of(service) if relay else None
    try:
        async with asyncio.TaskGroup() as tasks:
            parts = []
            if role in (Role.WORKER, Role.ALL):
                parts.append(tasks.create_task(run_worker(service, instance)))
            parts += [tasks.create_task(one.run()) for one in (relay, checkpointer) if one]
            # Every role answers probes; only the API has routes of its own.
            with_api = role in (Role.API, Role.ALL)
            app = (build if build and with_api else build_app)(service, routes if with_api else _none, catalogue)
            settle()
            parts.append(tasks.create_task(serve(app, service.settings.http_host, service.settings.http_port)))
            await stop.wait()
            for part in parts:
                part.cancel()
    finally:
        for one in (relay, checkpointer):
            if one:
                await one.stop()
        await service.close()


def _none(_: Service) -> Sequence[APIRouter]:
    return []
