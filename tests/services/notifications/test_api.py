"""The notifications service over HTTP: a member's own messages, newest first."""

import datetime as dt
import uuid
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from httpx import ASGITransport, AsyncClient, Response

from services.notifications.domain import events as e
from services.notifications.domain.ids import MessageId
from services.notifications.main import CATALOGUE, routes
from shared.envelope import Metadata
from shared.kernel import Command
from shared.service import Service
from tests.services.in_memory import InMemoryService
from tests.services.notifications.sample import (
    EMAIL,
    MEMBER,
    MESSAGE,
    NOTE_BOUNCED,
    NOTE_FAILED,
    NOTE_SENT,
    REQUEST,
    learn,
    made,
)

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
    assert (await client.get(PATH)).json() == {"messages": [], "unread": 0, "older": None}
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
    assert [message["title"] for message in answer.json()["messages"]][2] == "Votre compte est ouvert"
    assert EMAIL not in answer.text


async def filled(service: InMemoryService, count: int) -> list[str]:
    """So many messages, two of each minute; their ids, newest first."""
    for number in range(count):
        change = {"message_id": MessageId(made(f"{number}")), "at": REQUEST.at + dt.timedelta(minutes=number // 2)}
        await do(service, REQUEST.model_copy(update=change))
    ids = [(number // 2, made(f"{number}")) for number in range(count)]
    return [one for _, one in sorted(ids, reverse=True)]


async def test_a_long_list_is_read_page_by_page_and_nothing_is_missed_or_seen_twice(
    client: AsyncClient, service: InMemoryService
) -> None:
    expected, seen, older = await filled(service, 25), [], ""
    while older is not None:
        page = (await client.get(PATH, params={"limit": 4, **({"before": older} if older else {})})).json()
        assert page["unread"] == 25
        seen += [one["message_id"] for one in page["messages"]]
        older = page["older"]
    assert seen == expected


async def test_another_member_s_message_is_no_place_in_one_s_own_list(
    client: AsyncClient, service: InMemoryService
) -> None:
    [newest, _] = await filled(service, 2)
    neighbour = made("neighbour")
    client.headers.update(service.token(neighbour))
    page = await client.get(PATH.replace(MEMBER, neighbour), params={"before": newest})
    assert page.json() == {"messages": [], "unread": 0, "older": None}


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 201}, {"before": "x"}])
async def test_a_page_that_cannot_be_is_refused(client: AsyncClient, params: dict[str, Any]) -> None:
    assert (await client.get(PATH, params=params)).status_code == 422


async def test_more_than_a_commit_holds_are_read_at_once(client: AsyncClient, service: InMemoryService) -> None:
    await filled(service, 450)
    answer = await post(client, f"{PATH}/read")
    assert (answer.status_code, (await client.get(f"{PATH}/unread")).json()) == (200, {"unread": 0})
    assert max(len(commit["ev"]) for commit in service.store.commits) == 400


async def test_what_is_not_read_is_counted_and_read_all_at_once(client: AsyncClient, service: InMemoryService) -> None:
    await filled(service, 7)
    assert (await client.get(f"{PATH}/unread")).json() == {"unread": 7}
    assert (await post(client, f"{PATH}/read")).status_code == 200
    assert (await client.get(f"{PATH}/unread")).json() == {"unread": 0}
    assert service.types().count("MessageRead") == 7
    client.headers.update(service.token(made("neighbour")))
    assert (await client.get(f"{PATH}/unread")).status_code == 404


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


async def post(client: AsyncClient, path: str, **form: Any) -> Response:
    return await client.post(path, json=form, headers={"Idempotency-Key": str(uuid.uuid4())})


async def test_a_message_is_opened_with_its_words_and_then_read(client: AsyncClient, service: InMemoryService) -> None:
    await do(service, learn(), REQUEST)
    opened = (await client.get(f"{PATH}/{MESSAGE}")).json()
    assert (opened["title"], opened["read"]) == ("Votre nouvelle carte Vitale est en route", False)
    assert opened["paragraphs"][0] == "Bonjour,"
    assert "aucun lien" not in str(opened["paragraphs"])
    assert (await client.get(PATH)).json()["unread"] == 1
    answer = await post(client, f"{PATH}/read", message_ids=[MESSAGE])
    assert answer.json()["stream"] == f"mailbox:{MEMBER}"
    after = (await client.get(PATH)).json()
    assert (after["unread"], after["messages"][0]["read"]) == (0, True)


async def test_a_link_stands_in_its_mail_alone(client: AsyncClient, service: InMemoryService) -> None:
    secret = {"template": e.Template.EMAIL_VALIDATION, "params": {"link_id": "l", "expires_at": "2026-11-25T09:30:00Z"}}
    await do(service, learn(), REQUEST.model_copy(update=secret))
    assert (await client.get(f"{PATH}/{MESSAGE}")).json()["paragraphs"] == []


async def test_what_is_not_there_cannot_be_opened_or_read(client: AsyncClient, service: InMemoryService) -> None:
    await do(service, learn(), REQUEST)
    assert (await client.get(f"{PATH}/{made('other')}")).status_code == 404
    answer = await post(client, f"{PATH}/read", message_ids=[made("other")])
    assert (answer.status_code, answer.json()["code"]) == (404, "message-unknown")
    client.headers.update(service.token(made("neighbour")))
    neighbours = PATH.replace(MEMBER, made("neighbour"))
    assert (await client.get(f"{neighbours}/{MESSAGE}")).status_code == 404
    assert (await post(client, f"{PATH}/read", message_ids=[MESSAGE])).status_code == 404


async def test_a_member_chooses_which_mails_he_gets(client: AsyncClient, service: InMemoryService) -> None:
    contact = f"/members/{MEMBER}/contact"
    wanted = [{"topic": topic.value, "wanted": True} for topic in e.Topic]
    assert (await client.get(contact)).json() == {"topics": wanted, "bounced": False}
    assert (await post(client, f"/members/{MEMBER}/preferences", unwanted=["vitale-progress"])).status_code == 200
    topics = {one["topic"]: one["wanted"] for one in (await client.get(contact)).json()["topics"]}
    assert topics["vitale-progress"] is False
    await do(service, learn(), REQUEST, NOTE_BOUNCED)
    assert (await client.get(contact)).json()["bounced"] is True


async def test_what_is_compulsory_cannot_be_switched_off(client: AsyncClient) -> None:
    answer = await post(client, f"/members/{MEMBER}/preferences", unwanted=["security"])
    assert answer.status_code == 422


@pytest.mark.parametrize("typed", ["7KQ2-M4XD-9VTA", " 7kq2 m4xd 9vta ", "7kq2m4xd9vta"])
async def test_whoever_holds_a_reference_learns_kind_and_date(
    client: AsyncClient, service: InMemoryService, typed: str
) -> None:
    await do(service, learn(), REQUEST)
    client.headers.update(service.token())
    answer = await client.post("/references", json={"reference": typed})
    assert answer.json() == {
        "title": "Votre nouvelle carte Vitale est en route",
        "channel": "mail",
        "at": "2026-11-24T09:30:00Z",
    }


@pytest.mark.parametrize("typed", ["", "7KQ2", "7KQ2-M4XD-9VTB", "$ne", "x" * 61])
async def test_another_reference_is_none_of_ours(client: AsyncClient, service: InMemoryService, typed: str) -> None:
    await do(service, learn(), REQUEST)
    client.headers.update(service.token())
    assert (await client.post("/references", json={"reference": typed})).status_code in {404, 422}


async def test_the_desk_sees_what_failed_and_settles_it(client: AsyncClient, service: InMemoryService) -> None:
    await do(service, learn(), REQUEST, NOTE_FAILED)
    client.headers.update(service.token(made("agent"), edge="console", kind="agent"))
    [item] = (await client.get("/internal/work")).json()["items"]
    assert (item["kind"], item["id"], item["person_id"]) == ("message-failed", MESSAGE, MEMBER)
    path = f"/internal/work/message-failed/{MESSAGE}/decision"
    assert (await post(client, path, decision="settle", reason="told by phone")).status_code == 200
    assert (await client.get("/internal/work")).json()["items"] == []
    assert service.types()[-1] == "FailureSettled"


async def test_an_address_that_mail_comes_back_from_waits_for_another_one(
    client: AsyncClient, service: InMemoryService
) -> None:
    await do(service, learn(), REQUEST, NOTE_BOUNCED)
    client.headers.update(service.token(made("agent"), edge="console", kind="agent"))
    [item] = (await client.get("/internal/work")).json()["items"]
    assert (item["kind"], item["decisions"]) == ("mail-comes-back", [])
    path = f"/internal/work/mail-comes-back/{item['id']}/decision"
    refused = await post(client, path, decision="settle", reason="never mind")
    assert (refused.status_code, refused.json()["code"]) == (422, "decision-unknown")
    await do(service, learn("other@example.org"))
    assert (await client.get("/internal/work")).json()["items"] == []
