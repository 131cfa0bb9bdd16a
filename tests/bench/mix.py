"""A realistic mix of requests at a steady rate against the members' site, beside bare FastAPI that returns constants.

Both answer on a real port of the process that also asks. The services behind the site answer from memory, so that what
is measured is the edge alone: sessions, their seals, templates, headers.
"""

import asyncio
import contextlib
import random
import socket
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

import httpx
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from tests.bench.measure import Pair, note, percentile
from tests.scale import sized
from tests.services.gateway.fakes import CODE, NIR, World, sent, world
from tests.web import read

RATE: Final = 50
"""Requests a second, whatever becomes of those before: a slow answer does not slow the others' arrival."""
SECONDS: Final = sized(15, 180)
MEMBERS: Final = 20
PATIENCE: Final = 60.0
MIX: Final[Mapping[str, int]] = {
    "/mon-compte": 30, "/mes-remboursements": 20, "/ma-carte-vitale": 10, "/ma-carte-vitale/commande": 5,
    "/mes-messages": 10, "/mon-profil": 5, "/mon-attestation": 5, "/mes-remboursements/retenues": 5, "/": 5, "/connexion": 5,
}  # fmt: skip
"""How often of a hundred each page is asked for."""


async def bench() -> list[Pair]:
    """p95 and the median of both, and how many answers were errors (none may be)."""
    site = world("http://127.0.0.1")
    site.notifications.sent = tuple(sent("vitale-ordered") for _ in range(5))
    async with serving(site.app) as url:
        members = await asyncio.gather(*(_signed_in(url, site) for _ in range(MEMBERS)))
        ours, failed = await driven(members)
        await asyncio.gather(*(one.aclose() for one in members))
    async with serving(_constants()) as url:
        clients = [httpx.AsyncClient(base_url=url, timeout=PATIENCE) for _ in range(MEMBERS)]
        bare, bare_failed = await driven(clients)
        await asyncio.gather(*(one.aclose() for one in clients))
    name = f"{RATE} requests/s of a mix of pages for {SECONDS} s / bare FastAPI"
    errors = Pair(f"errors among {RATE * SECONDS:,} of these", failed, bare_failed, "", failed, "0", failed == 0)
    return [errors] + [
        note(f"{name}, {words}", percentile(ours, share) * 1000, percentile(bare, share) * 1000, "ms")
        for words, share in (("p50", 0.5), ("p95", 0.95))
    ]


async def driven(clients: Sequence[httpx.AsyncClient]) -> tuple[list[float], int]:
    """Seconds of each answer from the moment it was due, and how many were errors."""
    chance = random.Random(11)  # noqa: S311 - the same mix for both
    paths = chance.choices(list(MIX), list(MIX.values()), k=RATE * SECONDS)
    times: list[float] = []
    failed = 0
    started = time.perf_counter()

    async def one(number: int, path: str) -> None:
        nonlocal failed
        due = started + number / RATE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        try:
            status = (await clients[number % len(clients)].get(path)).status_code
        except httpx.HTTPError:
            status = 0
        failed += status != httpx.codes.OK
        times.append(time.perf_counter() - due)

    await asyncio.gather(*(one(number, path) for number, path in enumerate(paths)))
    return times, failed


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextlib.asynccontextmanager
async def serving(app: FastAPI, port: int = 0) -> AsyncIterator[str]:
    """The app at an address of its own."""
    port = port or free_port()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, timeout_keep_alive=75))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells in no other way
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


async def _signed_in(url: str, site: World) -> httpx.AsyncClient:
    """A browser of a member; its cookie is sent although the port speaks plain HTTP."""
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": site.site.settings.origin}
    client = httpx.AsyncClient(base_url=url, headers=headers, follow_redirects=True, timeout=PATIENCE)
    page = await client.get("/connexion")
    _keep_cookies(client, page)
    form = read(page).form("/connexion")
    answer = await client.post("/connexion", data={**form.fields, "nir": NIR, "code": CODE}, follow_redirects=False)
    _keep_cookies(client, answer)
    assert (await client.get("/mon-compte")).url.path == "/mon-compte"
    return client


def _keep_cookies(client: httpx.AsyncClient, answer: httpx.Response) -> None:
    found = [one.split(";")[0] for one in answer.headers.get_list("set-cookie")]
    if found:
        client.headers["Cookie"] = "; ".join(found)


def _constants() -> FastAPI:
    app = FastAPI()
    page = "<!DOCTYPE html>" + "x" * 12_000

    async def constant() -> HTMLResponse:
        return HTMLResponse(page)

    for path in MIX:
        app.get(path)(constant)
    return app
