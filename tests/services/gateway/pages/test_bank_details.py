"""« Mes coordonnées bancaires »: seen, changed, cancelled, refused."""

import datetime as dt
from typing import Any

import pytest

from shared.web.channel import Refused
from tests.services.gateway.fake_persons import BANK, HELD
from tests.services.gateway.fakes import World, world
from tests.services.gateway.pages.test_profile import member, stepped_up
from tests.web import NOW, Page

BASE = "/mon-profil/coordonnees-bancaires"
IBAN = "FR76 3000 6000 0112 3456 7890 189"


async def seen(site: World, **bank: Any) -> Page:
    site.persons.bank = BANK.model_copy(update=bank)
    return await (await member(site)).get(BASE)


async def test_the_account_on_file_and_the_way_to_change_it() -> None:
    page = await seen(world())
    assert "FR14 •••• •••• •••• •••• ••02 606" in page.text
    assert f'href="{BASE}/modifier"' in page.html


@pytest.mark.parametrize(
    ("bank", "said"),
    [
        ({"masked": None}, "nous ne pouvons pas vous verser"),
        ({"blocked": True}, "Un changement a été annulé depuis le lien"),
        ({"closed_until": NOW + dt.timedelta(hours=72)}, "à partir du 27 novembre 2026 à 14 h 02"),
        (HELD.model_dump(), "Le 27 novembre 2026 à 14 h 02"),
        ({**HELD.model_dump(), "in_doubt": True}, "La banque n'est pas certaine"),
    ],
)
async def test_each_state_is_told(bank: dict[str, Any], said: str) -> None:
    page = await seen(world(), **bank)
    assert said in page.text
    assert (f'href="{BASE}/modifier"' in page.html) is (bank == {"masked": None})


async def test_from_the_iban_to_the_hold() -> None:
    site = world()
    browser, page = await stepped_up(site, f"{BASE}/modifier")
    page = await browser.send(page.form(), iban=IBAN)
    assert page.path == f"{BASE}/verification"
    assert "FR76 •••• •••• •••• •••• ••90 189" in page.text
    assert "CREDIT AGRICOLE SA" in page.text
    assert IBAN.replace(" ", "") not in page.html.replace(" ", "")
    page = await browser.send(page.form())
    assert page.path == BASE
    assert "Votre demande est enregistrée" in page.text
    assert site.persons.last("change_bank_details")["iban"] == IBAN
    assert site.persons.last("change_bank_details")["who"].access == "step-up"
    page = await browser.send(page.form(f"{BASE}/annuler"))
    assert "La demande est annulée" in page.text
    assert site.persons.last("cancel_bank_change")["request_id"] == HELD.request_id


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("iban-key", "sa clé ne correspond pas"),
        ("iban-rib-key", "sa clé RIB ne correspond pas"),
        ("iban-country", "zone SEPA"),
        ("iban-length", "En France, il en compte 27"),
        ("iban-format", "deux lettres"),
    ],
)
async def test_an_iban_with_a_mistake_stays_to_be_corrected(code: str, said: str) -> None:
    site = world()
    browser, page = await stepped_up(site, f"{BASE}/modifier")
    assert "Saisissez votre IBAN." in (await browser.post(page.form(), iban="")).text
    site.persons.refusal = Refused(code, 422)
    page = await browser.post(page.form(), iban="FR76 1")
    assert page.status == 422
    assert said in page.text
    assert page.form().fields["iban"] == "FR76 1"


@pytest.mark.parametrize("code", ["iban-unchanged", "iban-holder-mismatch"])
async def test_what_only_the_rules_know_is_said_at_the_form(code: str) -> None:
    site = world()
    browser, page = await stepped_up(site, f"{BASE}/modifier")
    page = await browser.send(page.form(), iban=IBAN)
    form = page.form()
    site.persons.refusal = Refused(code, 422)
    page = await browser.post(form)
    assert (page.status, "Il y a un problème" in page.text) == (422, True)


@pytest.mark.parametrize("code", ["bank-changes-blocked", "bank-change-too-soon", "bank-change-pending"])
async def test_a_way_that_closed_meanwhile_is_explained(code: str) -> None:
    site = world()
    browser, page = await stepped_up(site, f"{BASE}/modifier")
    page = await browser.send(page.form(), iban=IBAN)
    form = page.form()
    site.persons.refusal = Refused(code, 409)
    assert (await browser.send(form)).path == BASE


async def test_no_form_where_nothing_can_be_asked_and_no_recap_of_nothing() -> None:
    site = world()
    browser, _ = await stepped_up(site, f"{BASE}/modifier")
    assert (await browser.get(f"{BASE}/verification")).path == f"{BASE}/modifier"
    site.persons.bank = HELD
    assert (await browser.get(f"{BASE}/modifier")).path == BASE


async def test_a_cancellation_that_comes_too_late_shows_how_things_are() -> None:
    site = world()
    page = await seen(site, **HELD.model_dump())
    browser = site.browser()
    await browser.sign_in()
    page = await browser.get(BASE)
    site.persons.refusal = Refused("bank-change-done", 409)
    assert (await browser.send(page.form(f"{BASE}/annuler"))).path == BASE


class TestTheLink:
    async def test_opening_it_shows_a_button_and_pressing_it_cancels(self) -> None:
        site = world()
        browser = site.browser()
        page = await browser.get("/annuler-changement/a.b.c")
        assert page.status == 200
        assert site.persons.calls == []
        page = await browser.send(page.form())
        assert "Le changement est annulé" in page.text
        assert site.persons.last("cancel_by_link")["token"] == "a.b.c"

    @pytest.mark.parametrize(
        ("code", "status", "said"),
        [
            ("link-expired", 410, "trop tard"),
            ("bank-change-done", 409, "trop tard"),
            ("link-invalid", 404, "Ce lien n'annule rien"),
            ("bank-change-unknown", 404, "Ce lien n'annule rien"),
        ],
    )
    async def test_a_link_that_cancels_nothing(self, code: str, status: int, said: str) -> None:
        site = world()
        browser = site.browser()
        page = await browser.get("/annuler-changement/a.b.c")
        site.persons.refusal = Refused(code, status)
        page = await browser.post(page.form())
        assert (page.status, said in page.text) == (status, True)

    async def test_what_is_no_token(self) -> None:
        assert (await world().browser().get("/annuler-changement/a%20b")).status == 404
