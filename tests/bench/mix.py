"""A realistic mix of requests at a steady rate against the whole account, while events flow, beside bare FastAPI.

Gateway, services, broker and database are processes of their own, members have signed in as members do; what is asked
for comes from this process, what happens meanwhile from another.
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

import httpx

from deploy.local.ports import HOST, pick
from deploy.local.stack import Stack
from tests.bench.measure import Pair, note, percentile
from tests.bench.members import opened
from tests.programs.events_flow import MEMBERS
from tests.scale import sized

RATE: Final = 50
"""Requests a second, whatever becomes of those before: a slow answer does not slow the others' arrival."""
SECONDS: Final = sized(15, 180)
INSURED: Final = sized(60, 240)
PATIENCE: Final = 60.0
MIX: Final[Mapping[tuple[str, str], int]] = {
    ("GET", "/mon-compte"): 26, ("GET", "/mes-remboursements"): 14, ("GET", "/ma-carte-vitale"): 8,
    ("GET", "/ma-carte-vitale/commande"): 4, ("GET", "/mes-messages"): 8, ("GET", "/mon-profil"): 5,
    ("GET", "/mon-attestation"): 4, ("GET", "/mes-remboursements/retenues"): 4, ("GET", "/ma-ceam"): 2,
    ("GET", "/lieux/annuaire?commune=83137"): 2, ("GET", "/"): 4, ("GET", "/contact"): 2,
    ("POST", "/mes-messages/choix"): 2, ("POST", "/mes-remboursements"): 2, ("POST", "/mes-messages/lus"): 1,
    ("GET", "/api/v1/account"): 4, ("GET", "/api/v1/messages"): 3, ("GET", "/api/v1/persons/me/vitale"): 2,
    ("POST", "/api/v1/reimbursements/search"): 3,
}  # fmt: skip
"""How often of a hundred each is asked for."""
Ask = Callable[[str, str], Awaitable[httpx.Response]]
"""Method and path, as one member asks."""
GOOD: Final = {HTTPStatus.OK, HTTPStatus.SEE_OTHER, HTTPStatus.NO_CONTENT}


async def bench(stack: Stack) -> list[Pair]:
    """p50 and p95 of both, and how many answers were errors (none may be)."""
    members = await opened(stack, INSURED)
    async with _flowing(stack) as happened:
        ours, failed = await driven([one.ask for one in members])
    await asyncio.gather(*(one.close() for one in members))
    async with _constants() as url:
        clients = [httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) for _ in range(MEMBERS)]
        bare, bare_failed = await driven([client.request for client in clients])
        await asyncio.gather(*(one.aclose() for one in clients))
    if failed:
        sys.stderr.write(f"not answered as they should be: {dict(failed)}\n")
    errors = failed.total()
    name = f"{RATE} requests/s of a mix for {SECONDS} s, {happened.total()} acts meanwhile / bare FastAPI"
    return [
        Pair(f"errors of {RATE * SECONDS:,} requests", errors, bare_failed.total(), "", float(errors), "0", errors == 0)
    ] + [
        note(f"{name}, {words}", percentile(ours, share) * 1000, percentile(bare, share) * 1000, "ms")
        for words, share in (("p50", 0.5), ("p95", 0.95))
    ]


async def driven(asking: Sequence[Ask]) -> tuple[list[float], Counter[str]]:
    """Seconds of each answer from the moment it was due, and which were none."""
    chance = random.Random(11)  # noqa: S311 - the same mix for both
    wanted = chance.choices(list(MIX), list(MIX.values()), k=RATE * SECONDS)
    times: list[float] = []
    failed: Counter[str] = Counter()
    started = time.perf_counter()

    async def one(number: int, method: str, path: str) -> None:
        due = started + number / RATE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        try:
            answer = await asking[number % len(asking)](method, path)
        except httpx.HTTPError as error:
            failed[f"{method} {path}: {type(error).__name__}"] += 1
        else:
            if answer.status_code not in GOOD or answer.headers.get("location", "").startswith("/connexion"):
                failed[f"{method} {path}: {answer.status_code} {_problem(answer)}"] += 1
        times.append(time.perf_counter() - due)

    await asyncio.gather(*(one(number, *asked) for number, asked in enumerate(wanted)))
    return times, failed


def _problem(answer: httpx.Response) -> str:
    """What an error calls itself: to a program by its code, to people by its heading."""
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        return str(answer.json()["code"])
    return answer.headers.get("location") or answer.text.partition("<h1")[2].partition("</h1>")[0].rpartition(">")[2]


@asynccontextmanager
async def _flowing(stack: Stack) -> AsyncIterator[Counter[str]]:
    """Events come in as long as this is open; afterwards, how many acts of each kind."""
    arguments = ("-m", "tests.programs.events_flow", str(stack.folder), str(SECONDS), str(INSURED))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    happened: Counter[str] = Counter()
    assert process.stdout is not None
    try:
        assert await process.stdout.readline() == b"ready\n", "nothing happens"
        yield happened
        said, _ = await process.communicate()
        assert process.returncode == 0, "what should have happened meanwhile did not"
        happened.update(json.loads(said))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def _constants() -> AsyncIterator[str]:
    """Where bare FastAPI answers."""
    port = pick()
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.programs.constants", str(port))
    url = f"http://{HOST}:{port}"
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            while True:
                try:
                    await client.get(url)
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        yield url
    finally:
        process.terminate()
        await process.wait()
