"""What the desk sees of a card, and a loss that somebody reports by telephone."""

import uuid
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from httpx import ASGITransport, AsyncClient, Response

from services.cards.api.problems import CATALOGUE
from services.cards.main import routes
from shared.service import Service
from tests.services.cards.conftest import Feeding
from tests.services.cards.sample import PERSON
from tests.services.cards.test_inbound import CARD
from tests.services.in_memory import InMemoryService

LOST = {"reason": "lost", "place": "Toulon", "happened_on": "2026-11-20", "declared_on_honour": True}


@pytest.fixture
async def client(service: InMemoryService) -> AsyncIterator[AsyncClient]:
    app = service.app(routes(cast("Service", service)), CATALOGUE)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://cards") as found:
        found.headers.update(service.token(edge="console", kind="agent"))
        yield found


async def report(client: AsyncClient, **changes: Any) -> Response:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    return await client.post(f"/internal/desk/{PERSON}/vitale-reports", json={**LOST, **changes}, headers=headers)


async def test_the_desk_sees_how_a_card_stands_and_no_number(client: AsyncClient, feed: Feeding) -> None:
    assert (await client.get(f"/internal/desk/{PERSON}/cards")).json()["status"] is None
    await feed("vitale-issued", CARD)
    found = (await client.get(f"/internal/desk/{PERSON}/cards")).json()
    assert found["status"] == "active"
    assert not {"serial_end", "card_id"} & found.keys()


async def test_a_card_that_is_lost_by_telephone_is_opposed(
    client: AsyncClient, service: InMemoryService, feed: Feeding
) -> None:
    await feed("vitale-issued", CARD)
    assert (await report(client)).status_code == 200
    meta = service.store.commits[-1]["meta"]
    assert (meta["actor_kind"], meta["channel"], meta["person_id"]) == ("agent", "desk", PERSON)
    assert (await client.get(f"/internal/desk/{PERSON}/cards")).json()["status"] == "opposed"
    again = await report(client)
    assert again.status_code == 409


@pytest.mark.parametrize("changes", [{"reason": "damaged"}, {"place": ""}, {"happened_on": "yesterday"}])
async def test_what_cannot_be_read_changes_nothing(
    client: AsyncClient, service: InMemoryService, feed: Feeding, changes: dict[str, Any]
) -> None:
    await feed("vitale-issued", CARD)
    before = len(service.store.commits)
    assert (await report(client, **changes)).status_code == 422
    assert len(service.store.commits) == before


async def test_it_is_an_agents_and_of_a_card_that_exists(client: AsyncClient, service: InMemoryService) -> None:
    assert (await report(client)).status_code == 404
    client.headers.update(service.token("boss", edge="console", kind="supervisor"))
    assert (await report(client)).status_code == 403
    client.headers.update(service.token(PERSON))
    assert (await client.get(f"/internal/desk/{PERSON}/cards")).status_code == 403
