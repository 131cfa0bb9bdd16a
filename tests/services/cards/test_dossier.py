"""What an auditor asks of cards: a person's dossier, numbers, what strays or stands still, a sample; nobody else does."""

import datetime as dt
import hashlib
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from httpx import ASGITransport, AsyncClient

from services.cards.api.problems import CATALOGUE
from services.cards.domain.words import Reason
from shared.admin import dossier_router
from shared.service import Service
from shared.testing.clock import HandClock
from tests.services.cards import ceam_sample
from tests.services.cards.sample import (
    AT,
    DECLARATION,
    DELIVERED,
    DOCUMENT,
    ISSUED,
    LATER,
    LOST,
    OLD,
    OLD_SERIAL,
    ORDER,
    ORDERED,
    PERSON,
    PHOTO,
    RECEIVED,
    SENT,
    made,
    opposed,
)
from tests.services.in_memory import InMemoryService

STREAM = f"vitale:{PERSON}"
BASE = "/internal/audit"


@pytest.fixture
async def auditor(service: InMemoryService) -> AsyncIterator[AsyncClient]:
    app = service.app([dossier_router(cast("Service", service))], CATALOGUE)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://cards") as found:
        found.headers.update(service.token("eve", edge="console", kind="auditor"))
        yield found


async def post(client: AsyncClient, path: str, **body: Any) -> Any:
    answer = await client.post(f"{BASE}/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def lived(service: InMemoryService, *events: Any, **meta: str) -> None:
    """It happened to the person, and the commit says so."""
    await service.happened(STREAM, *events)
    service.store.commits[-1]["meta"] |= {"person_id": PERSON, **meta}


@pytest.mark.parametrize("kind", ["agent", "operations", "supervisor", "feed"])
@pytest.mark.parametrize("path", [f"persons/{PERSON}/dossier", "findings"])
async def test_nobody_but_an_auditor_asks(service: InMemoryService, auditor: AsyncClient, kind: str, path: str) -> None:
    headers = service.token("eve", edge="console", kind=kind)
    refused = await auditor.get(f"{BASE}/{path}", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "issuer-refused")
    assert (await auditor.get(f"{BASE}/{path}", headers=service.token(PERSON))).status_code == 403


class TestDossier:
    async def test_each_event_with_its_step_codes_and_evidence(
        self, service: InMemoryService, auditor: AsyncClient
    ) -> None:
        await service.happened(f"vitale:{made('other')}", ISSUED)
        await lived(service, ISSUED, LOST, opposed(Reason.LOST), ORDERED, RECEIVED)
        found = (await auditor.get(f"{BASE}/persons/{PERSON}/dossier")).json()
        issued, _, end, ordered, received = found["transitions"]
        assert issued["occurred_at"] == "2020-05-04"
        assert [one["version"] for one in found["transitions"]] == [1, 2, 3, 4, 5]
        assert (end["codes"], end["evidence"]) == ({"reason": "lost"}, {})
        [move] = end["moves"]
        assert (move["before"], move["after"], move["allowed"], move["seconds"]) == ("active", "opposed", True, 0)
        assert ordered["moves"][0]["lifecycle"] == "vitale order"
        assert received["evidence"] == {"photo": PHOTO, "identity_document": DOCUMENT}
        states = {one["lifecycle"]: one["state"] for one in found["standings"]}
        assert states == {"vitale card": "opposed", "vitale order": "documents_received"}

    async def test_no_value_of_an_event_is_in_it(self, service: InMemoryService, auditor: AsyncClient) -> None:
        await lived(service, ISSUED, LOST)
        text = (await auditor.get(f"{BASE}/persons/{PERSON}/dossier")).text
        assert "VitaleReportedLost" in text
        for value in (OLD_SERIAL, LOST.place, ISSUED.serial_proof):
            assert str(value) not in text

    async def test_a_step_that_is_not_declared_is_marked(self, service: InMemoryService, auditor: AsyncClient) -> None:
        await lived(service, ISSUED, LOST, opposed(Reason.LOST), ORDERED, DELIVERED)
        found = (await auditor.get(f"{BASE}/persons/{PERSON}/dossier")).json()
        assert [move["allowed"] for one in found["transitions"] for move in one["moves"]] == [True, True, True, False]

    async def test_of_anothers_streams_only_what_concerns_the_person(
        self, service: InMemoryService, auditor: AsyncClient
    ) -> None:
        parent = made("parent")
        await lived(service, ISSUED, LOST, member_id=parent)
        found = (await auditor.get(f"{BASE}/persons/{parent}/dossier")).json()
        assert (found["transitions"], found["standings"]) == ([], [])


class TestNumbers:
    @pytest.mark.parametrize("number", ["123 456 789 01", DECLARATION, DECLARATION.upper(), ORDER, ceam_sample.NUMBER])
    async def test_a_number_leads_to_its_person(
        self, service: InMemoryService, auditor: AsyncClient, number: str
    ) -> None:
        await service.happened(STREAM, ISSUED, LOST, opposed(Reason.LOST), ORDERED)
        await service.happened(f"ceam:{PERSON}", ceam_sample.ORDERED, ceam_sample.PRODUCED, ceam_sample.SENT)
        found = await post(auditor, "look-ups", number=number)
        assert found["persons"] == [PERSON]
        assert found["progress"] == {"position": 2, "head": 2}

    @pytest.mark.parametrize("number", ["99999999", made("no such declaration"), "80250999999999999999"])
    async def test_an_unknown_number_leads_nowhere(
        self, service: InMemoryService, auditor: AsyncClient, number: str
    ) -> None:
        await service.happened(STREAM, ISSUED)
        refused = await auditor.post(f"{BASE}/look-ups", json={"number": number})
        assert (refused.status_code, refused.json()["code"]) == (404, "not-found")

    async def test_a_forgotten_person_is_found_by_no_number_any_more(
        self, service: InMemoryService, auditor: AsyncClient
    ) -> None:
        await service.happened(STREAM, ISSUED)
        assert (await post(auditor, "look-ups", number=OLD_SERIAL))["persons"] == [PERSON]
        await service.vault.destroy(PERSON, "cards", LATER)
        assert (await auditor.post(f"{BASE}/look-ups", json={"number": OLD_SERIAL})).status_code == 404


class TestFindings:
    async def test_what_strays_and_what_stands_still(
        self, service: InMemoryService, auditor: AsyncClient, clock: HandClock
    ) -> None:
        await service.happened(STREAM, ISSUED, LOST, opposed(Reason.LOST), ORDERED, DELIVERED)
        other = ORDERED.model_copy(update={"order_id": made("waits"), "person_id": made("other")})
        await service.happened(f"vitale:{made('other')}", other)
        found = (await auditor.get(f"{BASE}/findings")).json()
        assert (found["streams"], found["deviating"], found["standing_still"]) == (2, 1, 0)
        assert (found["deviations"][0]["subject"], found["deviations"][0]["after"]) == (ORDER, "delivered")
        clock.move(dt.timedelta(days=16).total_seconds())
        auditor.headers.update(service.token("eve", edge="console", kind="auditor"))
        found = (await auditor.get(f"{BASE}/findings")).json()
        assert [(one["subject"], one["state"], one["late"]) for one in found["stuck"]] == [
            (made("waits"), "ordered", 86_400)
        ]
        assert found["states"]["vitale card"]["opposed"]["standing"] == 1

    async def test_it_goes_on_where_it_stood(self, service: InMemoryService, auditor: AsyncClient) -> None:
        await service.happened(STREAM, ISSUED)
        assert (await auditor.get(f"{BASE}/findings")).json()["moves"] == 1
        await service.happened(STREAM, LOST, opposed(Reason.LOST))
        found = (await auditor.get(f"{BASE}/findings")).json()
        assert (found["moves"], found["deviating"]) == (2, 0)

    async def test_which_lives_moved_on_a_day(self, service: InMemoryService, auditor: AsyncClient) -> None:
        late = opposed(Reason.LOST).model_copy(update={"at": LATER})
        await service.happened(STREAM, ISSUED, LOST, late)
        day = {"since": LATER.isoformat(), "until": (LATER + dt.timedelta(days=1)).isoformat()}
        found = await post(auditor, "lives", wanted=day)
        assert [(one["subject"], one["state"], one["steps"]) for one in found["lives"]] == [(OLD, "opposed", 2)]
        assert (await post(auditor, "lives", wanted={"until": AT.isoformat()}))["count"] == 0


class TestDraws:
    async def test_the_same_draw_of_the_same_moment(self, service: InMemoryService, auditor: AsyncClient) -> None:
        for number in range(12):
            event = ORDERED.model_copy(update={"order_id": made(f"order {number}")})
            await service.happened(f"vitale:{made(f'person {number}')}", event)
        wanted = {"lifecycle": "vitale order"}
        first = await post(auditor, "draws", seed="graine", size=4, wanted=wanted)
        assert (first["draw"]["population"], len(first["lives"])) == (12, 4)
        await service.happened(f"vitale:{made('late')}", ORDERED.model_copy(update={"order_id": made("late order")}))
        again = await post(auditor, "draws", seed="graine", size=4, wanted=wanted, until=first["progress"]["position"])
        assert again["draw"] == first["draw"]
        assert (await post(auditor, "draws", seed="graine", size=4, wanted=wanted))["draw"]["population"] == 13
        then = await post(auditor, "populations", wanted=wanted, until=first["progress"]["position"])
        listed = "".join(f"{one}\n" for one in then["ids"]).encode()
        assert hashlib.sha256(listed).hexdigest() == first["draw"]["population_hash"]

    async def test_a_sample_by_reason(self, service: InMemoryService, auditor: AsyncClient) -> None:
        await service.happened(STREAM, ISSUED, LOST, opposed(Reason.LOST))
        for code, count in (("lost", 1), ("stolen", 0)):
            drawn = await post(auditor, "draws", seed="a", size=5, wanted={"lifecycle": "vitale card", "code": code})
            assert drawn["draw"]["population"] == count

    @pytest.mark.parametrize("body", [{"seed": ""}, {"size": 0}, {"size": 100_000}, {"until": -1}])
    async def test_a_draw_that_makes_no_sense_is_refused(self, auditor: AsyncClient, body: dict[str, Any]) -> None:
        form = {"seed": "a", "size": 1, "wanted": {}, **body}
        assert (await auditor.post(f"{BASE}/draws", json=form)).status_code == 422


async def test_what_is_sent_and_not_delivered_is_still_on_its_way(
    service: InMemoryService, auditor: AsyncClient
) -> None:
    await service.happened(STREAM, ISSUED, LOST, opposed(Reason.LOST), ORDERED, RECEIVED, SENT)
    found = (await auditor.get(f"{BASE}/findings")).json()
    assert found["states"]["vitale card"]["active"]["standing"] == 1
    assert found["deviating"] == 1, "it was sent before anybody had validated it"
