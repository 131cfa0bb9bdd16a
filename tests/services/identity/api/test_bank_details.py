"""« Mes coordonnées bancaires » over HTTP."""

import datetime as dt
import uuid
from typing import Any

import pytest
from httpx import AsyncClient

from services.identity.access.bank_changes import CANCEL
from services.identity.access.desk import Desk
from services.identity.domain import bank_commands as c
from services.identity.domain import bank_events as e
from services.identity.domain.account_events import EmailChanged
from services.identity.domain.ids import LinkId
from services.identity.read_models.bank_holds import bank_holds
from shared.envelope import Metadata
from shared.testing.clock import HandClock
from tests.services.identity.conftest import Feeding, Site, open_account
from tests.services.identity.examples import CLAIRE, EMAIL, LINE, MEMBER, NOW, VALIDATED, WHOSE
from tests.services.in_memory import InMemoryService

NEW = "FR7630006000011234567890189"
DOUBTFUL = "FR7699997000010000000000196"
SOMEBODY_ELSES = "FR7699998000010000000000107"


@pytest.fixture(autouse=True)
async def _account(service: InMemoryService, feed: Feeding) -> None:
    await feed(LINE)
    await open_account(service)


async def ask(site: Site, iban: str = NEW) -> Any:
    answer = await site.post("/bank-details/changes", {"iban": iban}, member=MEMBER, stepped_up=True)
    return answer.json()


async def details(site: Site) -> Any:
    return (await site.get("/bank-details", MEMBER)).json()


async def fire(service: InMemoryService, clock: HandClock) -> None:
    """What the scheduler does."""
    for deadline in (await service.queries.all(bank_holds)).values():
        if deadline.due_at <= clock.now():
            command = c.CompleteBankDetailsChange.model_validate({**deadline.data, "at": clock.now()})
            meta = Metadata(pk=CLAIRE, actor="d", actor_kind="process", correlation_id=deadline.cmd)
            await service.handle(deadline.stream, command, cmd=deadline.cmd, meta=meta)


async def test_what_is_on_file_is_masked(site: Site) -> None:
    found = await details(site)
    assert found["masked"] == "FR14 •••• •••• •••• •••• ••02 606"
    assert (found["since"], found["source"], found["blocked"], found["closed_until"]) == (
        "2020-01-01",
        "register",
        False,
        None,
    )
    assert "3M02606" not in str(found).replace(" ", "")


async def test_an_account_is_looked_at_before_anything_is_asked(site: Site) -> None:
    answer = await site.post("/bank-details/checks", {"iban": "fr76 3000 6000 0112 3456 7890 189"}, member=MEMBER)
    assert answer.json() == {"masked": "FR76 •••• •••• •••• •••• ••90 189", "bank": "CREDIT AGRICOLE SA"}
    wrong = await site.post("/bank-details/checks", {"iban": "FR0630006000011234567890188"}, member=MEMBER)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "iban-rib-key")


async def test_a_session_alone_changes_nothing(site: Site, service: InMemoryService) -> None:
    answer = await site.post("/bank-details/changes", {"iban": NEW}, member=MEMBER)
    assert (answer.status_code, answer.json()["code"]) == (401, "step-up-required")
    assert "BankDetailsChangeRequested" not in service.types()


async def test_the_home_says_that_a_change_waits(site: Site) -> None:
    before = (await site.get("/home", MEMBER)).json()
    assert (before["email"], before["email_validated"], before["bank_change_due_at"]) == (EMAIL, True, None)
    await ask(site)
    assert (await site.get("/home", MEMBER)).json()["bank_change_due_at"] == (await details(site))["due_at"]


async def test_three_days_later_it_is_done(site: Site, service: InMemoryService, clock: HandClock) -> None:
    await ask(site)
    held = await details(site)
    assert held["masked"].startswith("FR14")
    assert held["new_masked"].startswith("FR76")
    assert held["due_at"] == "2026-11-27T09:00:00Z"
    clock.time = NOW + dt.timedelta(hours=72)
    await fire(service, clock)
    done = await details(site)
    assert (done["masked"][:4], done["request_id"], done["source"]) == ("FR76", None, "member")


@pytest.mark.parametrize(("iban", "code"), [("FR76", "iban-format"), (SOMEBODY_ELSES, "iban-holder-mismatch")])
async def test_what_is_refused(site: Site, iban: str, code: str) -> None:
    assert (await ask(site, iban))["code"] == code


async def test_the_member_changes_his_mind(site: Site) -> None:
    await ask(site)
    request_id = (await details(site))["request_id"]
    path = f"/bank-details/changes/{request_id}/cancellation"
    assert (await site.post(path, {}, member=MEMBER)).status_code == 200
    found = await details(site)
    assert (found["request_id"], found["blocked"]) == (None, False)
    other = f"/bank-details/changes/{uuid.uuid4()}/cancellation"
    assert (await site.post(other, {}, member=MEMBER)).status_code == 404


async def test_the_link_works_without_signing_in_and_blocks(site: Site, desk: Desk, service: InMemoryService) -> None:
    await ask(site)
    held = await details(site)
    due_at = dt.datetime.fromisoformat(held["due_at"])
    token = desk.links.token(CANCEL, LinkId(held["request_id"]), due_at)
    for wrong, code in ((f"{token}x", "link-invalid"), ("x", "link-invalid")):
        answer = await site.post("/bank-details/cancellations", {"token": wrong})
        assert answer.json()["code"] == code
    for _ in range(2):
        assert (await site.post("/bank-details/cancellations", {"token": token})).status_code == 200
    assert (await details(site))["blocked"] is True
    assert (await ask(site))["code"] == "bank-changes-blocked"
    assert service.types().count("BankDetailsChangeCancelled") == 1


async def test_a_link_is_worth_nothing_once_the_hold_is_over(site: Site, desk: Desk, clock: HandClock) -> None:
    await ask(site)
    held = await details(site)
    due_at = dt.datetime.fromisoformat(held["due_at"])
    token = desk.links.token(CANCEL, LinkId(held["request_id"]), due_at)
    unknown = desk.links.token(CANCEL, LinkId(str(uuid.uuid4())), due_at)
    assert (await site.post("/bank-details/cancellations", {"token": unknown})).json()["code"] == "link-invalid"
    clock.time = due_at
    assert (await site.post("/bank-details/cancellations", {"token": token})).json()["code"] == "link-expired"


async def test_a_doubt_waits_for_the_desk(service: InMemoryService, site: Site, client: AsyncClient) -> None:
    await ask(site, DOUBTFUL)
    agent = service.token(edge="console", kind="agent")
    [item] = (await client.get("/internal/work", headers=agent)).json()["items"]
    assert (item["kind"], item["person_id"], item["summary"]) == ("bank-holder-doubt", CLAIRE, {})
    body = {"decision": "refuse", "reason": "Le titulaire est un tiers"}
    path = f"/internal/work/{item['kind']}/{item['id']}/decision"
    headers = {**agent, "Idempotency-Key": str(uuid.uuid4())}
    assert (await client.post(path, json=body, headers=headers)).status_code == 200
    assert (await client.get("/internal/work", headers=agent)).json()["items"] == []
    assert (await details(site))["request_id"] is None
    [stopped] = [one for one in await service.events() if isinstance(one, e.BankDetailsChangeStopped)]
    assert stopped.by is e.StoppedBy.DESK


async def test_a_doubt_that_is_cleared_leaves_the_request_standing(
    service: InMemoryService, site: Site, client: AsyncClient
) -> None:
    await ask(site, DOUBTFUL)
    headers = {**service.token(edge="console", kind="agent"), "Idempotency-Key": str(uuid.uuid4())}
    [item] = (await client.get("/internal/work", headers=headers)).json()["items"]
    path = f"/internal/work/{item['kind']}/{item['id']}/decision"
    answer = await client.post(path, json={"decision": "confirm", "reason": "RIB présenté"}, headers=headers)
    assert answer.status_code == 200
    assert (await details(site))["request_id"] == item["id"]


async def test_a_change_of_address_closes_the_way_for_three_days(
    service: InMemoryService, site: Site, clock: HandClock
) -> None:
    later = VALIDATED.at + dt.timedelta(minutes=5)
    changed = EmailChanged(at=later, **WHOSE, email="autre@exemple.fr", previous=EMAIL)
    await service.happened(f"account:{CLAIRE}", changed)
    found = await details(site)
    assert found["closed_until"] == "2026-11-27T09:10:00Z"
    assert (await ask(site))["code"] == "bank-change-too-soon"
    clock.time = later + dt.timedelta(hours=72)
    assert (await details(site))["closed_until"] is None
    await ask(site)
    [event] = [one for one in await service.events() if isinstance(one, e.BankDetailsChangeRequested)]
    assert event.previous_email == EMAIL
