"""The desk: a person is found by number and birth date alone; what an agent does, and what he is refused."""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient, Response

from services.identity.access.desk import Desk
from services.identity.access.links import PROVISIONAL
from services.identity.domain import account_events as a
from services.identity.domain import bank_events as b
from services.identity.domain import provisional as p
from services.identity.domain.ids import DeviceId
from shared.testing.clock import HandClock
from tests.services.identity.api.test_enrolment import of_type
from tests.services.identity.api.test_sign_in import DEVICE, sign_in
from tests.services.identity.bank_examples import requested
from tests.services.identity.conftest import Feeding, Site, open_account
from tests.services.identity.examples import CLAIRE, LINE, MEMBER, NIR, NOW, PAUL
from tests.services.in_memory import InMemoryService

Ask = Callable[..., Awaitable[Response]]
SEEN = {"document": "passport"}
ANSWERS = {"surname": "Lefevre d'arc", "postcode": "83000", "iban_last7": "3m02 606"}
APPROVED = {**SEEN, "approved_by": "agent-2"}


@pytest.fixture
def ask(service: InMemoryService, client: AsyncClient) -> Ask:
    """As an agent, unless a test says otherwise."""

    async def sent(
        path: str, body: dict[str, Any] | None = None, *, method: str = "POST", kind: str = "agent"
    ) -> Response:
        headers = {**service.token(edge="console", kind=kind), "Idempotency-Key": str(uuid.uuid4())}
        more = {} if body is None else {"json": body}
        return await client.request(method, f"/internal/desk/{path}", headers=headers, **more)

    return sent


@pytest.fixture
async def in_register(feed: Feeding) -> str:
    await feed(LINE)
    return CLAIRE


async def printed(service: InMemoryService, desk: Desk) -> str:
    """What the desk's printer prints."""
    [event] = await of_type(service, p.ProvisionalCodeHandedOver)
    return desk.links.letter_code(PROVISIONAL, event.code_id, event.expires_at)


@pytest.mark.usefixtures("in_register")
class TestFirstCode:
    async def test_it_is_printed_and_never_shown(
        self, ask: Ask, site: Site, service: InMemoryService, desk: Desk
    ) -> None:
        answer = await ask(f"{CLAIRE}/provisional-code", SEEN)
        assert answer.status_code == 200
        assert answer.json().keys() == {"stream", "version"}
        [event] = await of_type(service, p.ProvisionalCodeHandedOver)
        assert (event.document, event.account_exists, event.approved_by) == ("passport", False, None)
        assert (await sign_in(site, code=await printed(service, desk))).status_code == 202

    async def test_where_an_account_stands_a_second_agent_agrees(self, ask: Ask, service: InMemoryService) -> None:
        await open_account(service)
        for alone in (SEEN, {**SEEN, "approved_by": "visitor"}):  # the agent of these tests
            refused = await ask(f"{CLAIRE}/provisional-code", alone)
            assert (refused.status_code, refused.json()["code"]) == (403, "second-agent-required")
        assert await of_type(service, p.ProvisionalCodeHandedOver) == []
        assert (await ask(f"{CLAIRE}/provisional-code", APPROVED)).status_code == 200
        [event] = await of_type(service, p.ProvisionalCodeHandedOver)
        assert (event.account_exists, event.approved_by) == (True, "agent-2")

    async def test_a_child_and_a_stranger_get_none(self, ask: Ask, feed: Feeding, service: InMemoryService) -> None:
        await feed({**LINE, "person_id": PAUL, "nir": None, "birth_date": "2015-01-17", "insured_person_id": CLAIRE})
        child = await ask(f"{PAUL}/provisional-code", SEEN)
        assert (child.status_code, child.json()["code"]) == (422, "account-not-allowed")
        nobody = await ask(f"{uuid.uuid4()}/provisional-code", SEEN)
        assert (nobody.status_code, nobody.json()["code"]) == (409, "person-unknown")
        assert (await ask(f"{CLAIRE}/provisional-code", {"document": "a letter"})).status_code == 422
        assert await of_type(service, p.ProvisionalCodeHandedOver) == []

    async def test_nobody_else_does_it(self, ask: Ask, service: InMemoryService, client: AsyncClient) -> None:
        path = f"{CLAIRE}/provisional-code"
        for kind in ("supervisor", "auditor", "feed"):
            assert (await ask(path, SEEN, kind=kind)).status_code == 403
        member = {**service.token(CLAIRE), "Idempotency-Key": str(uuid.uuid4())}
        assert (await client.post(f"/internal/desk/{path}", json=SEEN, headers=member)).status_code == 403


class TestBankChanges:
    async def test_they_are_opened_again(self, ask: Ask, in_register: str, service: InMemoryService) -> None:
        cancelled = b.BankDetailsChangeCancelled(
            at=NOW, person_id=CLAIRE, request_id=requested().request_id, by=b.CancelledBy.LINK, blocks=True
        )
        await service.happened(f"bank:{CLAIRE}", requested(), cancelled)
        assert (await ask(CLAIRE, method="GET")).json()["bank_changes_blocked"] is True
        for _ in range(2):
            assert (await ask(f"{in_register}/bank-changes/unblock")).status_code == 200
        assert [one.by for one in await of_type(service, b.BankChangesUnblocked)] == [b.UnblockedBy.DESK]
        assert (await ask(CLAIRE, method="GET")).json()["bank_changes_blocked"] is False


class TestRegisterConflicts:
    async def test_a_number_that_is_another_persons_waits_for_an_agent(
        self, feed: Feeding, service: InMemoryService, client: AsyncClient
    ) -> None:
        await feed(LINE, {**LINE, "person_id": PAUL})
        headers = {**service.token(edge="console", kind="agent"), "Idempotency-Key": str(uuid.uuid4())}
        [item] = (await client.get("/internal/work", headers=headers)).json()["items"]
        assert (item["kind"], item["id"], item["person_id"]) == ("feed-line", "register-1-2", None)
        assert item["summary"] == {"feed": "register", "sequence": "1", "line": "2", "reason": "nir-taken"}
        path, form = "/internal/work/feed-line/register-1-2/decision", {"decision": "corrected", "reason": "Vu"}
        short = await client.post(path, json=form, headers=headers)
        assert short.status_code == 422
        form["reason"] = "Une ligne juste arrivera demain"
        assert (await client.post(path, json=form, headers=headers)).status_code == 200
        assert (await client.get("/internal/work", headers=headers)).json()["items"] == []
        assert service.store.commits[-1]["meta"]["actor_kind"] == "agent"


@pytest.mark.usefixtures("in_register")
class TestFile:
    async def test_a_person_is_found_by_both_facts(self, ask: Ask) -> None:
        found = await ask("look-ups", {"nir": NIR, "birth_date": "1985-01-17"}, kind="supervisor")
        assert found.json() == {"person_id": CLAIRE, "household_id": None, "relatives": []}

    @pytest.mark.parametrize(
        "wrong", [{"birth_date": "1985-01-18"}, {"nir": "1850183137042"}], ids=["birth date", "number"]
    )
    async def test_one_wrong_fact_finds_nobody(self, ask: Ask, wrong: dict[str, str]) -> None:
        answer = await ask("look-ups", {"nir": NIR, "birth_date": "1985-01-17", **wrong})
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")

    async def test_a_slip_in_the_number_is_said(self, ask: Ask) -> None:
        answer = await ask("look-ups", {"nir": "285018313704229", "birth_date": "1985-01-17"})
        assert (answer.status_code, answer.json()["code"]) == (422, "nir-key")

    async def test_relatives_are_named_so_that_an_agent_is_kept_from_them(self, ask: Ask, feed: Feeding) -> None:
        child = {"nir": "1150183137042", "birth_date": "2015-01-17", "insured_person_id": CLAIRE, "parents": [CLAIRE]}
        await feed({**LINE, "person_id": PAUL, **child})
        found = await ask("look-ups", {"nir": child["nir"], "birth_date": "2015-01-17"})
        assert (found.json()["person_id"], found.json()["relatives"]) == (PAUL, [CLAIRE])

    async def test_how_the_account_stands(
        self, ask: Ask, service: InMemoryService, clock: HandClock, desk: Desk
    ) -> None:
        stands = (await ask(CLAIRE, method="GET")).json()
        assert stands == {
            "person_id": CLAIRE,
            "account": "none",
            "email_bounced": False,
            "code": None,
            "code_until": None,
            "bank": "FR •• 06",
            "bank_change_due_at": None,
            "bank_change_in_doubt": False,
            "bank_changes_blocked": False,
        }
        await open_account(service, validated=False)
        assert (await ask(CLAIRE, method="GET")).json()["account"] == "email-pending"
        whose = {"member_id": CLAIRE, "person_id": CLAIRE}
        await service.happened(f"account:{CLAIRE}", a.AccountLocked(at=NOW, **whose, reason=a.LockReason.DESK))
        await ask(f"{CLAIRE}/provisional-code", APPROVED)
        stands = (await ask(CLAIRE, method="GET")).json()
        assert (stands["account"], stands["code"]) == ("locked", "handed-over")
        clock.move(31 * 86_400)
        assert (await ask(CLAIRE, method="GET")).json()["code"] == "expired"
        await desk.stores.devices.remember(MEMBER, DeviceId(DEVICE), clock.now() + dt.timedelta(days=400))
        await ask(f"{CLAIRE}/closure")
        assert (await ask(CLAIRE, method="GET")).json()["account"] == "closed"
        assert not await desk.stores.devices.known(MEMBER, DeviceId(DEVICE), clock.now())

    async def test_a_held_change_shows_until_when(self, ask: Ask, service: InMemoryService) -> None:
        await service.happened(f"bank:{CLAIRE}", requested())
        stands = (await ask(CLAIRE, method="GET")).json()
        assert dt.datetime.fromisoformat(stands["bank_change_due_at"]) == requested().due_at

    async def test_the_file_shows_of_the_number_sex_and_year_only(self, ask: Ask) -> None:
        answer = await ask(f"{CLAIRE}/profile", method="GET")
        assert answer.json()["nir_masked"] == "2 85 ** ** *** *** **"
        assert NIR[:13] not in answer.text

    async def test_nobody_is_shown_of_whom_the_register_knows_nothing(self, ask: Ask) -> None:
        stranger = uuid.uuid4()
        for path in (f"{stranger}", f"{stranger}/profile"):
            assert (await ask(path, method="GET")).status_code == 404

    async def test_auditors_look_somebody_up_as_the_desk_does(self, ask: Ask) -> None:
        found = await ask("look-ups", {"nir": NIR, "birth_date": "1985-01-17"}, kind="auditor")
        assert found.json()["person_id"] == CLAIRE
        for path in (CLAIRE, f"{CLAIRE}/profile"):
            assert (await ask(path, method="GET", kind="auditor")).status_code == 403

    async def test_members_and_operations_look_nobody_up(
        self, ask: Ask, service: InMemoryService, client: AsyncClient
    ) -> None:
        body = {"nir": NIR, "birth_date": "1985-01-17"}
        assert (await ask("look-ups", body, kind="operations")).status_code == 403
        headers = service.token(CLAIRE)
        assert (await client.post("/internal/desk/look-ups", json=body, headers=headers)).status_code == 403
        assert (await client.get(f"/internal/desk/{CLAIRE}", headers=headers)).status_code == 403


@pytest.mark.usefixtures("in_register")
class TestCaller:
    async def test_who_knows_all_of_it_is_believed(self, ask: Ask) -> None:
        assert (await ask(f"{CLAIRE}/caller-checks", ANSWERS)).json() == {"right": True}

    @pytest.mark.parametrize("wrong", [{"surname": "Autre"}, {"postcode": "75001"}, {"iban_last7": "0000000"}])
    async def test_one_wrong_answer_is_like_all_wrong(self, ask: Ask, wrong: dict[str, str]) -> None:
        assert (await ask(f"{CLAIRE}/caller-checks", {**ANSWERS, **wrong})).json() == {"right": False}
        assert (await ask(f"{PAUL}/caller-checks", {**ANSWERS, **wrong})).json() == {"right": False}

    async def test_relatives_are_told_to_the_desk_alone(self, ask: Ask) -> None:
        found = await ask(f"{CLAIRE}/relatives", method="GET")
        assert found.json()["person_id"] == CLAIRE
        assert (await ask(f"{PAUL}/relatives", method="GET")).status_code == 404
        assert (await ask(f"{CLAIRE}/relatives", method="GET", kind="operations")).status_code == 403
