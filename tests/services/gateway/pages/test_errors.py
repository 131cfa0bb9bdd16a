"""Every failure is a page in the frame of the site: what happened, what is safe, what to do next."""

import httpx
import pytest
from starlette.exceptions import HTTPException

from shared.mongo import AutoReconnect
from shared.web.channel import Refused
from tests.services.gateway.fakes import Browser, World, world
from tests.web import Page, read


async def member(site: World) -> Browser:
    browser = site.browser()
    await browser.sign_in()
    return browser


def is_a_page(page: Page, status: int, title: str) -> None:
    assert page.status == status
    assert page.answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.html.startswith("<!DOCTYPE html>")
    assert f'<h1 class="govuk-heading-l">{title}' in page.html.replace("\u00a0", " ")
    assert "Que faire" in page.text
    assert "04 94 16 36 00" in page.text


async def test_an_unknown_page() -> None:
    is_a_page(await world().browser().get("/rien"), 404, "Cette page n'existe pas")


async def test_what_was_asked_for_is_not_echoed() -> None:
    page = await world().browser().get("/rien-185018313704278")
    assert "185018313704278" not in page.html


async def test_another_member_s_id_in_an_address_is_no_page() -> None:
    browser = await member(world())
    assert (await browser.get("/persons/6f0c1c2e-7f6b-4f0e-9a52-2f1f6f0f9a02/vitale")).status == 404


async def test_a_page_that_takes_no_form() -> None:
    site = world()
    answer = await site.browser().client.post("/contact")
    is_a_page(read(answer), 405, "Cette page n'existe pas")


@pytest.mark.parametrize(
    ("refusal", "status", "title"),
    [
        (Refused("conflict", 409), 409, "La situation a changé entre-temps"),
        (Refused("request-invalid", 422), 422, "Cette demande n'a pas pu être lue"),
        (Refused("issuer-refused", 403), 403, "Vous n'avez pas accès à cette page"),
        (Refused("try-later", 429, 120), 429, "Trop d'essais pour le moment"),
        (Refused("token-invalid", 401), 503, "Ce service est momentanément indisponible"),
    ],
)
async def test_a_refusal_of_a_service_is_a_page(refusal: Refused, status: int, title: str) -> None:
    site = world()
    browser = await member(site)
    site.cards.refusal = refusal
    is_a_page(await browser.get("/ma-carte-vitale/commande"), status, title)


async def test_an_error_nobody_expected_is_a_page_that_tells_nothing() -> None:
    site = world()
    browser = await member(site)
    site.cards.crash = ValueError("185018313704278")
    page = await browser.get("/ma-carte-vitale")
    is_a_page(page, 500, "Une erreur est survenue de notre côté")
    assert "185018313704278" not in page.html
    assert "Me déconnecter" in page.text
    site.cards.crash = None
    assert (await browser.get("/ma-carte-vitale")).status == 200


async def test_the_session_store_down_is_a_page_without_a_session() -> None:
    site = world()

    async def broken(_: str) -> None:
        raise AutoReconnect("mongodb://user:password@host")

    browser = await member(site)
    site.sessions.get = broken  # type: ignore[method-assign, assignment]
    page = await browser.get("/mon-compte")
    is_a_page(page, 503, "Ce service est momentanément indisponible")
    assert "password" not in page.html


async def test_readiness_asks_the_session_store() -> None:
    site = world()
    client = site.browser().client
    assert (await client.get("/readyz")).status_code == 200
    site.sessions.broken = True
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["waiting_for"] == ["sessions"]


async def test_a_form_that_is_no_form_is_a_page() -> None:
    site = world()
    answer = await site.browser().client.post(
        "/connexion", content=b"\xff", headers={"Content-Type": "multipart/form-data; boundary=x", "Sec-Fetch-Site": "same-origin"}
    )  # fmt: skip
    assert answer.status_code in {400, 403}
    assert answer.text.startswith("<!DOCTYPE html>")


async def test_a_form_too_large_is_refused() -> None:
    answer = await world().browser().client.post("/connexion", content=b"x" * (1 << 21))
    assert answer.status_code == 413


@pytest.mark.parametrize("status", [400, 418, 502])
async def test_any_other_status_has_a_page_too(status: int) -> None:
    site = world()
    browser = await member(site)
    site.cards.crash = HTTPException(status)
    page = await browser.get("/ma-carte-vitale")
    assert page.status == status
    assert "Que faire" in page.text


async def test_too_many_forms_from_one_network_must_wait() -> None:
    site = world(posts_per_10_minutes=2)
    browser = site.browser()
    for _ in range(2):
        assert (await browser.sign_in(code="Faux-code-1")).status == 422
    page = await browser.sign_in(code="Faux-code-1")
    is_a_page(page, 429, "Trop d'essais pour le moment")
    assert "8 minutes" in page.text
    assert int(page.answer.headers["Retry-After"]) == 473
    elsewhere = site.browser()
    elsewhere.client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=site.app, client=("198.51.100.9", 1)),
        base_url=site.site.settings.public_url,
        follow_redirects=True,
    )
    assert (await elsewhere.sign_in()).status == 200
    site.clock.pass_(minutes=10)
    assert (await browser.sign_in()).path == "/mon-compte"


async def test_a_problem_s_code_stands_in_the_log_line_and_nothing_typed(capsys: pytest.CaptureFixture[str]) -> None:
    await world().browser().sign_in(nir="290127511230580", code="Faux-code-1")
    lines = capsys.readouterr().out
    assert "route=/connexion" in lines
    assert "290127511230580" not in lines
    assert "Faux-code-1" not in lines
