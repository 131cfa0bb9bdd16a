"""A log of any size is replayed beside the live read models while members work: how fast, in how much memory, and what
they notice of it. Its figures stand in var/replay.json, those of the full size in var/scale-replay.json.
"""

import asyncio
import json
import os
import sys
import time
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from deploy.local.services import ROOT
from deploy.local.stack import Stack
from services.cards.main import definition
from services.cards.read_models.my_vitale import my_vitale
from services.cards.settings import Settings
from shared.comparison import compare
from shared.rebuild import Rebuild
from shared.security import TokenIssuer
from shared.service import Service
from tests.scale import FULL, sized
from tests.served import free_port
from tests.services.cards.members import Crowd, recorded
from tests.shared.toybox import in_background, some_id, until

pytestmark = pytest.mark.connected
EVENTS: Final = sized(50_000, 1_000_000)
OF_EACH: Final = 10
MEMBERS: Final = 8
BEFORE: Final = sized(5.0, 60.0)
"""Seconds of work before the replay begins."""
CATCHING_UP: Final = sized(60.0, 900.0)
"""Seconds that the live read models may take to show what members did during the replay."""
MOST_MIB: Final = 320
"""Of the replaying process, at any size."""
NEWER: Final = replace(my_vitale, version=my_vitale.version + 1)


@asynccontextmanager
async def cards(stack: Stack, folder: Path, name: str) -> AsyncIterator[tuple[Service, dict[str, str]]]:
    """The service under another name, in a database of its own; and the environment of its processes."""
    config = stack.kafka_config()
    own = {
        "MONGO_URL": stack.mongo_url(),
        "MONGO_DATABASE": name,
        "KAFKA_USERNAME": str(config["sasl.username"]),
        "KAFKA_PASSWORD": str(config["sasl.password"]),
        "VAR_DIR": str(folder),
        "LOG_LEVEL": "error",
    }
    environment = {**stack.env_for("cards"), **own}
    for unwanted in ("WITNESS_DIR", "TRACE_FILE", "CLOCK_OFFSET_FILE"):
        environment.pop(unwanted)
    settings = Settings(
        mongo_url=own["MONGO_URL"],
        mongo_database=name,
        kafka_bootstrap=environment["KAFKA_BOOTSTRAP"],
        secrets_dir=Path(environment["SECRETS_DIR"]),
        var_dir=folder,
    )
    service = Service(replace(definition(settings), name=name), settings)
    await service.prepare()
    try:
        yield service, {**environment, "NAME": name}
    finally:
        await service.close()


@asynccontextmanager
async def build(words: Sequence[str], env: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """A build of the service as a process; stopped at the end."""
    command = (sys.executable, "-m", "tests.programs.cards_build", *words)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env={**os.environ, **env})
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def live(service: Service) -> None:
    """As if the log had come by the topic long ago: read models filled, relay at the head."""
    projector = service.projector(service.definition.projections)
    await Rebuild(projector, service.store, service.database, service.clock).fill()
    head = await service.store.head()
    at = {"position": head.position, "hash": head.hash, "epoch": 0}
    await service.database["relay_checkpoints"].replace_one({"_id": "relay"}, at, upsert=True)


def p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]


async def test_a_replay_while_members_work(stack: Stack, tmp_path: Path, topic: Any, capsys: Any) -> None:
    name = f"cards{uuid.uuid4().hex[:8]}"
    topic(name)
    persons = [some_id() for _ in range(EVENTS // OF_EACH)]
    async with cards(stack, tmp_path, name) as (service, environment):
        await recorded(service, persons, OF_EACH)
        await live(service)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        issuer = TokenIssuer(service.settings.private_key("gateway"), "gateway", None, service.clock)
        crowd = Crowd(url, name, issuer, persons)
        async with build(["all"], {**environment, "BUILD": "own", "HTTP_PORT": str(port)}):
            await until(lambda: answers(url))
            async with in_background(*(crowd.work(number) for number in range(MEMBERS))) as members:
                await asyncio.sleep(BEFORE)
                before, crowd.seconds = crowd.seconds, []
                first = await replayed(service, environment)
                during = crowd.seconds
                assert not [one for one in members if one.done()], "a member's screen failed"
            await until(lambda: folded(service), CATCHING_UP)
        again = await replayed(service, environment)  # what members have done meanwhile
        same = await compare(service.database, service.documents, my_vitale, NEWER)
    measured = {
        "events": first["events"],
        "events_per_second": round(first["events"] / first["seconds"]),
        "peak_mib": first["memory_mib"],
        "member_p95_ms_before": round(p95(before) * 1000),
        "member_p95_ms_during": round(p95(during) * 1000),
        "screens_before": len(before),
        "screens_during": len(during),
        "screens_late": crowd.late,
    }
    (ROOT / "var" / sized("replay.json", "scale-replay.json")).write_text(json.dumps(measured, indent=2) + "\n")
    with capsys.disabled():
        print(f"\n{json.dumps(measured)}", flush=True)
    assert same.equal, (same.fields, same.missing, same.extra)
    assert same.live == len(persons)
    assert first["events"] >= EVENTS
    assert again["events"] < EVENTS // 10, "it goes on from where it was"
    assert first["memory_mib"] < MOST_MIB
    assert during, "members worked all the while"


async def answers(url: str) -> bool:
    async with httpx.AsyncClient() as anybody:
        try:
            return (await anybody.get(f"{url}/readyz")).is_success
        except httpx.HTTPError:
            return False


async def folded(service: Service) -> bool:
    """Whether the live read model shows all that members have done."""
    return not (await service.lag_meter().measure(my_vitale)).events


async def replayed(service: Service, environment: Mapping[str, str]) -> dict[str, Any]:
    """The release after this one fills its read models, in a process of its own; the job's row."""
    started = time.monotonic()
    async with build(["replay"], {**environment, "BUILD": "fixed"}) as process:
        assert await asyncio.wait_for(process.wait(), 7200 if FULL else 180) == 0
    models = [NEWER if one.name == NEWER.name else one for one in service.definition.projections]
    row = await Rebuild(service.projector(models), service.store, service.database, service.clock).status()
    assert row is not None
    assert row["state"] == "done", time.monotonic() - started
    return row
