"""« Vérifier un document » without a script: the server reads the code and says what it may say."""

import datetime as dt
import uuid
from typing import Any

import pytest

from shared.web.channel import Refused
from tests.services.gateway.fake_attestations import PROOF, code
from tests.services.gateway.fakes import ORIGIN, World, world
from tests.web import Page


async def checked(site: World, text: str) -> Page:
    browser = site.browser()
    page = await browser.get("/verifier")
    return await browser.post(page.form("/verifier"), code=text)


@pytest.mark.parametrize(
    ("status", "changes", "said"),
    [
        ("stands", {}, "Document valable"),
        ("revoked", {}, "Document annulé"),
        ("unknown", {}, "Document inconnu"),
        ("stands", {"x": dt.date(2026, 11, 23)}, "n'est plus valable"),
        ("stands", {"x": None}, "Document valable"),
        ("stands", {"k": "of-2031"}, "annulation non vérifiée"),
    ],
)
async def test_what_it_says(status: str, changes: dict[str, Any], said: str) -> None:
    site = world()
    site.attestations.statuses[PROOF.i] = status
    page = await checked(site, code(ORIGIN, **changes))
    assert page.status == 200
    assert said in page.text
    assert "C. L." in page.text
    assert PROOF.n in page.text


async def test_a_token_alone_will_do() -> None:
    page = await checked(world(), f"  {code(ORIGIN).partition('#')[2]} ")
    assert "Document valable" in page.text


async def test_a_forged_code() -> None:
    for text in (code(ORIGIN)[:-4] + "AAAA", "https://example.org/#a.b.c", "x"):
        assert "Ce code n'est pas le nôtre" in (await checked(world(), text)).text


async def test_nothing_to_check() -> None:
    page = await checked(world(), "  ")
    assert (page.status, "Collez l'adresse" in page.text) == (422, True)


async def test_where_nobody_can_say_whether_it_was_revoked() -> None:
    site = world()
    site.attestations.refusal = Refused("unavailable", 503)
    assert "Nous n'avons pas pu savoir" in (await checked(site, code(ORIGIN))).text


async def test_the_script_asks_for_the_state_by_the_id_alone() -> None:
    site = world()
    browser = site.browser()
    answer = await browser.client.get(f"/verifier/etat/attestation/{PROOF.i}")
    assert answer.json() == {"status": "stands"}
    site.attestations.down = True
    assert (await browser.client.get(f"/verifier/etat/attestation/{PROOF.i}")).json() == {"status": "unchecked"}
    assert (await browser.client.get(f"/verifier/etat/of-2031/{uuid.uuid4()}")).status_code == 404
    assert (await browser.client.get("/verifier/etat/attestation/x")).status_code == 422


async def test_the_keys_stand_in_the_page() -> None:
    site = world()
    page = await site.browser().get("/verifier")
    assert site.site.published_keys["keys"][0]["kid"] in page.html
