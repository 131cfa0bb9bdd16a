"""A forgotten code, a door that has shut, and « Ma sécurité »: code, address, devices, terms, the end."""

import datetime as dt
import re

import pytest

from services.gateway.clients.identity import SignedIn
from services.gateway.clients.keys import DeviceLine, Devices, HistoryLine, SessionLine, SignInHistory
from services.gateway.devices import COOKIE
from shared.web.channel import Refused
from tests.services.gateway.fake_keys import GOOD_TOKEN
from tests.services.gateway.fakes import CODE, EMAIL, NIR, Browser, World, world
from tests.web import NOW

NEW_CODE = "Deux-chênes-9"
BIRTH = {"birth_date__jour": "24", "birth_date__mois": "3", "birth_date__annee": "1985"}
SESSION, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


async def stepped_up(site: World) -> Browser:
    browser = site.browser()
    await browser.sign_in()
    page = await browser.get("/confirmation-identite")
    page = await browser.send(page.form(), code=CODE)
    await browser.send(page.form(), one_time_code=site.identity.one_time_code)
    return browser


class TestForgottenCode:
    async def test_number_and_birth_date_are_asked_and_the_answer_tells_nothing(self) -> None:
        site = world()
        page = await site.browser().fill("/code-oublie", nir=NIR, **BIRTH)
        assert page.path == "/code-oublie/envoye"
        assert "Si ces informations sont celles d'un compte" in page.text
        asked = site.keys.last("forgot_code")
        assert (asked["nir"], asked["birth_date"]) == (NIR, dt.date(1985, 3, 24))

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"nir": ""}, "Saisissez votre numéro"),
            ({"nir": "185018313704200"}, "ses deux derniers chiffres"),
            ({"birth_date__jour": "31", "birth_date__mois": "2"}, "La date de naissance n'existe pas."),
        ],
    )
    async def test_what_has_no_form_is_said_beside_its_field(self, typed: dict[str, str], words: str) -> None:
        site = world()
        page = await site.browser().fill("/code-oublie", **{"nir": NIR, **BIRTH, **typed})
        assert (page.status, words in page.text) == (422, True)
        assert site.keys.calls == []

    async def test_a_number_that_identity_refuses_stays_typed(self) -> None:
        site = world()
        site.keys.refusal = Refused("nir-format", 422)
        page = await site.browser().fill("/code-oublie", nir=NIR, **BIRTH)
        assert "Ce numéro de sécurité sociale n'existe pas." in page.text
        assert page.form().fields["nir"] == NIR

    async def test_the_link_takes_another_code(self) -> None:
        site = world()
        browser = site.browser()
        page = await browser.get(f"/nouveau-code/{GOOD_TOKEN}")
        assert site.keys.calls == [], "a mail scanner opens links"
        page = await browser.send(page.form(), code=NEW_CODE, code_again=NEW_CODE)
        assert page.path == "/connexion"
        assert "Votre nouveau code personnel est enregistré." in page.text
        assert site.keys.last("reset_code")["token"] == GOOD_TOKEN

    @pytest.mark.parametrize(
        ("code", "words"),
        [("code-known", "l'un des premiers que l'on essaie"), ("code-personal", "une information qui vous concerne")],
    )
    async def test_a_code_that_is_guessed_first_is_explained_and_not_shown(self, code: str, words: str) -> None:
        site = world()
        site.keys.refusal = Refused(code, 422)
        page = await site.browser().fill(f"/nouveau-code/{GOOD_TOKEN}", code=NEW_CODE, code_again=NEW_CODE)
        assert (page.status, words in page.text) == (422, True)
        assert NEW_CODE not in page.html

    @pytest.mark.parametrize("path", ["/nouveau-code/a.1.c", "/autoriser-les-essais/a.1.c"])
    async def test_a_link_that_is_worth_nothing_says_so(self, path: str) -> None:
        fields = {"code": NEW_CODE, "code_again": NEW_CODE} if "code" in path else {}
        page = await world().browser().fill(path, **fields)
        assert page.path == "/lien-non-valable"

    @pytest.mark.parametrize("path", ["/nouveau-code/a b", "/autoriser-les-essais/%3Cb%3E"])
    async def test_what_is_no_link_is_no_page(self, path: str) -> None:
        assert (await world().browser().get(path)).status == 404

    async def test_a_shut_door_is_opened_by_a_button(self) -> None:
        site = world()
        browser = site.browser()
        page = await browser.get(f"/autoriser-les-essais/{GOOD_TOKEN}")
        assert site.keys.calls == []
        page = await browser.send(page.form())
        assert page.path == "/connexion"
        assert "De nouveaux essais sont autorisés." in page.text


class TestCodeAndAddress:
    @pytest.mark.parametrize("path", ["/ma-securite/code", "/ma-securite/adresse-electronique", "/ma-securite/cloture"])
    async def test_what_matters_asks_for_a_step_up(self, path: str) -> None:
        browser = world().browser()
        await browser.sign_in()
        page = await browser.get(path)
        assert (page.path, page.form().fields["suite"]) == ("/confirmation-identite", path)

    async def test_the_code_is_changed_and_other_browsers_are_signed_out(self) -> None:
        site = world()
        other = site.browser()
        await other.sign_in()
        browser = await stepped_up(site)
        page = await browser.fill("/ma-securite/code", code=NEW_CODE, code_again=NEW_CODE)
        assert page.path == "/ma-securite"
        assert "Votre nouveau code personnel est enregistré." in page.text
        assert site.keys.last("change_code")["code"] == NEW_CODE
        assert site.keys.last("change_code")["who"].access == "step-up"
        assert (await other.get("/mon-compte")).path == "/connexion"

    async def test_the_address_waits_for_its_confirmation(self) -> None:
        site = world()
        browser = await stepped_up(site)
        page = await browser.fill(
            "/ma-securite/adresse-electronique", email="c@exemple.org", email_again="c@exemple.org"
        )
        assert page.path == "/ma-securite"
        assert "Un lien vient de partir à votre nouvelle adresse." in page.text
        site.keys.refusal = Refused("email-unchanged", 409)
        page = await browser.fill("/ma-securite/adresse-electronique", email=EMAIL, email_again=EMAIL)
        assert (page.status, "C'est déjà votre adresse." in page.text) == (422, True)
        assert page.form().fields["email"] == EMAIL

    async def test_a_mistyped_address_is_corrected_before_it_is_confirmed(self) -> None:
        site = world()
        site.identity.confirmed = False
        browser = site.browser()
        page = await browser.sign_in()
        assert page.path == "/mon-compte/adresse-a-confirmer"
        assert "/mon-compte/adresse-a-confirmer/correction" in page.html
        page = await browser.fill(
            "/mon-compte/adresse-a-confirmer/correction", email="c@exemple.org", email_again="c@exemple.org"
        )
        assert page.path == "/mon-compte/adresse-a-confirmer"
        assert site.keys.last("correct_email")["email"] == "c@exemple.org"

    async def test_an_account_is_closed_on_every_device(self) -> None:
        site = world()
        other = site.browser()
        await other.sign_in()
        browser = await stepped_up(site)
        page = await browser.fill("/ma-securite/cloture")
        assert (page.status, "Cochez la case" in page.text) == (422, True)
        page = await browser.send(page.form(), understood="oui")
        assert page.path == "/compte-ferme"
        assert site.sessions.rows == {}
        assert (await other.get("/mon-compte")).path == "/connexion"


class TestDevices:
    async def test_one_sees_where_one_is_signed_in_and_what_happened(self) -> None:
        site = world()
        browser = site.browser()
        await browser.sign_in()
        own = next(iter(site.sessions.rows.values())).reference
        device = site.site.devices.read(browser.client.cookies.get(COOKIE))
        assert own is not None
        site.keys.shown = Devices(
            sessions=(
                SessionLine(session_id=own, at=NOW, device="Firefox sur Linux"),
                SessionLine(session_id=OTHER, at=NOW, device=None),
            ),
            devices=(DeviceLine(device_id=str(device), name="Firefox sur Linux", first_at=NOW, last_at=NOW),),
        )
        lines = ("signed-in", "refused", "ended", "code-reset", "tomorrow")
        site.keys.past = SignInHistory(entries=tuple(HistoryLine(kind=kind, at=NOW, count=2) for kind in lines))
        page = await browser.get("/ma-securite/appareils")
        assert re.search("Firefox sur Linux . cet appareil", page.text)
        assert "Appareil inconnu" in page.text
        assert [form.fields["session"] for form in page.forms if form.action.endswith("/session")] == [OTHER]
        for words in ("Connexion", "2 essais de connexion refusés", "2 connexions fermées à distance", "Activité"):
            assert words in page.text

    async def test_a_session_ended_from_another_device_is_over_at_once(self) -> None:
        site = world()
        phone, desk = site.browser(), site.browser()
        await phone.sign_in()
        there = next(iter(site.sessions.rows.values())).reference
        assert there is not None
        await desk.sign_in()
        site.keys.shown = Devices(sessions=(SessionLine(session_id=there, at=NOW),))
        page = await desk.get("/ma-securite/appareils")
        page = await desk.send(page.form("/ma-securite/appareils/session"))
        assert "L'appareil est déconnecté." in page.text
        assert site.keys.last("end_session")["session_id"] == there
        assert (await phone.get("/mon-compte")).path == "/connexion"
        assert (await desk.get("/mon-compte")).path == "/mon-compte"

    async def test_all_others_are_ended_and_this_one_goes_on(self) -> None:
        site = world()
        others = [site.browser() for _ in range(2)]
        for other in others:
            await other.sign_in()
        desk = site.browser()
        await desk.sign_in()
        site.keys.shown = Devices(sessions=tuple(SessionLine(session_id=one, at=NOW) for one in (SESSION, OTHER)))
        page = await desk.get("/ma-securite/appareils")
        await desk.send(page.form("/ma-securite/appareils/autres"))
        assert [(await one.get("/mon-compte")).path for one in [*others, desk]] == [
            "/connexion",
            "/connexion",
            "/mon-compte",
        ]

    async def test_another_members_session_is_out_of_reach(self) -> None:
        site = world()
        browser = site.browser()
        await browser.sign_in()
        (row,) = site.sessions.rows.values()
        await site.sessions.put(row.model_copy(update={"id": "x", "holder": "somebody", "reference": OTHER}))
        site.keys.shown = Devices(sessions=(SessionLine(session_id=OTHER, at=NOW),))
        page = await browser.get("/ma-securite/appareils")
        await browser.send(page.form("/ma-securite/appareils/session"))
        assert "x" in site.sessions.rows

    async def test_a_device_is_forgotten(self) -> None:
        site = world()
        browser = site.browser()
        await browser.sign_in()
        site.keys.shown = Devices(devices=(DeviceLine(device_id="d1", name="", first_at=NOW, last_at=NOW),))
        page = await browser.get("/ma-securite/appareils")
        page = await browser.send(page.form("/ma-securite/appareils/oubli"))
        assert site.keys.last("forget_device")["device_id"] == "d1"
        assert "Cet appareil n'est plus reconnu" in page.text

    async def test_a_session_that_identity_has_ended_is_over_within_a_minute_and_says_so(self) -> None:
        site = world()
        browser = site.browser()
        await browser.sign_in()
        (row,) = site.sessions.rows.values()
        site.keys.ended = {str(row.reference)}
        assert (await browser.get("/mes-messages")).path == "/mes-messages"
        site.clock.pass_(seconds=61)
        page = await browser.get("/mes-messages")
        assert page.path == "/connexion"
        assert "Votre session a été fermée" in page.text
        assert site.sessions.rows == {}

    async def test_it_is_asked_once_a_minute_and_identity_may_be_down(self) -> None:
        site = world()
        browser = site.browser()
        await browser.sign_in()
        site.clock.pass_(seconds=61)
        site.keys.down = True
        assert (await browser.get("/mes-messages")).path == "/mes-messages"
        site.keys.down = False
        for _ in range(3):
            await browser.get("/mes-messages")
        assert [name for name, _ in site.keys.calls] == ["session_state"] * 2


class TestTerms:
    async def test_newer_terms_come_before_anything_else(self) -> None:
        site = world()
        old = SignedIn(
            stream="s", version=1, member_id="m", session_id=SESSION, access="full", cgu_version="2020-01-01"
        )
        site.identity.opens = old
        browser = site.browser()
        page = await browser.sign_in()
        assert page.path == "/nouvelles-conditions"
        page = await browser.send(page.form())
        assert (page.status, "Cochez la case" in page.text) == (422, True)
        page = await browser.send(page.form(), accepted="oui")
        assert page.path == "/mon-compte"
        accepted = site.keys.last("accept_terms")
        assert (accepted["version"], accepted["digest"]) == (site.site.terms.version, site.site.terms.digest)
        assert (await browser.get("/mes-messages")).path == "/mes-messages"
