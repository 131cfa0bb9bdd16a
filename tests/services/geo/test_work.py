"""A file that would delist too many waits in the desk's work until an agent has confirmed it, or another file came."""

import datetime as dt
import uuid
from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import pytest

from services.geo import api
from services.geo.directory.importing import Importer
from services.geo.domain.ids import FileId
from services.geo.main import CATALOGUE
from shared.service import Service
from tests.services.geo.directory.test_importing import HUNDRED, Written
from tests.services.geo.sample import AS_OF
from tests.services.in_memory import InMemoryService

HELD, OTHER = FileId("a" * 64), FileId("b" * 64)
FEW = Written(dict(list(HUNDRED.items())[:50]))


@pytest.fixture
async def desk(service: InMemoryService, importer: Importer) -> AsyncIterator[httpx.AsyncClient]:
    await importer.take(Written(HUNDRED), FileId("0" * 64), AS_OF)
    app = service.app([api.work(cast("Service", service))], CATALOGUE)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://geo") as client:
        client.headers.update(service.token("agent-7", edge="console", kind="agent"))
        yield client


async def listed(desk: httpx.AsyncClient) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", (await desk.get("/internal/work")).json()["items"])


async def confirm(desk: httpx.AsyncClient, file: str = HELD) -> httpx.Response:
    return await desk.post(
        f"/internal/work/held-directory-file/{file}/decision",
        json={"decision": "confirm", "reason": "Vu avec l'ANS"},
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )


async def test_a_held_file_waits_with_what_it_would_change(desk: httpx.AsyncClient, importer: Importer) -> None:
    assert await listed(desk) == []
    assert (await importer.take(FEW, HELD, AS_OF + dt.timedelta(days=1))).state == "held"
    [item] = await listed(desk)
    assert (item["kind"], item["id"], item["decisions"]) == (
        "held-directory-file",
        HELD,
        [{"name": "confirm", "fields": []}],
    )
    assert item["summary"] == {
        "source": "rpps",
        "as_of": "2026-11-13",
        "rows": "50",
        "listed": "0",
        "changed": "0",
        "delisted": "50",
    }


async def test_confirmed_by_an_agent_it_passes(desk: httpx.AsyncClient, importer: Importer) -> None:
    await importer.take(FEW, HELD, AS_OF + dt.timedelta(days=1))
    assert (await confirm(desk)).status_code == 200
    assert await listed(desk) == []
    report = await importer.take(FEW, HELD, AS_OF + dt.timedelta(days=1))
    assert (report.state, report.tally.delisted) == ("taken", 50)


async def test_another_file_takes_its_place(desk: httpx.AsyncClient, importer: Importer) -> None:
    await importer.take(FEW, HELD, AS_OF + dt.timedelta(days=1))
    await importer.take(Written(HUNDRED), OTHER, AS_OF + dt.timedelta(days=2))
    assert await listed(desk) == []
    assert (await confirm(desk)).json()["code"] == "work-unknown"


async def test_what_was_not_held_is_no_work(desk: httpx.AsyncClient) -> None:
    assert (await confirm(desk, OTHER)).status_code == 404
