"""Confirming an address, and what a member sees of the account."""

import uuid
from typing import Any

import pytest

from services.identity.access.desk import Desk
from services.identity.access.links import VALIDATION
from services.identity.domain import events as e
from services.identity.domain.ids import LinkId
from shared.testing.clock import HandClock
from tests.services.identity.api.test_enrolment import create, enrol, of_type
from tests.services.identity.api.test_sign_in import DEVICE, sign_in
from tests.services.identity.conftest import Site
from tests.services.identity.examples import CLAIRE, EMAIL, NIR, PAUL
from tests.services.in_memory import InMemoryService


@pytest.fixture
async def token(known: str, site: Site, service: InMemoryService, desk: Desk) -> str:
    """Claire has an account; what stands in the link that was sent to her."""
    assert known
    await create(site, await enrol(site))
    return await last_token(service, desk)


async def last_token(service: InMemoryService, desk: Desk) -> str:
    sent = (await of_type(service, e.EmailValidationRequested))[-1]
    return desk.links.token(VALIDATION, sent.link_id, sent.expires_at)


async def confirm(site: Site, token: str, cmd: str | None = None) -> Any:
    return await site.post("/email-validations", {"token": token}, cmd=cmd)


class TestConfirmation:
    async def test_the_link_opens_every_service(self, site: Site, token: str) -> None:
        await sign_in(site, device=DEVICE)
        answer = await confirm(site, token)
        assert (answer.status_code, answer.json()) == (200, {"stream": f"account:{CLAIRE}", "version": 4})
        assert (await sign_in(site, device=DEVICE)).json()["access"] == "full"

    async def test_a_link_works_once(self, site: Site, token: str, service: InMemoryService) -> None:
        await confirm(site, token)
        again = await confirm(site, token)
        assert (again.status_code, again.json()["code"]) == (410, "link-already-used")
        assert service.types().count("EmailValidated") == 1

    async def test_the_same_command_twice_is_one_answer(self, site: Site, token: str) -> None:
        cmd = str(uuid.uuid4())
        assert (await confirm(site, token, cmd)).json() == (await confirm(site, token, cmd)).json()

    async def test_a_link_ends(self, site: Site, token: str, clock: HandClock) -> None:
        clock.move(86_400)
        answer = await confirm(site, token)
        assert (answer.status_code, answer.json()["code"]) == (410, "link-expired")

    @pytest.mark.usefixtures("token")
    async def test_a_link_that_nobody_sent(self, site: Site, desk: Desk, clock: HandClock) -> None:
        ours = desk.links.token(VALIDATION, LinkId(str(uuid.uuid4())), clock.now().replace(year=2027))
        for forged in ("x", "a.b.c", ours):
            answer = await confirm(site, forged)
            assert (answer.status_code, answer.json()["code"]) == (404, "link-invalid")

    async def test_another_link_replaces_it(
        self, site: Site, token: str, service: InMemoryService, desk: Desk, clock: HandClock
    ) -> None:
        clock.move(61)
        answer = await site.post("/email-validations/resend", {}, member=CLAIRE)
        assert (answer.status_code, answer.json()["version"]) == (200, 3)
        assert (await confirm(site, token)).json()["code"] == "link-replaced"
        assert (await confirm(site, await last_token(service, desk))).status_code == 200

    @pytest.mark.usefixtures("token")
    async def test_links_are_a_minute_apart(self, site: Site) -> None:
        answer = await site.post("/email-validations/resend", {}, member=CLAIRE)
        assert (answer.status_code, answer.json()["code"]) == (409, "link-just-sent")

    async def test_a_visitor_cannot_ask_for_links(self, site: Site) -> None:
        assert (await site.post("/email-validations/resend", {})).json()["code"] == "member-required"


class TestAccount:
    @pytest.mark.usefixtures("token")
    async def test_a_member_sees_whether_the_address_is_confirmed(self, site: Site, clock: HandClock) -> None:
        shown = (await site.get("/account", CLAIRE)).json()
        assert (shown["email"], shown["email_validated"], shown["signed_in_before"]) == (EMAIL, False, None)
        clock.move(60)
        await sign_in(site)
        assert (await site.get("/account", CLAIRE)).json()["signed_in_at"] is not None

    async def test_a_query_waits_for_the_callers_own_write(
        self, site: Site, token: str, service: InMemoryService
    ) -> None:
        written = (await confirm(site, token)).json()
        answer = await site.get("/account", CLAIRE, **{"X-Written": f"{written['version']}@{written['stream']}"})
        assert answer.headers["X-Lag"] == "0"
        assert str(service.queries.waited[-1]) == f"3@account:{CLAIRE}"
        assert answer.json()["email_validated"]

    async def test_profile_and_history_open_once_the_address_is_confirmed(self, site: Site, token: str) -> None:
        await sign_in(site)
        for path in ("/profile", "/sign-ins"):
            answer = await site.get(path, CLAIRE)
            assert (answer.status_code, answer.json()["code"]) == (403, "email-pending")
        await confirm(site, token)
        assert (await site.get("/profile", CLAIRE)).status_code == 200
        history = [one["kind"] for one in (await site.get("/sign-ins", CLAIRE)).json()["entries"]]
        assert sorted(history) == ["created", "signed-in"]

    async def test_the_profile_shows_of_the_number_sex_and_year_only(self, site: Site, token: str) -> None:
        await confirm(site, token)
        answer = await site.get("/profile", CLAIRE)
        assert answer.json()["nir_masked"] == "2 85 ** ** *** *** **"
        assert NIR[:13] not in answer.text
        assert answer.json()["doctor"] == {"name": "Dr Ravel", "rpps": "10101201234"}
        assert "iban" not in answer.text

    async def test_signing_out_closes_the_session(self, site: Site, token: str, service: InMemoryService) -> None:
        session = (await sign_in(site)).json()["session_id"]
        for _ in range(2):
            answer = await site.post("/sign-outs", {"session_id": session}, member=CLAIRE)
            assert answer.status_code == 200
        assert service.types().count("SignedOut") == 1
        await confirm(site, token)
        history = (await site.get("/sign-ins", CLAIRE)).json()["entries"]
        assert {one["kind"] for one in history} == {"created", "signed-out", "signed-in"}

    @pytest.mark.parametrize("path", ["/account", "/profile", "/sign-ins"])
    async def test_a_visitor_sees_nothing(self, site: Site, path: str) -> None:
        assert (await site.get(path)).json()["code"] == "member-required"

    @pytest.mark.usefixtures("token")
    async def test_somebody_else_sees_nothing_of_it(self, site: Site) -> None:
        assert (await site.get("/account", PAUL)).status_code == 404
        assert (await site.get("/profile", PAUL)).status_code == 403


async def test_an_erased_account_still_answers(
    site: Site, token: str, service: InMemoryService, clock: HandClock
) -> None:
    await confirm(site, token)
    await service.vault.destroy(CLAIRE, "account", clock.now())
    assert (await site.get("/account", CLAIRE)).json()["email"] == "effacé"
    assert (await site.get("/profile", CLAIRE)).json()["surname"] == "LEFÈVRE-D'ARC"
    await service.vault.destroy(CLAIRE, "care", clock.now())
    shown = (await site.get("/profile", CLAIRE)).json()
    assert (shown["surname"], shown["nir_masked"], shown["address"]) == ("effacé", "effacé", "effacé")
