"""Nobody learns from the time of an answer whether a number is known: pairs, one after the other, on a real database.

The limits alone are lifted; the time after which every answer comes is the one of production.
"""

import statistics
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from deploy.local.stack import Stack
from services.identity.api.problems import PROBLEMS
from services.identity.main import definition, routes
from services.identity.settings import IdentitySettings
from shared.service import Service, build_app
from tests.scale import sized
from tests.services.identity.examples import CHOICES, NIR
from tests.services.identity.test_on_mongodb import Site, take_register

pytestmark = pytest.mark.connected

UNKNOWN = "1850183137042"
PAIRS = sized(20, 400)
NEARLY_THE_SAME = 0.005
"""Seconds between the medians."""
MANY = 1_000_000
ASKED: dict[str, dict[str, Any]] = {
    "/sign-ins": {"code": "faux-code1"},
    "/code-resets": {"birth_date": "1985-01-17"},
}


@pytest.fixture
async def site(stack: Stack, tmp_path: Path) -> AsyncIterator[Site]:
    settings = IdentitySettings(
        mongo_url=stack.mongo_url(),
        mongo_database=f"identity_{uuid.uuid4().hex[:12]}",
        kafka_bootstrap="unused",
        secrets_dir=Path(stack.env_for("identity")["SECRETS_DIR"]),
        var_dir=tmp_path,
        sign_in_failures=MANY,
        sign_in_delays_from=MANY,
        sign_ins_per_origin=MANY,
        proofs_per_origin=MANY,
        resets_per_day=MANY,
    )
    service = Service(definition(settings), settings)
    await service.prepare()
    await take_register(service)
    app = build_app(service, routes, PROBLEMS)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://i") as client,
    ):
        found = Site(service, client)
        await found.post(f"/enrolments/{await found.enrol()}/account", CHOICES)
        yield found
    await service.client.drop_database(settings.mongo_database)
    await service.close()


@pytest.mark.parametrize("path", ASKED)
async def test_a_known_number_and_an_unknown_one_take_the_same_time(site: Site, path: str) -> None:
    seconds: dict[str, list[float]] = {NIR: [], UNKNOWN: []}
    for _ in range(PAIRS):
        for nir, found in seconds.items():
            started = time.perf_counter()
            answer = await site.post(path, {"nir": nir, **ASKED[path]})
            found.append(time.perf_counter() - started)
            assert answer.status_code in {202, 401}, answer.text
    known, unknown = (statistics.median(found) for found in seconds.values())
    assert abs(known - unknown) < NEARLY_THE_SAME, (known, unknown)
