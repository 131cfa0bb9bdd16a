"""A one-time code at the door, and « Confirmez que c'est vous » before what matters."""

import pytest
from fastapi import APIRouter, Response

from services.gateway.devices import COOKIE as DEVICE_COOKIE
from services.gateway.pages.asking import Posting, SteppedUpVisit, Visiting
from shared.web.channel import Refused
from tests.services.gateway.fakes import CODE, CODE_ASKED, MEMBER, World, world

RIGHT = "042617"
GUARDED = "/ce-qui-compte"


def guarded(site: World) -> World:
    """A site with a page that asks for a step-up, and one whose service does."""
    router = APIRouter()

    @router.get(GUARDED)
    async def show(visit: SteppedUpVisit) -> Response:
        return await visit.page("account/step_up.html", next=None)

    @router.post(GUARDED)
    async def take(visit: SteppedUpVisit, posted: Posting) -> Response:
        return await visit.go("/mes-messages" if posted.fields.get("valeur") else "/au-revoir")

    @router.post("/ce-que-le-service-garde")
    async def asked_by_the_service(visit: Visiting, posted: Posting) -> Response:
        raise Refused("step-up-required", 401)

    site.app.include_router(router)
    return site


class TestAtTheDoor:
    async def test_a_code_that_is_asked_for_opens_the_session(self) -> None:
        site = world()
        site.identity.asks_code = True
        browser = site.browser()
        page = await browser.get("/ma-carte-vitale")
        page = await browser.send(page.form(), nir="185018313704278", code=CODE)
        assert page.path == "/connexion/code"
        assert "Nous venons d'envoyer un code à 6 chiffres à votre adresse c•••@exemple.fr ." in page.text
        assert "jusqu'à 14 h 12" in page.text
        assert browser.client.cookies.get(DEVICE_COOKIE) is None
        assert (await browser.get("/mon-compte")).path == "/connexion"
        page = await browser.get("/connexion/code")
        page = await browser.send(page.form(), one_time_code="042 617")
        assert page.path == "/ma-carte-vitale"
        assert site.identity.last("complete_sign_in")["code"] == RIGHT
        assert browser.client.cookies.get(DEVICE_COOKIE)

    async def test_the_device_is_told_and_kept(self) -> None:
        site = world()
        browser = site.browser(**{"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"})
        await browser.sign_in()
        device, name = site.identity.last("sign_in")["who"].device
        assert (len(device), name) == (32, "Firefox sur Linux")
        kept = browser.client.cookies.get(DEVICE_COOKIE)
        page = await browser.get("/mon-compte")
        await browser.send(page.form("/deconnexion"))
        await browser.sign_in()
        assert site.identity.last("sign_in")["who"].device[0] == device
        assert browser.client.cookies.get(DEVICE_COOKIE) == kept
        assert site.identity.last("account")["who"].device is None

    async def test_a_failed_sign_in_makes_no_device_known(self) -> None:
        browser = world().browser()
        await browser.sign_in(code="Faux-code-1")
        assert browser.client.cookies.get(DEVICE_COOKIE) is None

    @pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a"])
    async def test_what_is_no_code_asks_nobody(self, typed: str) -> None:
        site = world()
        site.identity.asks_code = True
        browser = site.browser()
        page = await browser.sign_in()
        page = await browser.send(page.form(), one_time_code=typed)
        assert page.status == 422
        assert "govuk-error-summary" in page.html
        assert all(name != "complete_sign_in" for name, _ in site.identity.calls)

    async def test_a_wrong_code_is_said_beside_its_field_and_not_shown_again(self) -> None:
        site = world()
        site.identity.asks_code = True
        browser = site.browser()
        page = await browser.sign_in()
        page = await browser.send(page.form(), one_time_code="999999")
        assert page.status == 422
        assert "Ce code n'est pas celui que nous avons envoyé." in page.text
        assert "999999" not in page.html

    @pytest.mark.parametrize("ended", ["expired", "exhausted", "used", "unknown"])
    async def test_a_code_that_is_worth_nothing_any_more_leads_to_the_beginning(self, ended: str) -> None:
        site = world()
        site.identity.asks_code = True
        browser = site.browser()
        page = await browser.get("/ma-carte-vitale")
        page = await browser.send(page.form(), nir="185018313704278", code=CODE)
        site.identity.refusal = Refused(f"one-time-code-{ended}", 410)
        page = await browser.send(page.form(), one_time_code=RIGHT)
        assert page.path == "/connexion"
        assert "Recommencez ici." in page.text
        assert page.form().fields["suite"] == "/ma-carte-vitale"
        assert (await browser.get("/connexion/code")).path == "/connexion"

    async def test_the_code_is_sent_again(self) -> None:
        site = world()
        site.identity.asks_code = True
        browser = site.browser()
        page = await browser.sign_in()
        again = page.form("/connexion/code/renvoi")
        page = await browser.send(again)
        assert page.path == "/connexion/code"
        assert "Le même code vient de vous être renvoyé." in page.text
        assert site.identity.last("resend_code")["challenge_id"] == CODE_ASKED.challenge_id
        site.identity.refusal = Refused("one-time-code-just-sent", 409)
        page = await browser.send(page.form("/connexion/code/renvoi"))
        assert "Attendez une minute" in page.text

    async def test_nobody_comes_to_the_code_without_the_first_step(self) -> None:
        assert (await world().browser().get("/connexion/code")).path == "/connexion"


class TestStepUp:
    async def test_one_confirms_and_comes_back(self) -> None:
        site = guarded(world())
        browser = site.browser()
        await browser.sign_in()
        before = browser.cookie
        page = await browser.get(GUARDED)
        assert page.path == "/confirmation-identite"
        assert "Confirmez que c'est vous" in page.text
        page = await browser.send(page.form(), code="Faux-code-1")
        assert page.status == 422
        assert "Ce n'est pas votre code personnel." in page.text
        page = await browser.send(page.form(), code=CODE)
        assert page.path == "/confirmation-identite/code"
        page = await browser.send(page.form(), one_time_code=RIGHT)
        assert page.path == GUARDED
        assert browser.cookie not in {before, None}
        assert len(site.sessions.rows) == 1

    async def test_services_are_told_for_ten_minutes(self) -> None:
        site = guarded(world())
        browser = await stepped_up(site)
        await browser.get("/mes-messages")
        who = site.notifications.last("messages")["who"]
        assert (who.access, who.auth_time) == ("step-up", site.clock.now())
        site.clock.pass_(minutes=10)
        await browser.get("/mes-messages")
        assert site.notifications.last("messages")["who"].access == "full"
        assert (await browser.get(GUARDED)).path == "/confirmation-identite"

    async def test_a_rotated_session_ends_no_later(self) -> None:
        site = guarded(world())
        browser = site.browser()
        await browser.sign_in()
        (before,) = site.sessions.rows.values()
        site.clock.pass_(minutes=5)
        await confirm(browser)
        (after,) = site.sessions.rows.values()
        assert (after.expires, after.holder) == (before.expires, MEMBER)

    async def test_a_form_that_had_to_wait_is_still_filled_in(self) -> None:
        site = guarded(world())
        browser = await stepped_up(site)
        page = await browser.get(GUARDED)
        form = page.form()
        form.action = GUARDED
        site.clock.pass_(minutes=11)
        page = await browser.send(form, valeur="gardée", code=CODE)
        assert page.path == "/confirmation-identite"
        session = await site.site.sessions.open(browser.cookie)
        assert session.state.held is not None
        assert (session.state.held.path, session.state.held.fields) == (GUARDED, {"valeur": "gardée"})
        await finish(browser, page)
        session = await site.site.sessions.open(browser.cookie)
        assert session.state.held is None, "its page has shown it"

    async def test_a_service_may_ask_for_it_as_well(self) -> None:
        site = guarded(world())
        browser = site.browser()
        page = await browser.sign_in()
        form = page.form("/deconnexion")
        form.action = "/ce-que-le-service-garde"
        page = await browser.send(form)
        assert page.path == "/confirmation-identite"

    async def test_a_visitor_signs_in_first(self) -> None:
        site = guarded(world())
        assert (await site.browser().get(GUARDED)).path == "/connexion"
        assert (await site.browser().get("/confirmation-identite")).path == "/connexion"

    async def test_who_has_just_confirmed_is_not_asked_again(self) -> None:
        site = guarded(world())
        browser = await stepped_up(site)
        assert (await browser.get("/confirmation-identite")).path == "/mon-compte"
        page = await browser.get("/confirmation-identite/code")
        assert page.path == "/mon-compte"

    @pytest.mark.parametrize("target", ["https://mal.exemple", "//mal.exemple", "/\\mal.exemple"])
    async def test_nobody_is_led_off_this_site(self, target: str) -> None:
        browser = world().browser()
        await browser.sign_in()
        page = await browser.get(f"/confirmation-identite?suite={target}")
        assert target not in page.html


async def stepped_up(site: World):
    browser = site.browser()
    await browser.sign_in()
    await confirm(browser)
    return browser


async def confirm(browser) -> None:
    await finish(browser, await browser.get("/confirmation-identite"))


async def finish(browser, page) -> None:
    page = await browser.send(page.form(), code=CODE)
    await browser.send(page.form(), one_time_code=RIGHT)
