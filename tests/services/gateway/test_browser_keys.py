"""The pages of an account's keys in a real browser: what axe finds, what fits a phone, and a way through them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from services.gateway.clients.keys import DeviceLine, Devices, HistoryLine, SessionLine, SignInHistory
from tests.services.gateway.fake_keys import GOOD_TOKEN
from tests.services.gateway.fakes import CODE, World
from tests.services.gateway.test_browser import Visitor, chromium, picture, site, visit
from tests.services.gateway.test_browser_cards import look
from tests.web import NOW

pytestmark = pytest.mark.connected
FIXTURES = (chromium, site, visit)

FOR_VISITORS = (
    "/connexion",
    "/code-oublie",
    "/code-oublie/envoye",
    f"/nouveau-code/{GOOD_TOKEN}",
    f"/autoriser-les-essais/{GOOD_TOKEN}",
    "/creer-mon-compte/code-provisoire",
    "/creer-mon-compte/code-provisoire/demande",
    "/contester",
    "/contester/fait",
    "/compte-ferme",
)
FOR_MEMBERS = ("/ma-securite", "/ma-securite/appareils", "/nouvelles-conditions", "/confirmation-identite")
AFTER_A_STEP_UP = ("code", "adresse-electronique", "cloture", "application-de-codes")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_keys_is_accessible_and_fits_a_phone(
    visit: Callable[..., Visitor], site: World, scheme: str
) -> None:
    site.keys.shown = Devices(
        sessions=tuple(SessionLine(session_id=f"s-{number}", at=NOW, device="Safari sur iPhone") for number in (1, 2)),
        devices=(DeviceLine(device_id="d1", name="Safari sur iPhone", first_at=NOW, last_at=NOW),),
    )
    site.keys.past = SignInHistory(entries=(HistoryLine(kind="signed-in", at=NOW), HistoryLine(kind="refused", at=NOW)))
    visitor = visit(color_scheme=scheme)
    visitor.page.set_viewport_size({"width": 360, "height": 740})
    for path in FOR_VISITORS:
        look(visitor, path)
    visitor.sign_in()
    for path in FOR_MEMBERS:
        look(visitor, path)
        picture(visitor, f"keys{path.replace('/', '-')}-{scheme}")
    visitor.page.locator("[name=code]").fill(CODE)
    visitor.page.get_by_role("button", name="Continuer").click()
    look(visitor, "/confirmation-identite/code")
    picture(visitor, f"keys-one-time-code-{scheme}")
    visitor.page.locator("[name=one_time_code]").fill(site.identity.one_time_code)
    visitor.page.get_by_role("button", name="Confirmer").click()
    for page in AFTER_A_STEP_UP:
        look(visitor, f"/ma-securite/{page}")
    visitor.page.get_by_role("button", name="Activer une application de codes").click()
    look(visitor, "/ma-securite/application-de-codes/activation")
    image = visitor.page.locator("main img")
    assert image.evaluate("image => image.naturalWidth") > 0, "the policy lets it show"
    picture(visitor, f"keys-app-{scheme}")
    visitor.page.locator("[name=one_time_code]").fill("123456")
    visitor.page.get_by_role("button", name="Activer").click()
    expect(visitor.page.locator("main")).to_contain_text("ABCD-EFGH-2234")
