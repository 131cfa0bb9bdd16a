"""The map of services that answer from a book."""

from services.console.domain.words import Role
from tests.services.console.world import world


async def test_what_follows_an_event_in_several_services_stands_apart() -> None:
    console = world()
    browser = console.browser()
    await browser.sign_in(await console.staff(Role.OPERATIONS))
    page = await browser.get("/exploitation")
    assert "identity : toy.answer, cards : toy.answer, notifications : toy.answer" in page.text
