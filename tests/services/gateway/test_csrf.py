"""Forms are taken from our own pages only."""

import httpx
import pytest

from tests.services.gateway.fakes import CODE, NIR, ORIGIN, World, world
from tests.web import read


async def post(site: World, **headers: str) -> httpx.Response:
    browser = site.browser()
    form = (await browser.get("/connexion")).form()
    return await browser.client.post("/connexion", data={**form.fields, "nir": NIR, "code": CODE}, headers=headers)


async def test_a_form_from_another_site_reaches_no_service_and_is_explained() -> None:
    site = world()
    page = read(await post(site, **{"Sec-Fetch-Site": "cross-site", "Origin": "https://mal.exemple"}))
    assert page.status == 403
    assert "Cette demande vient d'un autre site" in page.text
    assert site.identity.calls == []


async def test_a_browser_without_fetch_metadata_is_judged_by_its_origin() -> None:
    assert str((await post(world(), Origin=ORIGIN)).url) == f"{ORIGIN}/mon-compte"
    assert (await post(world())).status_code == 403


async def test_the_host_header_decides_nothing() -> None:
    answer = await post(world(), Host="mal.exemple", Origin="https://mal.exemple")
    assert answer.status_code == 403


async def test_a_form_shown_before_sign_in_is_not_taken_after() -> None:
    site = world()
    browser = site.browser()
    old = (await browser.get("/connexion")).form()
    await browser.sign_in()
    page = await browser.send(old, nir=NIR, code=CODE)
    assert page.status == 403
    assert "Ce formulaire n'est plus valable" in page.text
    assert "Rien n'a été envoyé ni modifié." in page.text


@pytest.mark.parametrize("path", ["/deconnexion", "/ma-carte-vitale/declaration", "/mon-compte/adresse-a-confirmer"])
async def test_every_post_of_a_member_needs_the_token(path: str) -> None:
    site = world()
    browser = site.browser()
    await browser.sign_in()
    before = len(site.cards.calls)
    answer = await browser.client.post(path, data={"reason": "lost"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    assert len(site.cards.calls) == before


def test_every_route_that_takes_a_form_checks_it() -> None:
    """No POST is reachable without `posting` among its dependencies."""
    from services.gateway.main import routers  # noqa: PLC0415 - a look at the wiring
    from services.gateway.pages.asking import posting  # noqa: PLC0415
    from services.gateway.pages.uploads import uploading  # noqa: PLC0415

    posts = [route for router in routers() for route in router.routes if "POST" in getattr(route, "methods", ())]
    assert len(posts) >= 12
    for route in posts:
        assert {posting, uploading} & {one.call for one in route.dependant.dependencies}, route.path  # type: ignore[attr-defined]
