"""The way in by paper: who gets a letter, what its code opens, and contesting an account that somebody else opened."""

import uuid
from typing import Any

import pytest
from httpx import Response

from services.identity.access.desk import Desk
from services.identity.access.links import CONTEST, PROVISIONAL
from services.identity.access.provisional_codes import read_code
from services.identity.domain import account_events as a
from services.identity.domain import events as e
from services.identity.domain import provisional as p
from shared.testing.clock import HandClock
from tests.services.identity.api.test_account import confirm, last_token
from tests.services.identity.api.test_enrolment import create, enrol, of_type
from tests.services.identity.api.test_keys import NEW_CODE, NEW_EMAIL
from tests.services.identity.api.test_sign_in import DEVICE, UNKNOWN, sign_in
from tests.services.identity.conftest import Feeding, Site
from tests.services.identity.examples import CLAIRE, CODE, EMAIL, LINE, NIR, PAUL, PROOFS
from tests.services.in_memory import InMemoryService

FACTS = {name: PROOFS[name] for name in ("surname", "nir", "birth_date", "postcode")}


@pytest.fixture
async def in_register(feed: Feeding) -> str:
    """Claire, without a card: nothing proves her but paper."""
    await feed(LINE)
    return CLAIRE


async def ask(site: Site, **changes: Any) -> Response:
    return await site.post("/provisional-codes", {**FACTS, **changes})


async def paper(service: InMemoryService, desk: Desk) -> str:
    """What stands on the newest letter."""
    sent = (await of_type(service, p.ProvisionalCodeRequested))[-1]
    code = desk.links.letter_code(PROVISIONAL, sent.code_id, sent.expires_at)
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


@pytest.mark.usefixtures("in_register")
class TestPaper:
    async def test_from_the_request_to_the_first_sign_in(
        self, site: Site, service: InMemoryService, desk: Desk
    ) -> None:
        answer = await ask(site)
        assert (answer.status_code, answer.json()) == (202, {})
        code = await paper(service, desk)
        led_on = await sign_in(site, code=code.lower())
        assert (led_on.status_code, led_on.json().keys()) == (202, {"enrolment_id"})
        enrolment_id = led_on.json()["enrolment_id"]
        assert (await create(site, enrolment_id)).status_code == 202
        assert len(await of_type(service, p.ProvisionalCodeUsed)) == 1
        await confirm(site, await last_token(service, desk))
        assert (await sign_in(site)).status_code == 202, "a new device"
        assert (await sign_in(site, code=code)).status_code == 401, "single use"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"surname": "MARTIN"},
            {"birth_date": "1985-01-18"},
            {"postcode": "83100"},
            {"nir": UNKNOWN},
        ],
        ids=lambda wrong: next(iter(wrong)),
    )
    async def test_a_wrong_fact_gets_the_same_answer_and_no_letter(
        self, site: Site, service: InMemoryService, wrong: dict[str, str]
    ) -> None:
        answer = await ask(site, **wrong)
        assert (answer.status_code, answer.json()) == (202, {})
        assert await of_type(service, p.ProvisionalCodeRequested) == []

    async def test_asking_again_sends_nothing_and_voids_nothing(
        self, site: Site, service: InMemoryService, desk: Desk, clock: HandClock
    ) -> None:
        await ask(site)
        code = await paper(service, desk)
        clock.move(7 * 86_400)
        assert (await ask(site)).status_code == 202
        assert len(await of_type(service, p.ProvisionalCodeRequested)) == 1
        assert (await sign_in(site, code=code)).status_code == 202

    async def test_a_fourth_letter_is_not_sent_and_not_told(
        self, site: Site, service: InMemoryService, clock: HandClock
    ) -> None:
        for _ in range(4):
            assert (await ask(site)).status_code == 202
            clock.move(31 * 86_400)
        assert len(await of_type(service, p.ProvisionalCodeRequested)) == 3

    async def test_five_wrong_codes_close_this_way(
        self, site: Site, service: InMemoryService, desk: Desk, clock: HandClock
    ) -> None:
        await ask(site)
        for _ in range(5):
            assert (await sign_in(site, code="AAAA-BBBB-CCCC")).status_code == 401
            clock.move(61)
        closed = await sign_in(site, code=await paper(service, desk))
        assert (closed.status_code, closed.json()["code"]) == (429, "tries-exhausted")

    async def test_a_code_expires(self, site: Site, service: InMemoryService, desk: Desk, clock: HandClock) -> None:
        await ask(site)
        clock.move(30 * 86_400)
        assert (await sign_in(site, code=await paper(service, desk))).status_code == 401

    async def test_two_wizards_from_one_code_make_one_account(
        self, site: Site, service: InMemoryService, desk: Desk
    ) -> None:
        await ask(site)
        code = await paper(service, desk)
        first, second = [(await sign_in(site, code=code)).json()["enrolment_id"] for _ in range(2)]
        await create(site, first)
        late = await create(site, second, email=NEW_EMAIL)
        assert (late.status_code, late.json()["code"]) == (410, "provisional-code-invalid")
        assert len(await of_type(service, e.AccountCreated)) == 1

    async def test_the_dead_get_no_letters(self, site: Site, service: InMemoryService, feed: Feeding) -> None:
        await feed({**LINE, "died_on": "2026-11-01"})
        await ask(site)
        assert await of_type(service, p.ProvisionalCodeRequested) == []

    async def test_a_minor_of_sixteen_gets_one_if_he_is_covered_in_his_own_name(
        self, site: Site, service: InMemoryService, feed: Feeding
    ) -> None:
        young = {"nir": "2100183137042", "birth_date": "2010-01-17"}
        await feed({**LINE, **young, "person_id": PAUL, "insured_person_id": CLAIRE})
        await ask(site, **young)
        assert await of_type(service, p.ProvisionalCodeRequested) == []
        await feed({**LINE, **young, "person_id": PAUL, "insured_person_id": PAUL})
        await ask(site, **young)
        [sent] = await of_type(service, p.ProvisionalCodeRequested)
        assert sent.person_id == PAUL


class TestLostAccount:
    async def test_paper_opens_it_again_with_another_code_and_address(
        self, known: str, site: Site, service: InMemoryService, desk: Desk
    ) -> None:
        await create(site, await enrol(site))
        await sign_in(site, device=DEVICE)
        await confirm(site, await last_token(service, desk))
        await ask(site)
        led_on = await sign_in(site, code=await paper(service, desk))
        chosen = {"code": NEW_CODE, "email": NEW_EMAIL}
        assert (await create(site, led_on.json()["enrolment_id"], **chosen)).status_code == 202
        [recovered] = await of_type(service, a.AccountRecovered)
        assert (recovered.previous, recovered.email) == (EMAIL, NEW_EMAIL)
        assert len(await of_type(service, a.SessionsEnded)) == 1
        assert (await sign_in(site, device=DEVICE)).status_code == 401
        opened = await sign_in(site, code=NEW_CODE, device=DEVICE)
        assert opened.json()["access"] == "email-pending", "until the new address is confirmed"
        await confirm(site, await last_token(service, desk))
        assert (await site.get("/account", known)).json()["email"] == NEW_EMAIL
        assert (await sign_in(site, code=NEW_CODE, device="d9" * 16)).status_code == 202

    async def test_it_keeps_its_address_if_that_is_wanted(
        self, known: str, site: Site, service: InMemoryService, desk: Desk
    ) -> None:
        assert known
        await create(site, await enrol(site))
        await ask(site)
        led_on = await sign_in(site, code=await paper(service, desk))
        await create(site, led_on.json()["enrolment_id"], code=NEW_CODE)
        assert (await sign_in(site, code=NEW_CODE)).json()["access"] == "email-pending"
        assert await desk.holder(desk.indexes.email.of(EMAIL)) == f"account:{CLAIRE}"


class TestContest:
    @pytest.fixture
    async def letter(self, known: str, site: Site, service: InMemoryService, desk: Desk) -> str:
        assert known
        await create(site, await enrol(site))
        [created] = await of_type(service, e.AccountCreated)
        return desk.links.letter_code(CONTEST, created.credential_id)

    async def test_the_letter_locks_the_account(self, letter: str, site: Site, service: InMemoryService) -> None:
        await sign_in(site)
        answer = await site.post("/contests", {"nir": NIR, "code": f"{letter[:4]} {letter[4:].lower()}"})
        assert answer.status_code == 200
        [locked] = await of_type(service, a.AccountLocked)
        assert locked.reason == "contested"
        assert (await sign_in(site)).json()["code"] == "sign-in-refused"

    @pytest.mark.parametrize(
        ("nir", "code"),
        [(NIR, "AAAABBBBCCCC"), (UNKNOWN, "AAAABBBBCCCC"), (NIR, "?")],
        ids=["code", "number", "no code"],
    )
    async def test_anything_else_gets_one_answer(self, letter: str, site: Site, nir: str, code: str) -> None:
        assert letter
        answer = await site.post("/contests", {"nir": nir, "code": code})
        assert (answer.status_code, answer.json()["code"]) == (422, "contest-refused")

    async def test_the_desk_unlocks_and_closes(
        self, letter: str, site: Site, service: InMemoryService, client: Any
    ) -> None:
        await site.post("/contests", {"nir": NIR, "code": letter})
        headers = {**service.token(edge="console", kind="agent"), "Idempotency-Key": str(uuid.uuid4())}
        assert (await client.post(f"/internal/desk/{CLAIRE}/unlock", headers=headers)).status_code == 200
        assert (await sign_in(site)).status_code == 200
        headers["Idempotency-Key"] = str(uuid.uuid4())
        assert (await client.post(f"/internal/desk/{CLAIRE}/closure", headers=headers)).status_code == 200
        assert (await sign_in(site, code=CODE)).status_code == 401


@pytest.mark.parametrize(("text", "code"), [("7kq2-m4xd 9vta", "7KQ2M4XD9VTA"), ("7KQ2M4XD9VT", None), ("soldat1!", None), ("7KQ2M4XD9VT0", None)])  # fmt: skip
def test_a_code_is_read_however_it_is_spaced(text: str, code: str | None) -> None:
    assert read_code(text) == code
