"""Asks a service in memory whose a number is, as the console does."""

from typing import Any, cast

import httpx

from shared.admin.numbers import numbers_router
from shared.problems import ProblemCatalogue
from shared.service import Service
from tests.services.in_memory import InMemoryService

PATH = "/internal/desk/number-look-ups"


async def ask(service: InMemoryService, typed: Any, *, edge: str = "console", kind: str = "agent") -> httpx.Response:
    """The answer to somebody of the staff."""
    assert service.definition.numbers is not None
    find = service.definition.numbers(cast("Service", service))
    app = service.app([numbers_router(find)], ProblemCatalogue())
    headers = service.token("somebody", edge=edge, kind=kind)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client:
        return await client.post(PATH, json={"number": typed}, headers=headers)


async def whose(service: InMemoryService, typed: str) -> str | None:
    """The person; None: nobody's."""
    answer = await ask(service, typed)
    assert answer.status_code in {200, 404}, answer.text
    return answer.json()["person_id"] if answer.status_code == 200 else None
