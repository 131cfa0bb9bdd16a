"""Whatever is sent to identity, as its own OpenAPI describes it or just not: no 5xx, and every 4xx is a problem.

In process: the routes, the rules and the read models, on stores in memory.
"""

import asyncio
from typing import cast

import pytest
import schemathesis
from fastapi import FastAPI
from schemathesis import GenerationMode

from services.identity.access.desk import Desk
from services.identity.api import routers
from services.identity.api.problems import PROBLEMS
from shared.feeds import FeedImporter
from shared.service import Service
from tests.attacks import MODES, attacked
from tests.scale import sized
from tests.services.identity.examples import CLAIRE
from tests.services.in_memory import InMemoryService, MemoryFiles

EXAMPLES = sized(6, 100)


@pytest.fixture
def app(service: InMemoryService, desk: Desk, importer: FeedImporter, files: MemoryFiles) -> FastAPI:
    return service.app(routers(cast("Service", service), desk, importer, files), PROBLEMS)


@pytest.mark.slow
@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
def test_no_request_breaks_the_service(app: FastAPI, service: InMemoryService, mode: GenerationMode) -> None:
    loop = asyncio.new_event_loop()

    def headers(path: str) -> dict[str, str]:
        inside = path.startswith("/internal")
        token = (
            service.token(CLAIRE, edge="console", kind="agent") if inside else service.token(CLAIRE, stepped_up=True)
        )
        return dict(token)

    answered = attacked(app, headers, mode, EXAMPLES, loop)
    loop.close()
    assert len(answered) == sum(1 for _ in schemathesis.openapi.from_dict(app.openapi()).get_all_operations())
