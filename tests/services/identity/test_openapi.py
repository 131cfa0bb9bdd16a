"""Whatever is sent to identity, as its own OpenAPI describes it or just not: no 5xx, and every 4xx is a problem.

In process: the routes, the rules and the read models, on stores in memory.
"""

import asyncio
import uuid
from typing import Any, cast

import pytest
import schemathesis
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from services.identity.access.desk import Desk
from services.identity.api import routers
from services.identity.api.problems import PROBLEMS
from shared.feeds import FeedImporter
from shared.problems import MEDIA_TYPE
from shared.service import Service
from tests.scale import sized
from tests.services.identity.examples import CLAIRE
from tests.services.in_memory import InMemoryService, MemoryFiles

EXAMPLES = sized(6, 100)
CLIENT_ERROR, SERVER_ERROR = 400, 500
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


@pytest.fixture
def app(service: InMemoryService, desk: Desk, importer: FeedImporter, files: MemoryFiles) -> FastAPI:
    return service.app(routers(cast("Service", service), desk, importer, files), PROBLEMS)


@pytest.mark.slow
@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
def test_no_request_breaks_the_service(app: FastAPI, service: InMemoryService, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_dict(app.openapi())
    client = AsyncClient(transport=ASGITransport(app, raise_app_exceptions=False), base_url="http://identity")
    loop = asyncio.new_event_loop()
    answered: dict[str, set[int]] = {}

    def headers(path: str) -> dict[str, str]:
        inside = path.startswith("/internal")
        token = (
            service.token(CLAIRE, edge="console", kind="agent") if inside else service.token(CLAIRE, stepped_up=True)
        )
        return {**token, "Idempotency-Key": str(uuid.uuid4())}

    def attack(operation: Any) -> None:
        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def hold(case: Any) -> None:
            sent = case.as_transport_kwargs(base_url="http://identity", headers=headers(operation.path))
            sent = {
                name: sent[name] for name in ("method", "url", "params", "headers", "json", "content") if name in sent
            }
            answer: Response = loop.run_until_complete(client.request(**sent))
            answered.setdefault(operation.label, set()).add(answer.status_code)
            assert answer.status_code < SERVER_ERROR, (operation.label, answer.text)
            if answer.status_code >= CLIENT_ERROR:
                assert answer.headers["content-type"] == MEDIA_TYPE, operation.label
                assert {"type", "title", "status", "code"} <= answer.json().keys()

        hold()

    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        attack(found.ok())
    loop.close()
    assert len(answered) == sum(1 for _ in schema.get_all_operations())
