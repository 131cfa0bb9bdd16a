"""The list of oppositions on a real database and a real broker: numbers once and in order, whoever is killed."""

import asyncio
import hashlib
import json
import random
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from deploy.local.stack import Stack
from services.cards.access.opposition import PAGE, SCANNED, SENT, OppositionList
from services.cards.api.opposition import AUDIENCE
from services.cards.api.problems import CATALOGUE
from services.cards.domain.days import PARIS
from services.cards.main import definition, routes
from services.cards.settings import Settings
from services.cards.worker.publisher import TOPIC, Publisher
from shared.event_store.protocol import Corrupted
from shared.security import TokenIssuer
from shared.service import Service
from shared.service.roles import build_app
from tests.conftest import toy_settings
from tests.scale import sized
from tests.services.cards.opposing import issue, lose
from tests.services.cards.sample import AT
from tests.shared.rounds import deaths, run_rounds

pytestmark = pytest.mark.connected
DEATHS = sized(20, 200)


@pytest.fixture
async def service(stack: Stack, tmp_path: Path) -> AsyncIterator[Service]:
    base = toy_settings(stack, f"cards_{uuid.uuid4().hex[:12]}", tmp_path)
    found = await _service(Settings.model_validate(base.model_dump() | {"secrets_dir": base.secrets_dir}))
    yield found
    await found.close()


async def _service(settings: Settings) -> Service:
    made = Service(definition(settings), settings)
    await made.prepare()
    await OppositionList(made.database).prepare()
    return made


@asynccontextmanager
async def reading(service: Service) -> AsyncIterator[Callable[[], Any]]:
    """The records that reach the topic from now on, as (number, entry)."""
    consumer = service.kafka.consumer(TOPIC)
    await consumer.start()
    try:
        await consumer.seek_to_end()
        for partition in consumer.assignment():
            await consumer.position(partition)

        async def read(seconds: float = 0.5) -> list[tuple[int, dict[str, Any]]]:
            batches = await consumer.getmany(timeout_ms=int(seconds * 1000))
            return [(int(one.key), json.loads(one.value)) for batch in batches.values() for one in batch]

        yield read
    finally:
        await consumer.stop()


@asynccontextmanager
async def running(*publishers: Publisher) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(one.run()) for one in publishers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(look: Callable[[], Any], seconds: float = 20.0) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := await look():
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("nothing came")


@pytest.fixture
async def reader(service: Service, stack: Stack) -> AsyncIterator[AsyncClient]:
    """A pharmacy's software, with a token that it signed itself."""
    app = build_app(service, routes, CATALOGUE)
    key = (Path(stack.env_for("cards")["SECRETS_DIR"]) / "opposition_readers/pharmacy_ed25519.pem").read_text()
    issuer = TokenIssuer(key, "pharmacy", None, service.clock)
    token = issuer.issue(AUDIENCE, actor="till-7", actor_kind="reader", acr="machine")
    async with AsyncClient(transport=ASGITransport(app), base_url="http://cards") as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


async def test_a_lost_card_is_on_topic_and_endpoint_within_two_seconds(service: Service, reader: AsyncClient) -> None:
    person, serial = await issue(service, 1)
    async with reading(service) as read, running(Publisher(service)):
        await until(lambda: OppositionList(service.database).reached(SCANNED))
        started = time.monotonic()
        await lose(service, person)
        [(number, entry)] = await until(read)
        seconds = time.monotonic() - started
    assert seconds < 2, seconds
    assert number == 1
    assert entry.keys() == {"sequence", "serial", "opposed_at"}
    assert (entry["sequence"], entry["serial"]) == (1, serial)
    answer = await reader.get("/opposition/v1/entries")
    assert answer.json() == {"entries": [entry], "last": 1, "more": False}
    assert person not in answer.text


async def test_pages_and_etags(service: Service, reader: AsyncClient) -> None:
    publisher = Publisher(service)
    people = [await issue(service, number) for number in range(5)]
    for person, _ in people:
        await lose(service, person)
    while await publisher.number():
        pass
    first = await reader.get("/opposition/v1/entries", params={"limit": 2})
    assert [one["sequence"] for one in first.json()["entries"]] == [1, 2]
    assert (first.json()["more"], first.headers["Link"]) == (
        True,
        '</opposition/v1/entries?after=2&limit=2>; rel="next"',
    )
    rest = await reader.get("/opposition/v1/entries", params={"after": 2})
    assert [one["serial"] for one in rest.json()["entries"]] == [serial for _, serial in people[2:]]
    same = await reader.get("/opposition/v1/entries", params={"after": 5}, headers={"If-None-Match": '"5-5"'})
    assert same.status_code == 304
    changed = await reader.get("/opposition/v1/entries", params={"after": 4}, headers={"If-None-Match": '"4-4"'})
    assert changed.status_code == 200


async def test_the_list_of_a_day_is_kept_as_it_was(service: Service, reader: AsyncClient) -> None:
    publisher, entries = Publisher(service), OppositionList(service.database)
    person, serial = await issue(service, 1)
    await lose(service, person)
    while await publisher.number():
        pass
    await publisher.keep_day()
    later, _ = await issue(service, 2)
    await lose(service, later)
    while await publisher.number():
        pass
    await publisher.keep_day()
    [kept] = (await reader.get("/opposition/v1/snapshots")).json()["snapshots"]
    content = await reader.get(f"/opposition/v1/snapshots/{kept['day']}")
    assert [json.loads(line)["serial"] for line in content.content.splitlines()] == [serial]
    assert hashlib.sha256(content.content).hexdigest() == kept["sha256"]
    assert content.headers["X-Sequence"] == "1"
    again = await reader.get(
        f"/opposition/v1/snapshots/{kept['day']}", headers={"If-None-Match": content.headers["ETag"]}
    )
    assert again.status_code == 304
    assert (await reader.get("/opposition/v1/snapshots/2020-01-01")).status_code == 404
    assert len(await entries.after(0)) == 2


async def test_a_serial_number_is_valid_opposed_or_unknown(service: Service, reader: AsyncClient) -> None:
    person, serial = await issue(service, 1)

    async def check(text: str) -> tuple[int, str]:
        answer = await reader.post("/opposition/v1/check", json={"serial": text})
        return answer.status_code, answer.json().get("status") if answer.status_code == 200 else answer.json()["code"]

    assert await check(f"{serial[:5]} {serial[5:]}") == (200, "valid")
    await lose(service, person)
    assert await check(serial) == (200, "opposed"), "at once, whether it is published by now or not"
    assert await check("99999999999") == (404, "serial-unknown")
    assert await check("12") == (422, "vitale-serial-invalid")


async def test_an_erased_persons_serial_stays_opposed(service: Service, reader: AsyncClient) -> None:
    publisher = Publisher(service)
    person, serial = await issue(service, 1)
    await lose(service, person)
    while await publisher.number():
        pass
    await service.vault.destroy(person, "cards", service.clock.now())
    await service.database["claims"].delete_many({"s": f"vitale:{person}"})
    answer = await reader.post("/opposition/v1/check", json={"serial": serial})
    assert answer.json() == {"status": "opposed"}
    assert serial in (await reader.get("/opposition/v1/entries")).text


@pytest.mark.parametrize("token", ["", "Bearer x", "gateway"])
async def test_only_known_readers_come_in(service: Service, stack: Stack, reader: AsyncClient, token: str) -> None:
    if token == "gateway":
        key = (Path(stack.env_for("cards")["SECRETS_DIR"]) / "gateway_ed25519.pem").read_text()
        issuer = TokenIssuer(key, "gateway", None, service.clock)
        token = f"Bearer {issuer.issue(AUDIENCE, actor='x', actor_kind='member', acr='code')}"
    del reader.headers["Authorization"]
    for path in ("entries", "snapshots", "snapshots/2026-11-24"):
        answer = await reader.get(f"/opposition/v1/{path}", headers={"Authorization": token} if token else {})
        assert answer.status_code == 401, path
    assert (await reader.post("/opposition/v1/check", json={"serial": "12345678901"})).status_code == 401


async def test_numbers_are_given_once_in_the_order_of_the_log_whoever_is_killed(service: Service) -> None:
    dice = random.Random(20261124)  # noqa: S311 - seeded
    entries = OppositionList(service.database)
    people = [await issue(service, number) for number in range(24)]
    seen: list[tuple[int, dict[str, Any]]] = []
    async with reading(service) as read:
        waiting = list(people)
        while waiting:
            async with running(Publisher(service), Publisher(service)):
                for person, _ in waiting[: dice.randint(1, 5)]:
                    await lose(service, person)
                    waiting.pop(0)
                await asyncio.sleep(dice.uniform(0, 0.7))
            seen += await read(0.05)
            await service.database["leases"].delete_many({})  # the next one need not wait for a dead one's lease

        async def all_sent() -> bool:
            return await entries.reached(SENT) == len(people)

        async with running(Publisher(service), Publisher(service)):
            await until(all_sent)
        while more := await read(0.3):
            seen += more
    listed = await entries.after(0)
    assert [one.sequence for one in listed] == list(range(1, len(people) + 1))
    assert [one.serial for one in listed] == [serial for _, serial in people]
    assert dict(seen) == {one.sequence: json.loads(one.line()) for one in listed}, "a copy says the same"
    firsts = list(dict.fromkeys(number for number, _ in seen))
    assert firsts == sorted(firsts), "whatever comes twice, the first time comes in order"


async def test_killed_at_any_step_it_numbers_each_opposition_once_and_sends_all_of_them(service: Service) -> None:
    entries = OppositionList(service.database)
    people = [await issue(service, number) for number in range(2 * DEATHS + 2)]
    rounds: list[dict[str, Any]] = [{"point": "day", "lose": [people[0][0]]}]
    rounds += [
        {"seed": seed, "lose": [one for one, _ in people[2 * seed + 1 : 2 * seed + 3]]} for seed in range(DEATHS)
    ]
    rounds += [{"lose": [people[-1][0]]}]
    async with reading(service) as read:
        said = await run_rounds("opposition_run", service.settings, rounds)
        seen: list[tuple[int, dict[str, Any]]] = []
        while more := await read(0.5):
            seen += more
    assert deaths(said) == [True] * (DEATHS + 1) + [False]
    listed = await entries.after(0)
    assert [(one.sequence, one.serial) for one in listed] == list(enumerate((serial for _, serial in people), 1))
    assert dict(seen) == {one.sequence: json.loads(one.line()) for one in listed}, "none is lost, a copy says the same"
    firsts = list(dict.fromkeys(number for number, _ in seen))
    assert firsts == sorted(firsts)
    [kept] = await entries.snapshots(service.clock.now().astimezone(PARIS).date())
    digest = hashlib.sha256(b"".join([line async for line in entries.content(kept.sequence)]))
    assert digest.hexdigest() == kept.sha256


async def test_a_publisher_that_was_overtaken_gives_no_number(service: Service) -> None:
    person, _ = await issue(service, 1)
    await lose(service, person)
    first, second = Publisher(service), Publisher(service)
    outcomes = await asyncio.gather(first.number(), second.number(), return_exceptions=True)
    for _ in range(3):
        with suppress(Exception):
            await second.number()
    assert len(await OppositionList(service.database).after(0)) == 1, outcomes


async def test_the_newest_row_is_found_however_far_the_list_is_ahead_of_what_was_sent(service: Service) -> None:
    entries = OppositionList(service.database)
    assert await entries.last() is None
    rows = [{"_id": number, "serial": f"{number:011d}", "at": AT, "position": number, "index": 0} for number in
            range(1, 2 * PAGE + 2)]  # fmt: skip
    await service.database["opposition_list"].insert_many(rows)
    for sent in (0, 7, PAGE, 2 * PAGE + 1):
        await entries.reach(SENT, sent)
        found = await entries.last()
        assert found is not None
        assert found["_id"] == 2 * PAGE + 1


async def test_a_list_that_lost_what_was_sent_halts_instead_of_counting_anew(service: Service) -> None:
    await OppositionList(service.database).reach(SENT, 3)
    with pytest.raises(Corrupted):
        await asyncio.wait_for(Publisher(service).run(), 10)


async def test_a_log_that_is_not_the_one_that_was_published_from_halts(service: Service) -> None:
    person, _ = await issue(service, 1)
    await lose(service, person)
    publisher = Publisher(service)
    while await publisher.number():
        pass
    await service.database["opposition_list"].update_one({"_id": 1}, {"$set": {"commit": b"another log"}})
    with pytest.raises(Corrupted):
        await asyncio.wait_for(publisher.run(), 10)
