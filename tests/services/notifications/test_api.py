"""The notifications service over HTTP: a member's own messages, newest first."""

import datetime as dt
import uuid
from collections.abc import AsyncIterator
from typing import cast

import pytest
from httpx import ASGITransport, AsyncClient

from services.notifications.domain import events as e
from services.notifications.domain.ids import MessageId
from services.notifications.main import CATALOGUE, routes
from shared.envelope import Metadata
from shared.kernel import Command
from shared.service import Service
from tests.services.in_memory import InMemoryService
from tests.services.notifications.sample import EMAIL, MEMBER, NOTE_SENT, REQUEST, learn, made

PATH = f"/members/{MEMBER}/messages"
META = Metadata(pk=MEMBER, actor="test", actor_kind="process", correlation_id=made("talk"), member_id=MEMBER)


@pytest.fixture
async def client(service: InMemoryService) -> AsyncIterator[AsyncClient]:
    app = service.app(routes(cast("Service", service)), CATALOGUE)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://notifications") as found:
        found.headers.update(service.token(MEMBER))
        yield found


async def do(service: InMemoryService, *commands: Command) -> None:
    for command in commands:
        await service.handle(f"mailbox:{MEMBER}", command, cmd=str(uuid.uuid4()), meta=META)


async def test_messages_are_shown_newest_first_and_without_the_address(
    client: AsyncClient, service: InMemoryService
) -> None:
    assert (await client.get(PATH)).json() == {"messages": []}
    for minutes, template in enumerate(
        (e.Template.ACCOUNT_OPENED, e.Template.VITALE_SENT, e.Template.VITALE_DELIVERED)
    ):
        change = {
            "message_id": MessageId(made(template)),
            "template": template,
            "at": REQUEST.at + dt.timedelta(minutes=minutes),
        }
        await do(service, learn(), REQUEST.model_copy(update=change))
    answer = await client.get(PATH)
    assert [message["template"] for message in answer.json()["messages"]] == [
        "vitale-delivered",
        "vitale-sent",
        "account-opened",
    ]
    assert EMAIL not in answer.text


async def test_a_message_says_how_far_it_is(client: AsyncClient, service: InMemoryService) -> None:
    await do(service, REQUEST)
    [waiting] = (await client.get(PATH)).json()["messages"]
    await do(service, learn(), NOTE_SENT)
    [sent] = (await client.get(PATH)).json()["messages"]
    assert (waiting["status"], sent["status"]) == ("held", "sent")
    assert sent["reference"] == "7KQ2-M4XD-9VTA"


async def test_another_members_messages_do_not_exist(client: AsyncClient, service: InMemoryService) -> None:
    await do(service, REQUEST)
    client.headers.update(service.token(made("neighbour")))
    assert (await client.get(PATH)).status_code == 404
    client.headers.update(service.token(MEMBER, edge="console"))
    assert (await client.get(PATH)).json()["code"] == "issuer-refused"
