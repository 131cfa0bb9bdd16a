"""Claims in any number are imported and all read models built again, killed in the middle, in memory that stays flat."""

import itertools
import json
import uuid
from pathlib import Path

import pytest

from deploy.local.seed.files import sender_key
from deploy.local.services import ROOT
from deploy.local.stack import Stack
from shared.feeds.running import NOTED
from shared.rebuild import JobState
from shared.service import Service
from shared.service.operations import rebuild_of
from tests.oracle.feeds import lines_of, written
from tests.oracle.generate import Care
from tests.scale import FULL, sized
from tests.services.reimbursements.agreeing import counters_agree
from tests.services.reimbursements.jobs import Job, Say
from tests.services.reimbursements.on_stack import money_service

pytestmark = pytest.mark.connected
CLAIMS = sized(2_000, 1_000_000)
SEED = 2026
MOST_MIB = 320
"""Of one process, at any size."""
LOOKED_AT = 5
"""Households whose screens are compared with the oracle."""


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Progress of a run that takes half an hour, on the terminal."""

    def line(text: str) -> None:
        if FULL:
            with capsys.disabled():
                print(text, flush=True)

    return line


async def test_claims_at_volume(stack: Stack, tmp_path: Path, say: Say) -> None:
    database, file = f"money_{uuid.uuid4().hex[:12]}", tmp_path / "settlements-1.jsonl"
    key = sender_key(Path(stack.env_for("identity")["SECRETS_DIR"]), "settlement")
    lots = written(file, lines_of(Care(seed=SEED).households(CLAIMS)), key)
    say(f"{CLAIMS:,} claims in {lots:,} lots, {file.stat().st_size >> 20} MiB")
    own = {"MONGO_URL": stack.mongo_url(), "MONGO_DATABASE": database, "LOG_LEVEL": "warning"}
    env = {**stack.env_for("reimbursements"), **own}
    async with money_service(stack, tmp_path, database) as service:
        importing = await imported(service, file, lots, env, say)
        rebuilding, events = await rebuilt(service, env, say)
        await checked(service, lots)
    measured = {
        "claims": CLAIMS,
        "lots": lots,
        "events": events,
        "import": {
            "seconds": round(importing.seconds),
            "claims_per_second": round(CLAIMS / importing.seconds),
            "peak_mib": round(importing.peak),
        },
        "rebuild": {
            "seconds": round(rebuilding.seconds),
            "events_per_second": round(events / rebuilding.seconds),
            "peak_mib": round(rebuilding.peak),
        },
    }
    result = ROOT / "var" / sized("money.json", "scale-money.json")
    result.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    say(json.dumps(measured, indent=2))
    assert max(importing.peak, rebuilding.peak) < MOST_MIB


async def imported(service: Service, file: Path, lots: int, env: dict[str, str], say: Say) -> Job:
    """Killed when half is done, and taken again: behind the last lines that were noted."""

    async def head() -> int:
        return (await service.store.head()).position

    job = Job("import", ("feed", "settlements", str(file)), env, head, lots, say)
    reached = await job.killed_at(lots // 2)
    known, _ = await service.state("feed:settlements")
    assert reached - known.read <= 2 * NOTED
    assert known.read or lots < 2 * NOTED
    await job.finished()
    return job


async def rebuilt(service: Service, env: dict[str, str], say: Say) -> tuple[Job, int]:
    """Killed when half is folded (of few events: as soon as it has begun), and started again."""
    rebuild = rebuild_of(service)
    head = (await service.store.head()).position

    async def position() -> int:
        row = await rebuild.status()
        return -1 if row is None else int(row.get("position", 0))

    job = Job("rebuild", ("replay",), env, position, head, say)
    await job.killed_at(sized(0, head // 2))
    await job.finished()
    row = await rebuild.status()
    assert row is not None
    assert (row["position"], row["state"]) == (head, JobState.DONE.value)
    return job, (await rebuild.plan()).events


async def checked(service: Service, lots: int) -> None:
    """Each lot is settled once, and screens show what the oracle has counted."""
    types = (await rebuild_of(service).plan()).by_type
    assert (types["PaymentIssued"], types["FeedAccepted"]) == (lots, 1)
    for invented in itertools.islice(Care(seed=SEED).households(CLAIMS), LOOKED_AT):
        await counters_agree(service, invented)
