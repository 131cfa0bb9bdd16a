"""Code, address, sessions and devices of a member: what he can do, what it ends, and what nobody learns."""

import uuid
from typing import Any

import pytest
from httpx import Response

from services.identity.access.desk import Desk
from services.identity.access.links import RESET, VALIDATION
from services.identity.domain import account_events as a
from services.identity.domain import events as e
from shared.event_store import StoreUnavailable
from shared.testing.clock import HandClock
from tests.services.identity.api.test_account import confirm, last_token
from tests.services.identity.api.test_enrolment import create, enrol, of_type, paul_too
from tests.services.identity.api.test_sign_in import DEVICE, UNKNOWN, sign_in
from tests.services.identity.conftest import CountingHasher, Feeding, Site
from tests.services.identity.examples import CLAIRE, CODE, EMAIL, HASH, NIR
from tests.services.in_memory import InMemoryService

NEW_CODE = "Deux-chênes-9"
NEW_EMAIL = "claire@exemple.org"
PHONE = "d1" * 16


@pytest.fixture
async def member(known: str, site: Site, service: InMemoryService, desk: Desk) -> str:
    """Claire's account is open, and two browsers of hers are known."""
    await create(site, await enrol(site))
    await sign_in(site, device=DEVICE)
    await sign_in(site, device=PHONE)
    await confirm(site, await last_token(service, desk))
    return known


async def forgot(site: Site, nir: str = NIR, birth_date: str = "1985-01-17", origin: str = "") -> Response:
    return await site.post("/code-resets", {"nir": nir, "birth_date": birth_date}, origin=origin)


async def reset_token(service: InMemoryService, desk: Desk) -> str:
    asked = (await of_type(service, a.CodeResetRequested))[-1]
    return desk.links.token(RESET, asked.link_id, asked.expires_at)


async def use(site: Site, token: str, code: str = NEW_CODE, **more: Any) -> Response:
    return await site.post("/code-resets/use", {"token": token, "code": code}, **more)


@pytest.mark.usefixtures("member")
class TestForgottenCode:
    async def test_number_and_birth_date_bring_a_link_that_brings_another_code(
        self, site: Site, service: InMemoryService, desk: Desk
    ) -> None:
        assert (await forgot(site)).status_code == 202
        token, cmd = await reset_token(service, desk), str(uuid.uuid4())
        first, second = [await use(site, token, cmd=cmd) for _ in range(2)]
        assert first.status_code == 200
        assert first.json() == second.json()
        assert (await sign_in(site, device=DEVICE)).status_code == 401
        assert (await sign_in(site, code=NEW_CODE, device=DEVICE)).status_code == 200
        [ended] = await of_type(service, a.SessionsEnded)
        assert len(ended.session_ids) == 2
        again = await use(site, token)
        assert (again.status_code, again.json()["code"]) == (410, "link-replaced")

    @pytest.mark.parametrize(
        "wrong", [{"nir": UNKNOWN}, {"birth_date": "1985-01-18"}], ids=["unknown number", "wrong date"]
    )
    async def test_a_wrong_fact_gets_the_same_answer_and_no_mail(
        self, site: Site, service: InMemoryService, wrong: dict[str, str]
    ) -> None:
        answer = await forgot(site, **wrong)
        assert (answer.status_code, answer.json()) == (202, {})
        assert await of_type(service, a.CodeResetRequested) == []

    async def test_a_link_lasts_half_an_hour(
        self, site: Site, service: InMemoryService, desk: Desk, clock: HandClock
    ) -> None:
        await forgot(site)
        clock.move(1800)
        late = await use(site, await reset_token(service, desk))
        assert (late.status_code, late.json()["code"]) == (410, "link-expired")

    async def test_a_confirmation_link_changes_no_code(self, site: Site, service: InMemoryService, desk: Desk) -> None:
        assert (await use(site, await last_token(service, desk))).json()["code"] == "link-invalid"

    async def test_five_a_day_for_one_number_known_or_not(self, site: Site, clock: HandClock) -> None:
        for nir in (NIR, UNKNOWN):
            for _ in range(5):
                assert (await forgot(site, nir=nir)).status_code == 202
                clock.move(61)
            assert (await forgot(site, nir=nir)).json()["code"] == "tries-exhausted"

    async def test_it_opens_the_door_that_had_shut(
        self, site: Site, service: InMemoryService, desk: Desk, clock: HandClock
    ) -> None:
        for _ in range(10):
            await sign_in(site, code="faux-code1")
            clock.move(61)
        assert (await sign_in(site, code=NEW_CODE)).status_code == 429
        await forgot(site)
        await use(site, await reset_token(service, desk))
        assert (await sign_in(site, code=NEW_CODE)).status_code == 202

    @pytest.mark.parametrize(
        ("code", "rule"),
        [("court1!", "code-too-short"), ("Azerty123!", "code-known"), ("Lefevre-83!", "code-personal")],
    )
    async def test_a_code_that_is_guessed_first_is_refused(
        self, site: Site, service: InMemoryService, desk: Desk, code: str, rule: str
    ) -> None:
        await forgot(site)
        answer = await use(site, await reset_token(service, desk), code)
        assert (answer.status_code, answer.json()["code"]) == (422, rule)
        assert (await sign_in(site, device=DEVICE)).status_code == 200

    async def test_a_crash_between_the_event_and_its_settling_shuts_nobody_out(
        self, site: Site, service: InMemoryService, desk: Desk, hasher: CountingHasher, clock: HandClock
    ) -> None:
        await forgot(site)
        token = await reset_token(service, desk)
        settle = desk.stores.credentials.settle

        async def crash(*_: Any) -> None:
            raise StoreUnavailable

        object.__setattr__(desk.stores.credentials, "settle", crash)
        assert (await use(site, token)).status_code == 503
        object.__setattr__(desk.stores.credentials, "settle", settle)
        assert (await sign_in(site, device=DEVICE)).status_code == 401
        clock.move(601)
        assert (await sign_in(site, code=NEW_CODE, device=DEVICE)).status_code == 200
        before = hasher.verified
        await sign_in(site, code=NEW_CODE, device=DEVICE)
        assert hasher.verified - before == 1, "the old one is gone"


@pytest.mark.usefixtures("member")
class TestCode:
    async def test_it_is_changed_after_a_step_up_and_ends_the_other_sessions(
        self, site: Site, service: InMemoryService
    ) -> None:
        own = (await of_type(service, e.SignedIn))[0].session_id
        form = {"code": NEW_CODE, "session_id": own}
        refused = await site.post("/code", form, member=CLAIRE)
        assert (refused.status_code, refused.json()["code"]) == (401, "step-up-required")
        assert (await site.post("/code", form, member=CLAIRE, stepped_up=True)).status_code == 200
        [ended] = await of_type(service, a.SessionsEnded)
        assert own not in ended.session_ids
        assert (await sign_in(site, code=NEW_CODE, device=DEVICE)).status_code == 200

    @pytest.mark.parametrize("code", ["court1!", "Azerty123!", "170185-abc"])
    async def test_it_obeys_the_same_rules(self, site: Site, code: str) -> None:
        answer = await site.post("/code", {"code": code}, member=CLAIRE, stepped_up=True)
        assert answer.status_code == 422


class TestEmail:
    async def test_an_address_changes_when_the_new_one_is_confirmed(
        self, member: str, site: Site, service: InMemoryService, desk: Desk
    ) -> None:
        form = {"email": f"  {NEW_EMAIL.replace('exemple', 'EXEMPLE')} "}
        assert (await site.post("/email", form, member=member)).json()["code"] == "step-up-required"
        assert (await site.post("/email", form, member=member, stepped_up=True)).status_code == 200
        shown = (await site.get("/account", member)).json()
        assert (shown["email"], shown["email_to_confirm"]) == (EMAIL, NEW_EMAIL)
        [asked] = await of_type(service, a.EmailChangeRequested)
        await confirm(site, desk.links.token(VALIDATION, asked.link_id, asked.expires_at))
        shown = (await site.get("/account", member)).json()
        assert (shown["email"], shown["email_to_confirm"]) == (NEW_EMAIL, None)
        [changed] = await of_type(service, a.EmailChanged)
        assert changed.previous == EMAIL
        number = desk.indexes.email
        assert await desk.holder(number.of(EMAIL)) is None
        assert await desk.holder(number.of(NEW_EMAIL)) == f"account:{member}"

    async def test_an_address_that_is_somebodys_is_answered_alike_and_told_to_its_mailbox(
        self, member: str, site: Site, service: InMemoryService, feed: Feeding
    ) -> None:
        await create(site, await enrol(site, **await paul_too(service, feed)), email="paul@exemple.fr")
        answer = await site.post("/email", {"email": "Paul@exemple.fr"}, member=member, stepped_up=True)
        assert (answer.status_code, answer.json()["stream"]) == (200, f"account:{member}")
        [asked] = await of_type(service, a.EmailChangeRequested)
        assert asked.taken, "no link goes out"
        shown = (await site.get("/account", member)).json()
        assert (shown["email"], shown["email_to_confirm"]) == (EMAIL, "Paul@exemple.fr")
        [told] = await of_type(service, e.AccountCreationRefused)
        assert (told.obstacle, told.member_id != member) == ("email-taken", True)

    async def test_a_taken_address_stays_its_holders_even_by_a_link_that_nobody_sent(
        self, member: str, site: Site, service: InMemoryService, desk: Desk, feed: Feeding
    ) -> None:
        await create(site, await enrol(site, **await paul_too(service, feed)), email="paul@exemple.fr")
        await site.post("/email", {"email": "paul@exemple.fr"}, member=member, stepped_up=True)
        [asked] = await of_type(service, a.EmailChangeRequested)
        link = desk.links.token(VALIDATION, asked.link_id, asked.expires_at)
        assert (await confirm(site, link)).status_code == 409
        assert (await site.get("/account", member)).json()["email"] == EMAIL

    async def test_nobody_tries_out_a_list_of_addresses(self, member: str, site: Site) -> None:
        forms = [{"email": f"quelquun{number}@exemple.fr"} for number in range(11)]
        answers = [await site.post("/email", form, member=member, stepped_up=True) for form in forms]
        assert [one.status_code for one in answers] == [200] * 10 + [429]
        assert answers[-1].json()["code"] == "tries-exhausted"

    async def test_a_correction_to_a_taken_address_is_answered_alike(
        self, known: str, site: Site, service: InMemoryService, feed: Feeding
    ) -> None:
        await create(site, await enrol(site, **await paul_too(service, feed)), email="paul@exemple.fr")
        await create(site, await enrol(site))
        seen = []
        for email in (NEW_EMAIL, "paul@exemple.fr"):
            answer = await site.post("/email/correction", {"email": email}, member=known)
            shown = (await site.get("/account", known)).json()
            seen.append((answer.status_code, answer.json()["version"], shown["email"], shown["email_validated"]))
        assert seen == [(200, 4, NEW_EMAIL, False), (200, 6, "paul@exemple.fr", False)]
        assert [one.obstacle for one in await of_type(service, e.AccountCreationRefused)] == ["email-taken"]

    async def test_a_mistyped_address_is_corrected_before_any_is_confirmed(
        self, known: str, site: Site, service: InMemoryService, desk: Desk
    ) -> None:
        await create(site, await enrol(site))
        old = await last_token(service, desk)
        assert (await site.post("/email/correction", {"email": NEW_EMAIL}, member=known)).status_code == 200
        assert (await confirm(site, old)).json()["code"] == "link-replaced"
        await confirm(site, await last_token(service, desk))
        assert (await site.get("/account", known)).json()["email"] == NEW_EMAIL
        again = await site.post("/email/correction", {"email": EMAIL}, member=known)
        assert (again.status_code, again.json()["code"]) == (401, "step-up-required")


@pytest.mark.usefixtures("member")
class TestSessions:
    async def test_sessions_and_devices_are_listed_and_ended(self, site: Site, service: InMemoryService) -> None:
        shown = (await site.get("/devices", CLAIRE)).json()
        assert [one["device"] for one in shown["sessions"]] == ["Firefox sur Windows"] * 2
        assert [one["device_id"] for one in shown["devices"]] == [PHONE, DEVICE]
        first, second = (one["session_id"] for one in shown["sessions"])
        for session in (first, second):
            assert (await site.get(f"/sessions/{session}", CLAIRE)).json() == {"open": True, "closing": False}
        await site.post("/sessions/end", {"session_id": first}, member=CLAIRE)
        assert (await site.get(f"/sessions/{first}", CLAIRE)).json() == {"open": False, "closing": False}
        await sign_in(site, device=PHONE)
        await site.post("/sessions/end-others", {"session_id": second}, member=CLAIRE)
        assert [one["session_id"] for one in (await site.get("/devices", CLAIRE)).json()["sessions"]] == [second]

    async def test_a_forgotten_device_is_a_new_one(self, site: Site) -> None:
        assert (await site.post("/devices/forget", {"device_id": PHONE}, member=CLAIRE)).status_code == 200
        assert (await sign_in(site, device=PHONE)).status_code == 202
        assert (await sign_in(site, device=DEVICE)).status_code == 200
        assert [one["device_id"] for one in (await site.get("/devices", CLAIRE)).json()["devices"]] == [DEVICE]

    async def test_newer_terms_are_accepted(self, site: Site) -> None:
        form = {"cgu_version": "2027-01", "cgu_hash": HASH}
        assert (await site.post("/terms", form, member=CLAIRE)).status_code == 200
        assert (await site.get("/account", CLAIRE)).json()["cgu_version"] == "2027-01"

    async def test_a_closed_account_opens_for_nobody_and_gives_its_address_back(
        self, site: Site, desk: Desk, service: InMemoryService
    ) -> None:
        assert (await site.post("/closure", {}, member=CLAIRE)).json()["code"] == "step-up-required"
        assert (await site.post("/closure", {}, member=CLAIRE, stepped_up=True)).status_code == 200
        assert (await sign_in(site, device=DEVICE)).status_code == 401
        assert (await site.get("/devices", CLAIRE)).json()["sessions"] == []
        assert await desk.holder(desk.indexes.email.of(EMAIL)) is None
        await create(site, await enrol(site), code=CODE)
        assert (await sign_in(site)).json()["access"] == "email-pending"
