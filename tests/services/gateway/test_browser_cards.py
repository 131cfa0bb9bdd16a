"""The pages of cards in a real browser: what axe finds, what fits a phone, files with and without JavaScript."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from services.gateway.clients.cards import Stage
from services.gateway.clients.ceam import Ceam
from tests.services.gateway.fakes import VITALE, World, sent, story
from tests.services.gateway.pages.test_ceam import LIVE, ordered
from tests.services.gateway.pages.test_ceam_certificate import HELD, NEAR
from tests.services.gateway.pages.test_subject import LEA
from tests.services.gateway.test_browser import Visitor, chromium, picture, site, visit
from tests.web import NOW

pytestmark = pytest.mark.connected
FIXTURES = (chromium, site, visit)
ORDER = "/ma-carte-vitale/commande"


def look(visitor: Visitor, path: str) -> None:
    """Nothing that axe finds, and nothing that scrolls sideways."""
    visitor.page.goto(path)
    found = Axe().run(visitor.page)
    assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
    width = visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_of_an_order_is_accessible_and_fits_a_phone(
    visit: Callable[..., Visitor], site: World, scheme: str
) -> None:
    site.cards.family = (*site.cards.family, LEA)
    site.cards.card = VITALE.model_copy(update={"used_after_opposition": NOW, "residence_until": NOW})
    visitor = visit(color_scheme=scheme)
    visitor.page.set_viewport_size({"width": 360, "height": 740})
    visitor.sign_in()
    look(visitor, "/ma-carte-vitale")
    for stage in Stage:
        told: dict[str, Any] = {"photo_fault": "blurred"} if stage is Stage.PHOTO_REJECTED else {}
        site.cards.story = story("lost", ("requested", NOW), (stage, NOW)).model_copy(update=told)
        look(visitor, ORDER)
    for stage in (Stage.REQUESTED, Stage.PHOTO_REJECTED):
        site.cards.story = story("lost", (stage, NOW))
        look(visitor, f"{ORDER}/pieces")
        picture(visitor, f"cards-{stage}-{scheme}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_of_a_european_card_is_accessible_and_fits_a_phone(
    visit: Callable[..., Visitor], site: World, scheme: str
) -> None:
    site.cards.family = (*site.cards.family, LEA)
    site.notifications.sent = tuple(sent(f"news-{number}", read=False) for number in range(120))
    visitor = visit(color_scheme=scheme)
    visitor.page.set_viewport_size({"width": 360, "height": 740})
    visitor.sign_in()
    look(visitor, "/mes-messages")
    look(visitor, f"/mes-messages?avant={site.notifications.sent[49].message_id}")
    picture(visitor, f"messages-pages-{scheme}")
    states = (
        None,
        Ceam.model_validate(LIVE),
        Ceam.model_validate({**LIVE, "status": "lost", **HELD}),
        ordered("requested", **NEAR),
        ordered("sent"),
        ordered("returned"),
        ordered("address_checked"),
    )
    for card in states:
        site.ceam.card = card
        look(visitor, "/ma-ceam")
    look(visitor, "/ma-ceam/commande")
    site.ceam.card = Ceam.model_validate(LIVE)
    look(visitor, "/ma-ceam/declaration")


@pytest.mark.parametrize("javascript", [True, False])
def test_files_are_sent_with_and_without_javascript(
    visit: Callable[..., Visitor], site: World, javascript: object
) -> None:
    site.cards.story = story("lost", ("requested", NOW))
    visitor = visit(java_script_enabled=javascript)
    visitor.sign_in()
    page = visitor.page
    page.goto(f"{ORDER}/pieces")
    target = io.BytesIO()
    Image.new("RGB", (700, 900), (170, 120, 90)).save(target, "JPEG")
    file = {"name": "une photo.jpg", "mimeType": "image/jpeg", "buffer": target.getvalue()}
    page.locator("[name=photo]").set_input_files([file])
    page.get_by_role("button", name="Envoyer").click()
    assert page.locator(".govuk-error-summary").is_visible()
    assert "Choisissez l'image ou le PDF de la pièce d'identité." in page.inner_text("main")
    page.locator("[name=identity_document]").set_input_files([file])
    page.locator("[name=recent]").check()
    page.locator("[name=address]").check()
    page.get_by_role("button", name="Envoyer").click()
    page.wait_for_url("**/ma-carte-vitale/commande")
    assert "Votre envoi est bien reçu." in page.inner_text("main")
    assert site.cards.last("order")["what"] == "documents"
