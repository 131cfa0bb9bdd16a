"""Reimbursements: claims imported a second, and a member's page over ten years of lines while an import runs."""

import asyncio
import contextlib
import datetime as dt
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path

from deploy.local.seed.files import sender_key
from deploy.local.stack import Stack
from services.reimbursements.main import importer
from shared.feeds.entry import take_file
from shared.mongo import InsertOne
from shared.rebuild import Rebuild
from shared.service import Service
from shared.telemetry import configure
from tests.bench.measure import Pair, note, percentile, timed
from tests.oracle.feeds import Line, lines_of, lot_line, written
from tests.oracle.generate import Care, Household, Lot
from tests.scale import sized
from tests.services.reimbursements.on_stack import member_of, money_service, project

CLAIMS = sized(4_000, 40_000)
LINES = 2_000
PAGES = 40


async def bench(stack: Stack, folder: Path) -> list[Pair]:
    configure("bench", level="warning")  # as in production, where a line a command is no table's business
    key = sender_key(Path(stack.env_for("identity")["SECRETS_DIR"]), "settlement")
    first, second = folder / "settlements-1.jsonl", folder / "settlements-2.jsonl"
    lots = written(first, lines_of(Care(seed=1).households(CLAIMS)), key)
    member, own = ten_years()
    async with money_service(stack, folder) as service:
        async with memory() as importing:
            seconds = await timed(lambda: take_file(importer(service), "settlements", first))
        raw = await timed(lambda: _raw(service, lots))
        written(second, own, key, 2)
        await take_file(importer(service), "settlements", second)
        await project(service, [f"household:{member}"])
        pages = await _pages(service, folder, stack, member)
        pairs = [
            note(f"import of {CLAIMS:,} claims in {lots:,} lots / raw documents", CLAIMS / seconds, lots / raw, "/s"),
            note(
                f"member's page, {LINES:,} lines, while an import runs, p95 / p50",
                _p(pages, 0.95),
                _p(pages, 0.5),
                "ms",
            ),
        ]
        rebuild = Rebuild(
            service.projector(service.definition.projections), service.store, service.database, service.clock
        )
        async with memory() as rebuilding:
            spent = await timed(rebuild.fill)
        pairs.append(note("rebuild of all their read models / import again", CLAIMS / spent, CLAIMS / seconds, "/s"))
        pairs.append(note("anonymous memory at its peak, import / rebuild", max(importing), max(rebuilding), "MiB"))
    return pairs


@asynccontextmanager
async def memory() -> AsyncIterator[list[float]]:
    """What the process holds in MiB, looked at often; the pages of a mapped file are not its own."""
    found: list[float] = []

    async def look() -> None:
        while True:
            status = Path("/proc/self/status").read_text(encoding="ascii")  # noqa: ASYNC240 - no disk behind it
            found.append(int(status.split("RssAnon:")[1].split()[0]) / 1024)
            await asyncio.sleep(0.2)

    looking = asyncio.create_task(look())
    await asyncio.sleep(0)
    try:
        yield found
    finally:
        looking.cancel()


def ten_years() -> tuple[str, list[Line]]:
    """One household whose ledger holds so many lines, the last paid this week."""
    whole: Household = next(Care(seed=7).households(1))
    rows = [row for household in Care(seed=8).households(LINES) for lot in household.lots for row in lot.rows]
    found, own = iter(rows[:LINES]), []
    for number in range(1, LINES // 4 + 1):
        paid_on = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=7 * (LINES // 4 - number))
        some = [
            {**row, "person": whole.id, "insured": True, "care": paid_on - dt.timedelta(days=6)}
            for row in islice(found, 4)
        ]
        own.append(lot_line(whole.id, Lot(number, paid_on, some)))
    return whole.id, own


async def _raw(service: Service, lots: int) -> None:
    """As many documents, 64 at a time, each batch durable."""
    rows: Iterator[InsertOne[dict[str, object]]] = (
        InsertOne({"_id": number, "lot": "x" * 2000}) for number in range(lots)
    )
    while batch := list(islice(rows, 64)):
        await service.database["raw_lots"].bulk_write(batch)


async def _pages(service: Service, folder: Path, stack: Stack, member: str) -> list[float]:
    """How long each page took, while a process of its own imports another file."""
    key = sender_key(service.settings.secrets_dir, "settlement")
    third = folder / "settlements-3.jsonl"
    written(third, lines_of(Care(seed=3).households(20_000)), key, 3)
    times: list[float] = []
    async with importing_beside(service, stack, third), member_of(service, member) as http:
        for _ in range(PAGES):
            started = time.perf_counter()
            answer = await http.post(f"/persons/{member}/reimbursements/search", json={"by_payment": True})
            assert answer.status_code == 200
            times.append(time.perf_counter() - started)
    return times


@asynccontextmanager
async def importing_beside(service: Service, stack: Stack, file: Path) -> AsyncIterator[None]:
    """Its first lots are there; it is still at it at the end, and is killed then."""
    database = {"MONGO_URL": stack.mongo_url(), "MONGO_DATABASE": service.settings.mongo_database}
    env = {**os.environ, **stack.env_for("reimbursements"), **database, "LOG_LEVEL": "warning"}
    before = (await service.store.head()).position
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.reimbursements", "feed", "settlements", str(file),
        env=env, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while (await service.store.head()).position < before + 100:
            assert process.returncode is None
            await asyncio.sleep(0.1)
        yield
        assert process.returncode is None, "the import was over before the pages were"
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _p(times: list[float], share: float) -> float:
    return percentile(times, share) * 1000
