"""In and out."""

import pytest

from shared.web.channel import Refused
from tests.services.gateway.fakes import CODE, MEMBER, NIR, world


async def test_the_right_number_and_code_lead_to_the_account() -> None:
    site = world()
    page = await site.browser().sign_in(nir="1 85 01 83 137 042 78")
    assert page.path == "/mon-compte"
    assert site.identity.last("sign_in")["nir"] == NIR


async def test_signing_in_changes_the_cookie_and_forgets_the_visitor() -> None:
    site = world()
    browser = site.browser()
    await browser.fill("/creer-mon-compte/identite", surname="X", nir=NIR, postcode="83000", birth_date__jour="1", birth_date__mois="1", birth_date__annee="1985")  # fmt: skip
    before = browser.cookie
    await browser.sign_in()
    assert browser.cookie not in {before, None}
    (row,) = site.sessions.rows.values()
    assert row.holder == MEMBER
    session = await site.site.sessions.open(browser.cookie)
    assert session.state.enrolment is None


@pytest.mark.parametrize("wrong", [{"code": "Toulon-84"}, {"nir": "290127511230580"}])
async def test_a_wrong_number_and_a_wrong_code_look_the_same(wrong: dict[str, str]) -> None:
    page = await world().browser().sign_in(**wrong)
    assert page.status == 422
    assert "Le numéro de sécurité sociale ou le code n'est pas le bon." in page.text
    assert 'value="Toulon' not in page.html


async def test_the_number_stays_typed_and_the_code_does_not() -> None:
    page = await world().browser().sign_in(code="Faux-code-1")
    assert page.form().fields["nir"] == NIR
    assert "Faux-code-1" not in page.html


@pytest.mark.parametrize(("field", "words"), [("nir", "Saisissez votre numéro"), ("code", "Saisissez votre code")])
async def test_nothing_typed_asks_nobody(field: str, words: str) -> None:
    site = world()
    page = await site.browser().sign_in(**{field: ""})
    assert words in page.text
    assert site.identity.calls == []


async def test_a_visitor_is_led_back_to_the_page_he_wanted() -> None:
    browser = world().browser()
    page = await browser.get("/ma-carte-vitale/commande")
    assert page.path == "/connexion"
    assert "Connectez-vous pour voir cette page." in page.text
    page = await browser.send(page.form(), nir=NIR, code=CODE)
    assert page.path == "/ma-carte-vitale/commande"


async def test_a_wrong_try_does_not_forget_where_he_was_going() -> None:
    browser = world().browser()
    page = await browser.get("/ma-carte-vitale")
    page = await browser.send(page.form(), nir=NIR, code="Faux-code-1")
    page = await browser.send(page.form(), nir=NIR, code=CODE)
    assert page.path == "/ma-carte-vitale"


@pytest.mark.parametrize("target", ["https://mal.exemple", "//mal.exemple", "/\\mal.exemple", "/a//b", "javascript:x"])
async def test_nobody_is_led_off_this_site(target: str) -> None:
    browser = world().browser()
    page = await browser.get("/connexion")
    page = await browser.send(page.form(), nir=NIR, code=CODE, suite=target)
    assert page.path == "/mon-compte"
    page = await world().browser().get(f"/connexion?suite={target}")
    assert target not in page.html


async def test_a_growing_delay_says_how_long() -> None:
    site = world()
    site.identity.refusal = Refused("try-later", 429, 8)
    page = await site.browser().sign_in()
    assert page.status == 429
    assert page.answer.headers["Retry-After"] == "8"
    assert "Attendez 8 secondes" in page.text


async def test_identity_down_says_what_is_safe() -> None:
    site = world()
    site.identity.down = True
    page = await site.browser().sign_in()
    assert page.status == 503
    assert "La vérification des comptes ne répond pas" in page.text
    assert "sans risque" in page.text


async def test_a_token_that_identity_doubts_is_not_called_a_wrong_code() -> None:
    site = world()
    site.identity.refusal = Refused("token-invalid", 401)
    assert (await site.browser().sign_in()).status == 503


async def test_signing_out_forgets_the_session_here_there_and_in_the_browser() -> None:
    site = world()
    browser = site.browser()
    page = await browser.sign_in()
    answer = await browser.post(page.form("/deconnexion"))
    assert answer.status == 303
    assert answer.answer.headers["Location"] == "/au-revoir"
    assert answer.answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Max-Age=0" in answer.answer.headers["Set-Cookie"]
    assert site.sessions.rows == {}
    assert site.identity.last("sign_out")["session_id"]
    assert (await browser.get("/mon-compte")).path == "/connexion"


async def test_signing_out_works_while_identity_is_down() -> None:
    site = world()
    browser = site.browser()
    page = await browser.sign_in()
    site.identity.down = True
    assert (await browser.send(page.form("/deconnexion"))).path == "/au-revoir"
    assert site.sessions.rows == {}


async def test_a_stolen_cookie_of_before_is_worth_nothing_after() -> None:
    site = world()
    browser = site.browser()
    page = await browser.sign_in()
    thief = browser.twin()
    await browser.send(page.form("/deconnexion"))
    assert (await thief.get("/mon-compte")).path == "/connexion"


async def test_a_member_who_asks_for_the_sign_in_page_is_led_home() -> None:
    browser = world().browser()
    await browser.sign_in()
    assert (await browser.get("/connexion")).path == "/mon-compte"


async def test_an_idle_session_ends_and_says_so() -> None:
    site = world()
    browser = site.browser()
    await browser.sign_in()
    site.clock.pass_(minutes=16)
    page = await browser.get("/ma-carte-vitale")
    assert page.path == "/connexion"
    assert "Votre session a expiré après une période sans activité." in page.text
    assert page.form().fields["suite"] == "/ma-carte-vitale"
