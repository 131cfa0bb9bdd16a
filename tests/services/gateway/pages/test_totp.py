"""« Application de codes »."""

from tests.services.gateway.fakes import CODE, CODE_ASKED, world
from tests.services.gateway.pages.test_keys import stepped_up

BASE = "/ma-securite/application-de-codes"


async def test_an_app_is_told_its_secret_and_eight_codes_are_shown_once() -> None:
    site = world()
    browser = await stepped_up(site)
    page = await browser.fill(BASE)
    assert page.path == f"{BASE}/activation"
    assert "JBSWY3DPEHPK3PXP" in page.text
    image = await browser.get(f"{BASE}/image")
    assert image.answer.headers["content-type"].startswith("image/svg+xml")
    assert "<svg" in image.html
    assert "#fff" in image.html, "it is read in a dark scheme, too"
    wrong = await browser.send(page.form(), one_time_code="000000")
    assert (wrong.status, "JBSWY3DPEHPK3PXP" in wrong.text) == (422, True)
    assert "Ce code n'est pas celui que l'application affiche" in wrong.text
    done = await browser.send(wrong.form(), one_time_code="123 456")
    assert "ABCD-EFGH-2234" in done.text
    assert (await browser.get(f"{BASE}/image")).status == 404
    assert (await browser.get(f"{BASE}/activation")).path == BASE


async def test_it_is_switched_off_again() -> None:
    site = world()
    site.keys.totp = True
    browser = await stepped_up(site)
    page = await browser.get(BASE)
    page = await browser.send(page.form(f"{BASE}/fin"))
    assert page.path == "/ma-securite"
    assert "de nouveau envoyés par e-mail" in page.text


async def test_it_asks_for_a_step_up() -> None:
    browser = world().browser()
    await browser.sign_in()
    assert (await browser.get(BASE)).path == "/confirmation-identite"


async def test_at_the_door_the_app_or_a_recovery_code_is_asked_for_and_no_mail() -> None:
    site = world()
    site.identity.asks_code = True
    site.identity.one_time_code = "ABCDEFGH2234"
    site.identity.asked = CODE_ASKED.model_copy(update={"factor": "totp"})
    browser = site.browser()
    page = await browser.sign_in(code=CODE)
    assert "Ouvrez votre application de codes" in page.text
    assert "Renvoyer" not in page.text
    page = await browser.send(page.form(), one_time_code="000000")
    assert "Ce code n'est pas celui que l'application affiche, ou il a déjà servi." in page.text
    assert "envoyé" not in page.text
    page = await browser.send(page.form(), one_time_code="abcd-efgh-2234")
    assert page.path == "/mon-compte"
