"""A second factor at the door and inside: who is asked, what a code is worth, and what it is not worth."""

import re
import uuid
from typing import Any

import pytest
from httpx import Response

from services.identity.access.desk import Desk
from services.identity.domain import events as e
from services.identity.domain import factor_events as f
from services.identity.domain.ids import ChallengeId
from services.identity.settings import IdentitySettings, WhenAsked
from shared.testing.clock import HandClock
from tests.services.identity.api.test_account import confirm, last_token
from tests.services.identity.api.test_enrolment import create, enrol, of_type
from tests.services.identity.api.test_sign_in import DEVICE, sign_in
from tests.services.identity.conftest import Site
from tests.services.identity.examples import CLAIRE, CODE, NIR, PAUL
from tests.services.in_memory import InMemoryService


@pytest.fixture
async def member(known: str, site: Site, service: InMemoryService, desk: Desk) -> str:
    """Claire's account is open; she has not signed in yet."""
    await create(site, await enrol(site))
    await confirm(site, await last_token(service, desk))
    return known


async def sent_code(service: InMemoryService, desk: Desk) -> str:
    """What stands in the newest mail."""
    asked = (await of_type(service, f.OneTimeCodeRequested))[-1]
    return desk.links.digits(asked.purpose, asked.challenge_id, asked.expires_at)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


async def answer_code(site: Site, challenge_id: str, code: str, **more: Any) -> Response:
    return await site.post(f"/sign-ins/{challenge_id}", {"one_time_code": code}, **more)


async def challenge(site: Site, **more: Any) -> str:
    answer = await site.post("/sign-ins", {"nir": NIR, "code": CODE}, **more)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["challenge_id"])


@pytest.mark.usefixtures("member")
class TestAtTheDoor:
    async def test_a_new_device_is_asked_and_then_known(self, site: Site, service: InMemoryService, desk: Desk) -> None:
        asked = await sign_in(site, device=DEVICE)
        assert asked.status_code == 202
        assert asked.json().keys() == {"challenge_id", "factor", "expires_at", "sent_to"}
        assert (asked.json()["factor"], asked.json()["sent_to"]) == ("email", "c•••@exemple.fr")
        assert await of_type(service, e.SignedIn) == []
        code = await sent_code(service, desk)
        opened = await answer_code(site, asked.json()["challenge_id"], code, device=DEVICE)
        assert (opened.status_code, opened.json()["access"]) == (200, "full")
        [signed] = await of_type(service, e.SignedIn)
        assert (signed.device_id, signed.device_name, signed.factor) == (DEVICE, "Firefox sur Windows", "email")
        assert (await sign_in(site, device=DEVICE)).status_code == 200
        assert (await sign_in(site, device="d1" * 16)).status_code == 202
        assert (await sign_in(site)).status_code == 202

    @pytest.mark.parametrize(
        ("policy", "first", "later"), [("off", 200, 200), ("new_device", 202, 200), ("always", 202, 202)]
    )
    async def test_the_policy_decides(
        self,
        site: Site,
        service: InMemoryService,
        desk: Desk,
        settings: IdentitySettings,
        policy: str,
        first: int,
        later: int,
    ) -> None:
        chosen = settings.model_copy(update={"one_time_codes": WhenAsked(policy)})
        object.__setattr__(desk, "settings", chosen)
        asked = await sign_in(site, device=DEVICE)
        assert asked.status_code == first
        if first == 202:
            await answer_code(site, asked.json()["challenge_id"], await sent_code(service, desk), device=DEVICE)
        assert (await sign_in(site, device=DEVICE)).status_code == later

    async def test_a_device_is_forgotten_after_400_days(
        self, site: Site, service: InMemoryService, desk: Desk, clock: HandClock
    ) -> None:
        await answer_code(site, await challenge(site, device=DEVICE), await sent_code(service, desk), device=DEVICE)
        clock.move(400 * 86_400)
        assert (await sign_in(site, device=DEVICE)).status_code == 202

    async def test_five_tries_whatever_is_asked_again(
        self, site: Site, service: InMemoryService, desk: Desk, clock: HandClock
    ) -> None:
        asked = await challenge(site)
        code = await sent_code(service, desk)
        for number in range(5):
            clock.move(61)
            if number in {1, 2}:
                assert (await site.post(f"/one-time-codes/{asked}/resend", {})).status_code == 200
                assert await sent_code(service, desk) == code, "the same code goes out again"
            if number == 3:
                assert await challenge(site) == asked, "asking from the start changes nothing"
            wrong = await answer_code(site, asked, other_than(code))
            assert (wrong.status_code, wrong.json()["code"]) == (422, "one-time-code-wrong")
        over = await answer_code(site, asked, code)
        assert (over.status_code, over.json()["code"]) == (410, "one-time-code-exhausted")
        clock.move(300)
        assert await challenge(site) != asked, "ten minutes later it is another code"

    async def test_a_code_lasts_ten_minutes(
        self, site: Site, service: InMemoryService, desk: Desk, clock: HandClock
    ) -> None:
        asked = await challenge(site)
        clock.move(600)
        late = await answer_code(site, asked, await sent_code(service, desk))
        assert (late.status_code, late.json()["code"]) == (410, "one-time-code-expired")
        assert (await site.post(f"/one-time-codes/{asked}/resend", {})).json()["code"] == "one-time-code-expired"

    async def test_a_code_works_once_and_a_double_click_is_one_answer(
        self, site: Site, service: InMemoryService, desk: Desk
    ) -> None:
        asked, cmd = await challenge(site), str(uuid.uuid4())
        code = await sent_code(service, desk)
        first, second = [await answer_code(site, asked, code, cmd=cmd) for _ in range(2)]
        assert first.json() == second.json()
        assert len(await of_type(service, e.SignedIn)) == 1
        again = await answer_code(site, asked, code)
        assert (again.status_code, again.json()["code"]) == (410, "one-time-code-used")

    async def test_a_code_is_bound_to_browser_and_purpose(
        self, site: Site, service: InMemoryService, desk: Desk
    ) -> None:
        asked = await challenge(site)
        code = await sent_code(service, desk)
        stolen = await answer_code(site, asked, code, session="browser-2")
        inside = await site.post(f"/step-ups/{asked}", {"one_time_code": code}, member=CLAIRE)
        assert {(one.status_code, one.json()["code"]) for one in (stolen, inside)} == {(404, "one-time-code-unknown")}
        assert (await site.post(f"/one-time-codes/{asked}/resend", {}, session="browser-2")).status_code == 404
        assert (await answer_code(site, asked, code)).status_code == 200

    async def test_a_code_of_another_challenge_opens_nothing(
        self, site: Site, service: InMemoryService, desk: Desk
    ) -> None:
        first = await challenge(site)
        code = await sent_code(service, desk)
        await challenge(site, session="browser-2")
        other = await sent_code(service, desk)
        assert other != code
        assert (await answer_code(site, first, other)).status_code == 422

    async def test_a_wrong_code_sends_nothing(self, site: Site, service: InMemoryService) -> None:
        await sign_in(site, code="faux-code1")
        assert await of_type(service, f.OneTimeCodeRequested) == []

    @pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
    async def test_what_is_no_code_is_wrong(self, site: Site, typed: str) -> None:
        assert (await answer_code(site, await challenge(site), typed)).status_code == 422


async def test_before_the_address_is_proved_no_code_is_asked(known: str, site: Site) -> None:
    assert known
    await create(site, await enrol(site))
    assert (await sign_in(site)).json()["access"] == "email-pending"
    refused = await site.post("/step-ups", {"code": CODE}, member=CLAIRE)
    assert (refused.status_code, refused.json()["code"]) == (403, "email-pending")


@pytest.mark.usefixtures("member")
class TestStepUp:
    async def test_code_and_one_time_code_once_more(self, site: Site, service: InMemoryService, desk: Desk) -> None:
        asked = await site.post("/step-ups", {"code": CODE}, member=CLAIRE)
        assert (asked.status_code, asked.json()["sent_to"]) == (202, "c•••@exemple.fr")
        path = f"/step-ups/{asked.json()['challenge_id']}"
        code = await sent_code(service, desk)
        assert (await site.post(path, {"one_time_code": other_than(code)}, member=CLAIRE)).status_code == 422
        done = await site.post(path, {"one_time_code": code}, member=CLAIRE)
        assert (done.status_code, done.json()["stream"]) == (200, f"factors:{CLAIRE}")
        [noted] = await of_type(service, f.SteppedUp)
        assert (noted.member_id, noted.factor) == (CLAIRE, "email")

    async def test_the_code_must_be_right_ten_times_at_most(self, site: Site, clock: HandClock) -> None:
        for _ in range(10):
            wrong = await site.post("/step-ups", {"code": "faux-code1"}, member=CLAIRE)
            assert (wrong.status_code, wrong.json()["code"]) == (422, "code-wrong")
            clock.move(61)
        closed = await site.post("/step-ups", {"code": CODE}, member=CLAIRE)
        assert (closed.status_code, closed.json()["code"]) == (429, "tries-exhausted")

    async def test_somebody_else_answers_nothing(self, site: Site, service: InMemoryService, desk: Desk) -> None:
        asked = (await site.post("/step-ups", {"code": CODE}, member=CLAIRE)).json()["challenge_id"]
        code = await sent_code(service, desk)
        for path in (f"/step-ups/{asked}", f"/sign-ins/{asked}"):
            assert (await site.post(path, {"one_time_code": code}, member=PAUL)).status_code == 404
        assert (await site.post("/step-ups", {"code": CODE}, member=PAUL)).json()["code"] == "code-wrong"
        assert (await site.post(f"/step-ups/{asked}", {"one_time_code": code}, member=CLAIRE)).status_code == 200

    async def test_a_visitor_is_nobody(self, site: Site) -> None:
        assert (await site.post("/step-ups", {"code": CODE})).json()["code"] == "member-required"


async def test_no_code_stands_anywhere(member: str, site: Site, service: InMemoryService, desk: Desk) -> None:
    assert member
    await challenge(site)
    code = await sent_code(service, desk)
    assert re.fullmatch(r"\d{6}", code)
    kept = str(desk.stores.challenges.rows)
    assert not re.search(rf"(?<!\d){code}(?!\d)", str(service.store.commits) + kept)


def test_codes_are_spread_over_all_of_them(desk: Desk, clock: HandClock) -> None:
    codes = [desk.links.digits("sign-in", ChallengeId(str(number)), clock.now()) for number in range(2000)]
    assert len(set(codes)) > 1950
    assert {code[0] for code in codes} == set("0123456789")
    assert all(re.fullmatch(r"\d{6}", code) for code in codes)
