"""The site as an application: a manifest, a worker that keeps files alone, and a page without a connection."""

import re

import pytest

from shared.web.security_headers import CLEAR
from tests.services.gateway.fakes import EMAIL, World, world


@pytest.fixture
def site() -> World:
    return world()


async def test_the_manifest_is_of_the_whole_site_and_its_addresses_exist(site: World) -> None:
    client = site.browser().client
    answer = await client.get("/manifeste.webmanifest")
    assert answer.headers["content-type"].startswith("application/manifest+json")
    manifest = answer.json()
    assert (manifest["scope"], manifest["start_url"], manifest["display"]) == ("/", "/mon-compte", "standalone")
    for address in (manifest["icons"][0]["src"], *(one["url"] for one in manifest["shortcuts"])):
        assert (await client.get(address)).status_code == 200


@pytest.mark.parametrize("path", ["/", "/connexion", "/mon-compte", "/ma-carte-vitale", "/lieux/annuaire"])
async def test_every_page_names_it(site: World, path: str) -> None:
    browser = site.browser()
    if path not in {"/", "/connexion"}:
        await browser.sign_in()
    assert '<link rel="manifest" href="/manifeste.webmanifest">' in (await browser.get(path)).html


async def test_the_worker_keeps_files_that_exist_and_all_that_its_page_loads(site: World) -> None:
    client = site.browser().client
    worker = await client.get("/service.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["Cache-Control"] == "no-cache"
    files = set(re.findall(r'"(/static/[^"]+)"', worker.text))
    assert (await client.get("/hors-connexion")).status_code == 200
    page = (await client.get("/hors-connexion")).text
    loaded = set(re.findall(r'"(/static/[^"]+)"', page))
    script = next(one for one in loaded if one.endswith("site.js"))
    imported = re.findall(r'from "\./([^"]+)"', (await client.get(script)).text)
    loaded |= {script.replace("site.js", name) for name in imported}
    assert loaded <= files
    for one in files:
        assert (await client.get(one)).status_code == 200


async def test_the_page_without_a_connection_is_the_same_for_a_member_and_for_nobody(site: World) -> None:
    browser = site.browser()
    nobody = await browser.client.get("/hors-connexion")
    await browser.sign_in()
    member = await browser.client.get("/hors-connexion")
    assert nobody.text == member.text
    assert "Vous n'êtes pas connecté à internet" in (await browser.get("/hors-connexion")).text
    for word in ("jeton", EMAIL, "Me déconnecter"):
        assert word not in member.text
    assert "set-cookie" not in nobody.headers


async def test_it_is_there_while_services_and_sessions_are_not(site: World) -> None:
    site.sessions.broken = True
    for path in ("/hors-connexion", "/service.js", "/manifeste.webmanifest"):
        assert (await site.browser().client.get(path)).status_code == 200


async def test_a_sign_out_clears_what_the_browser_has_kept(site: World) -> None:
    browser = site.browser()
    page = await browser.sign_in()
    answer = await browser.post(page.form("/deconnexion"))
    assert answer.answer.headers["Clear-Site-Data"] == CLEAR["Clear-Site-Data"] == '"cache", "storage"'
