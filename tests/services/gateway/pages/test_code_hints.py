"""What is said of a code while it is typed."""

from typing import Any

import pytest

from shared.web.channel import Refused
from tests.services.gateway.fake_keys import GOOD_TOKEN
from tests.services.gateway.fakes import Browser, world
from tests.services.gateway.pages.test_enrolment import until
from tests.web import FoundForm, Page

PATH = "/code-personnel/indices"


async def hints(browser: Browser, page: Page, code: str) -> Any:
    """As the page's own script asks."""
    form = FoundForm(PATH, "post", {"jeton": page.form().fields["jeton"]})
    return (await browser.post(form, code=code)).answer


async def test_who_has_proved_who_he_is_is_told_both() -> None:
    site = world()
    browser = site.browser()
    page = await until(browser, "code")
    assert f'data-code-hints="{PATH}"' in page.html
    assert (await hints(browser, page, "Azerty-12")).json() == {"known": True, "personal": False}
    assert (await hints(browser, page, "Martin-12")).json() == {"known": False, "personal": True}
    assert site.keys.last("code_hints")["enrolment_id"] == "enrolment-1"


async def test_who_holds_a_link_is_not_told_whose_it_is() -> None:
    browser = world().browser()
    page = await browser.get(f"/nouveau-code/{GOOD_TOKEN}")
    assert (await hints(browser, page, "Martin-12")).json() == {"known": False, "personal": None}


@pytest.mark.parametrize("code", ["", "x" * 101], ids=["nothing", "too much"])
async def test_what_cannot_be_a_code_is_not_asked_about(code: str) -> None:
    site = world()
    browser = site.browser()
    page = await until(browser, "code")
    assert (await hints(browser, page, code)).json() == {"known": None, "personal": None}
    assert not [name for name, _ in site.keys.calls if name == "code_hints"]


async def test_where_identity_says_nothing_neither_does_the_page() -> None:
    site = world()
    browser = site.browser()
    page = await until(browser, "code")
    site.keys.refusal = Refused("unavailable", 503)
    assert (await hints(browser, page, "Azerty-12")).json() == {"known": None, "personal": None}


async def test_another_site_s_script_is_refused() -> None:
    browser = world().browser()
    await until(browser, "code")
    answer = (await browser.post(FoundForm(PATH, "post", {"jeton": "another"}), code="Azerty-12")).answer
    assert answer.status_code == 403


async def test_it_is_counted_like_a_form() -> None:
    browser = world(posts_per_10_minutes=5).browser()
    page = await until(browser, "code")
    answers = [(await hints(browser, page, "Azerty-12")).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
