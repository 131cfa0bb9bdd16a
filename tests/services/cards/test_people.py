"""Who may see whose cards, what an agent may do, and what becomes of the register's news."""

import datetime as dt
import uuid
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from httpx import ASGITransport, AsyncClient

from services.cards.api.problems import CATALOGUE
from services.cards.main import routes
from services.cards.read_models.my_vitale import my_vitale
from services.cards.read_models.rights_end import ceam_rights_end, vitale_rights_end
from shared.kernel import ERASED
from shared.messaging import Delivered
from shared.service import Service
from tests.services.cards.conftest import Feeding
from tests.services.cards.sample import AT, PERSON, made
from tests.services.cards.test_inbound import CARD, lost
from tests.services.in_memory import InMemoryService

PARENT = made("parent")
REGISTERED: dict[str, Any] = {
    "as_of": AT.isoformat(),
    "surname": "Martin",
    "given_names": "Léa Marie",
    "birth_date": "2012-03-10",
    "nir": None,
    "insured_person_id": PARENT,
    "address": {"lines": ["12 rue du Four"], "postcode": "83000", "city": "TOULON", "country": "FR"},
    "rights_to": "2026-12-31",
}


def told(kind: str, version: int = 1, stream: str = f"person:{PERSON}", **data: Any) -> Delivered:
    return Delivered(
        source="identity",
        stored={"id": made(f"{kind} {version}"), "type": kind, "sv": 1, "data": {"person_id": PERSON, **data}},
        stream=stream,
        version=version,
        position=version,
        index=0,
        recorded_at=AT,
        commit_hash="00",
        attributes={"pk": PERSON, "actor": "register", "actor_kind": "feed", "correlation_id": made("c")},
    )


@pytest.fixture
async def client(service: InMemoryService) -> AsyncIterator[AsyncClient]:
    app = service.app(routes(cast("Service", service)), CATALOGUE)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://cards") as found:
        yield found


async def hear(service: InMemoryService, *news: Delivered) -> None:
    for one in news:
        await service.react(one, service.vault)


async def test_a_parent_sees_a_child_for_as_long_as_identity_says_so(
    service: InMemoryService, client: AsyncClient, feed: Feeding
) -> None:
    await feed("vitale-issued", CARD)
    parent = service.token(PARENT)
    assert (await client.get(f"/persons/{PERSON}/vitale", headers=parent)).status_code == 404
    view = {"viewer_id": PARENT, "reason": "parent"}
    await hear(service, told("PersonRegistered", **REGISTERED), told("ViewGranted", 2, **view))
    assert (await client.get(f"/persons/{PERSON}/vitale", headers=parent)).status_code == 200
    [_, child] = (await client.get(f"/members/{PARENT}/people", headers=parent)).json()["people"]
    assert child == {"person_id": PERSON, "given_names": "Léa Marie", "age": 14}
    await hear(service, told("ViewEnded", 3, **view))
    for path in ("cards", "vitale", "vitale/tracking", "ceam", "address"):
        assert (await client.get(f"/persons/{PERSON}/{path}", headers=parent)).status_code == 404


async def test_all_cards_are_what_each_page_shows_of_them(
    service: InMemoryService, client: AsyncClient, feed: Feeding
) -> None:
    mine = service.token(PERSON)
    nothing = await client.get(f"/persons/{PERSON}/cards", headers=mine)
    assert nothing.json() == {"vitale": None, "tracking": None, "ceam": None}
    await feed("vitale-issued", CARD)
    found = (await client.get(f"/persons/{PERSON}/cards", headers=mine)).json()
    assert found["vitale"] == (await client.get(f"/persons/{PERSON}/vitale", headers=mine)).json()
    assert (found["tracking"], found["ceam"]) == (None, None)


async def test_who_acted_and_for_whom_stand_in_the_commit(
    service: InMemoryService, client: AsyncClient, feed: Feeding
) -> None:
    await feed("vitale-issued", CARD)
    view = {"viewer_id": PARENT, "reason": "parent"}
    await hear(service, told("PersonRegistered", **REGISTERED), told("ViewGranted", 2, **view))
    parent = service.token(PARENT)
    card = (await client.get(f"/persons/{PERSON}/vitale", headers=parent)).json()
    loss = {"reason": "lost", "card_id": card["card_id"], "happened_on": AT.date().isoformat(), "place": "Toulon"}
    headers = {**parent, "Idempotency-Key": str(uuid.uuid4())}
    path = f"/persons/{PERSON}/vitale/reports"
    assert (await client.post(path, json={**loss, "declared_on_honour": True}, headers=headers)).status_code == 200
    meta = service.store.commits[-1]["meta"]
    assert (meta["actor"], meta["member_id"], meta["person_id"], meta["acting_for"]) == (PARENT, PARENT, PERSON, PERSON)


async def test_a_stranger_is_told_of_nobody(service: InMemoryService, client: AsyncClient) -> None:
    answer = await client.get(f"/members/{PARENT}/people", headers=service.token(made("stranger")))
    assert answer.status_code == 404


@pytest.mark.parametrize(("marks", "status"), [((), 200), (("address",), 404)])
async def test_a_confidential_address_is_seen_by_the_person_alone(
    service: InMemoryService, client: AsyncClient, marks: tuple[str, ...], status: int
) -> None:
    await hear(
        service,
        told("PersonRegistered", **REGISTERED, confidential=marks),
        told("ViewGranted", 2, viewer_id=PARENT, reason="parent"),
    )
    path = f"/persons/{PERSON}/address"
    assert (await client.get(path, headers=service.token(PARENT))).status_code == status
    own = (await client.get(path, headers=service.token(PERSON))).json()
    assert own == {"lines": ["12 rue du Four", "83000 TOULON"]}


@pytest.mark.parametrize(
    ("national", "refused_in"), [(True, []), (False, ["CH"]), (None, ["CH"]), (ERASED, ["CH"])], ids=str
)
async def test_whom_some_countries_may_refuse_the_card(
    service: InMemoryService, client: AsyncClient, national: Any, refused_in: list[str]
) -> None:
    """Who is not known to be a national is warned, too."""
    path, own = f"/persons/{PERSON}/ceam/options", service.token(PERSON)
    before = (await client.get(path, headers=own)).json()
    assert (before["eu_national"], before["nationals_only"]) == (None, ["CH"])
    await hear(service, told("PersonRegistered", **REGISTERED, eu_national=national))
    options = (await client.get(path, headers=own)).json()
    assert options["nationals_only"] == refused_in
    assert options["eu_national"] == (None if national is ERASED else national)
    assert (await client.get(path, headers=service.token(PARENT))).status_code == 404


async def test_cards_go_to_the_member_s_own_address_once_identity_trusts_it(
    service: InMemoryService, client: AsyncClient
) -> None:
    there = {"lines": ["3 quai Nord"], "postcode": "29200", "city": "BREST", "country": "FR"}
    own = {"address": there, "since": "2026-11-20", "source": "member", "addressee": "Léa Martin"}
    later = {"as_of": (AT + dt.timedelta(days=1)).isoformat(), "rights_to": None}
    await hear(
        service,
        told("PersonRegistered", **REGISTERED),
        told("PostalAddressChanged", 2, **own),
        told("PostalAddressChanged", 3, **own | {"address": ERASED}),
        told("PersonUpdated", 4, **REGISTERED | later),
    )
    shown = (await client.get(f"/persons/{PERSON}/address", headers=service.token(PERSON))).json()
    assert shown == {"lines": ["3 quai Nord", "29200 BREST"]}
    assert "quai" not in str(service.store.commits)


async def test_nothing_of_the_register_stands_plain_in_the_log(service: InMemoryService) -> None:
    await hear(service, told("PersonRegistered", **REGISTERED | {"nir": "1850183137042"}))
    stored = str(service.store.commits)
    for value in ("1850183137042", "Martin", "Léa", "rue du Four", "2012-03-10", PARENT):
        assert value not in stored


async def test_what_is_left_of_an_erased_person_teaches_nothing(service: InMemoryService) -> None:
    await hear(service, told("PersonUpdated", **REGISTERED | {"surname": ERASED}))
    assert service.types() == []


async def test_the_end_of_the_rights_is_in_the_book_and_moves_with_them(service: InMemoryService) -> None:
    await hear(service, told("PersonRegistered", **REGISTERED))
    for model in (vitale_rights_end, ceam_rights_end):
        [due] = (await service.queries.all(model)).values()
        assert due.due_at == dt.datetime(2026, 12, 31, 23, tzinfo=dt.UTC), "midnight in Paris"
    later = {"as_of": (AT + dt.timedelta(days=1)).isoformat(), "rights_to": None}
    await hear(service, told("PersonUpdated", 2, **REGISTERED | later))
    assert await service.queries.all(vitale_rights_end) == {}


async def test_a_death_opposes_the_card(service: InMemoryService, feed: Feeding) -> None:
    await feed("vitale-issued", CARD)
    await hear(service, told("PersonDied", died_on="2026-11-20"))
    assert (await service.queries.all(my_vitale))[PERSON].reason == "rights_ended"


def agent(service: InMemoryService, kind: str = "agent") -> dict[str, str]:
    """A header of somebody at the desk."""
    return {**service.token(edge="console", kind=kind), "Idempotency-Key": str(uuid.uuid4())}


async def test_a_doubt_about_the_residence_is_given_and_withdrawn(
    service: InMemoryService, client: AsyncClient, feed: Feeding
) -> None:
    await feed("vitale-issued", CARD)
    path = f"/internal/agents/persons/{PERSON}/residence-notices"
    assert (await client.post(path, headers=agent(service))).status_code == 200
    card = (await service.queries.all(my_vitale))[PERSON]
    assert card.residence_until == AT + dt.timedelta(days=45)
    notice = (await service.events())[-1].notice_id
    assert (await client.post(f"{path}/{notice}/withdrawal", headers=agent(service))).status_code == 200
    assert (await service.queries.all(my_vitale))[PERSON].residence_until is None


async def test_terminals_tell_of_uses_and_updates(service: InMemoryService, feed: Feeding) -> None:
    await feed("vitale-issued", CARD)
    at = (AT + dt.timedelta(hours=1)).isoformat()
    assert (await feed("vitale-updates", {"kind": "update", "serial": CARD["serial"], "at": at})).set_aside == 0
    assert (await service.queries.all(my_vitale))[PERSON].updated_at is not None
    await lost(service)
    later = (AT + dt.timedelta(days=9)).isoformat()
    report = await feed("vitale-uses", {"kind": "use", "serial": CARD["serial"], "at": later})
    assert report.set_aside == 0
    assert "VitaleUsedAfterOpposition" in service.types()
    unknown = await feed("vitale-uses", {"kind": "use", "serial": "99999999999", "at": at})
    assert [one.reason for one in unknown.listed] == ["vitale-unknown"]
