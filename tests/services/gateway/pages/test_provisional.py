"""« Recevez votre code provisoire sous 8 jours », what its code leads to, and contesting an account."""

import pytest

from shared.web.channel import Refused
from tests.services.gateway.fake_keys import PAPER_CODE
from tests.services.gateway.fakes import CODE, EMAIL, NIR, world

FACTS = {
    "surname": "Martin",
    "nir": NIR,
    "birth_date__jour": "24",
    "birth_date__mois": "3",
    "birth_date__annee": "1985",
    "postcode": "83000",
}
PAGE = "/creer-mon-compte/code-provisoire"


async def test_a_code_is_asked_for_and_the_answer_tells_nothing() -> None:
    site = world()
    page = await site.browser().fill(PAGE, **FACTS)
    assert page.path == f"{PAGE}/demande"
    assert "Si ces informations sont celles que la caisse connaît" in page.text
    facts = site.keys.last("ask_provisional_code")["facts"]
    assert (facts.surname, facts.nir, facts.postcode) == ("Martin", NIR, "83000")


async def test_what_was_typed_in_the_first_step_is_there_already() -> None:
    browser = world().browser()
    await browser.fill("/creer-mon-compte/identite", **FACTS)
    page = await browser.get(PAGE)
    assert page.form().fields["surname"] == "Martin"
    assert page.form().fields["birth_date-annee"] == "1985"


@pytest.mark.parametrize(("field", "words"), [("surname", "Saisissez votre nom"), ("postcode", "Saisissez votre code")])
async def test_what_is_missing_is_said_and_asks_nobody(field: str, words: str) -> None:
    site = world()
    page = await site.browser().fill(PAGE, **{**FACTS, field: ""})
    assert (page.status, words in page.text) == (422, True)
    assert site.keys.calls == []


async def test_a_number_that_identity_refuses_is_said_beside_its_field() -> None:
    site = world()
    site.keys.refusal = Refused("nir-format", 422)
    page = await site.browser().fill(PAGE, **FACTS)
    assert "Ce numéro de sécurité sociale n'existe pas." in page.text


async def test_the_code_leads_to_the_rest_of_the_wizard() -> None:
    site = world()
    browser = site.browser()
    page = await browser.sign_in(code=PAPER_CODE)
    assert page.path == "/creer-mon-compte/conditions"
    page = await browser.send(page.form(), accepted="oui")
    page = await browser.send(page.form(), code=CODE, code_again=CODE)
    page = await browser.send(page.form(), email=EMAIL, email_again=EMAIL)
    assert page.path == "/creer-mon-compte/messagerie"
    assert site.identity.last("create_account")["enrolment_id"] == "enrolment-2"


async def test_it_does_not_lead_back_to_steps_that_were_not_needed() -> None:
    browser = world().browser()
    await browser.sign_in(code=PAPER_CODE)
    assert (await browser.get("/creer-mon-compte/preuves")).path == "/creer-mon-compte/identite"
    assert (await browser.get("/creer-mon-compte/identite")).form().fields["surname"] == ""


async def test_an_account_is_contested_with_what_stands_on_the_letter() -> None:
    site = world()
    browser = site.browser()
    page = await browser.fill("/contester", nir=NIR, code="7KQ2-M4XD-9VTB")
    assert (page.status, "ne vont pas ensemble" in page.text) == (422, True)
    assert "9VTB" not in page.html
    page = await browser.send(page.form(), code=PAPER_CODE)
    assert page.path == "/contester/fait"
    assert "Plus personne ne peut s'y connecter." in page.text
