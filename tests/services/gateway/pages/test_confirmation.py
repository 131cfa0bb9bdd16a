"""The link of the confirmation mail."""

import pytest

from shared.web.channel import Refused
from tests.services.gateway.fakes import world

LINK = "/confirmer/0d6f5f5a-7a55-4c86-8d1b-1f6d2f3a4b5c.1795615327.Zm9vYmFy_-x"


async def test_opening_the_link_confirms_nothing() -> None:
    site = world()
    site.identity.confirmed = False
    page = await site.browser().get(LINK)
    assert page.status == 200
    assert "Confirmer mon adresse" in page.html
    assert site.identity.calls == []


async def test_pressing_the_button_confirms_and_says_so() -> None:
    site = world()
    page = await site.browser().fill(LINK)
    assert site.identity.last("confirm_email")["token"] == LINK.removeprefix("/confirmer/")
    assert page.path == "/adresse-confirmee"
    assert "Votre adresse est confirmée" in page.text
    assert "Me connecter" in page.text


@pytest.mark.parametrize("code", ["link-invalid", "link-expired", "link-replaced"])
async def test_a_link_that_is_worth_nothing_leads_to_what_can_be_done(code: str) -> None:
    site = world()
    site.identity.refusal = Refused(code, 410)
    page = await site.browser().fill(LINK)
    assert page.path == "/lien-non-valable"
    assert "Rien n'a été changé" in page.text
    assert "connectez-vous" in page.text


async def test_a_link_that_was_used_has_done_what_it_should() -> None:
    site = world()
    site.identity.refusal = Refused("link-already-used", 410)
    assert (await site.browser().fill(LINK)).path == "/adresse-confirmee"


async def test_what_cannot_be_a_token_is_no_page() -> None:
    assert (await world().browser().get("/confirmer/a%20b")).status == 404
    assert (await world().browser().get(f"/confirmer/{'a' * 401}")).status == 404


async def test_the_token_is_in_no_link_of_the_page_but_its_own_form() -> None:
    page = await world().browser().get(LINK)
    assert page.html.count(LINK.removeprefix("/confirmer/")) == 1
