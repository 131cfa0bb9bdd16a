"""The provisional replacement certificate: offered when it helps, downloaded, checked."""

import datetime as dt
from typing import Any

import pytest

from services.gateway.clients.ceam import Ceam
from shared.web.channel import Refused
from tests.services.gateway.pages.test_ceam import LIVE, member, ordered
from tests.web import NOW

TODAY = NOW.date()
NEAR: dict[str, Any] = {"country": "IT", "departure_on": TODAY + dt.timedelta(days=3), "certificate_advised": True}
HELD = {
    "certificate_id": "7f2f6c1e-7f6b-4f0e-9a52-2f1f6f0f9a02",
    "certificate_from": TODAY,
    "certificate_until": TODAY + dt.timedelta(days=89),
}


@pytest.mark.parametrize(
    ("card", "offered"),
    [
        (None, False),
        (Ceam.model_validate(LIVE), False),
        (Ceam.model_validate({**LIVE, "status": "lost"}), True),
        (Ceam.model_validate({**LIVE, "status": "stolen"}), True),
        (ordered("requested"), False),
        (ordered("requested", **NEAR), True),
        (ordered("requested", **{**NEAR, "departure_on": TODAY + dt.timedelta(days=15)}), False),
        (ordered("requested", **{**NEAR, "departure_on": TODAY - dt.timedelta(days=1)}), False),
        (ordered("delivered", **NEAR, **LIVE), False),
    ],
)
async def test_it_is_offered_when_it_helps(card: Ceam | None, offered: bool) -> None:  # noqa: FBT001
    _, browser = await member(card)
    page = await browser.get("/ma-ceam")
    assert ("/ma-ceam/certificat" in page.html) is offered


async def test_for_a_near_departure_the_trip_of_the_order_is_named() -> None:
    site, browser = await member(ordered("requested", **NEAR))
    page = await browser.send((await browser.get("/ma-ceam")).form("/ma-ceam/certificat"))
    assert "Votre certificat provisoire est prêt." in page.text
    trip = site.ceam.last("issue_certificate")["trip"]
    assert (trip.country, trip.departure_on) == ("IT", NEAR["departure_on"])


async def test_for_a_lost_card_no_trip_is_needed() -> None:
    site, browser = await member(Ceam.model_validate({**LIVE, "status": "lost"}))
    await browser.send((await browser.get("/ma-ceam")).form("/ma-ceam/certificat"))
    assert site.ceam.last("issue_certificate")["trip"].departure_on is None


async def test_one_that_holds_is_downloaded_and_no_other_offered() -> None:
    _, browser = await member(Ceam.model_validate({**LIVE, "status": "lost", **HELD}))
    page = await browser.get("/ma-ceam")
    assert "Télécharger le certificat (PDF)" in page.text
    assert "Obtenir le certificat" not in page.text
    answer = await browser.client.get("/ma-ceam/certificat")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("code", "path", "words"),
    [
        ("ceam-certificate-valid", "/ma-ceam", "Carte européenne"),
        ("ceam-certificate-not-needed", "/ma-ceam/certificat", "Aucun certificat n'est nécessaire"),
        ("ceam-no-rights", "/ma-ceam/certificat", "Les droits ne sont pas ouverts"),
    ],
)
async def test_a_refusal_is_explained(code: str, path: str, words: str) -> None:
    site, browser = await member(Ceam.model_validate({**LIVE, "status": "lost"}))
    form = (await browser.get("/ma-ceam")).form("/ma-ceam/certificat")

    async def refuse(*_: object) -> None:
        raise Refused(code, 409)

    site.ceam.issue_certificate = refuse  # type: ignore[assignment, method-assign]
    page = await browser.send(form)
    assert page.path == path
    assert words.lower() in page.text.lower()


async def test_whoever_holds_the_paper_learns_whether_it_stands() -> None:
    site, browser = await member()
    answer = await browser.client.get(f"/verifier/etat/ceam/{HELD['certificate_id']}")
    assert answer.json() == {"status": "stands"}
    assert site.ceam.last("certificate_status")["certificate_id"] == HELD["certificate_id"]
    site.ceam.down = True
    assert (await browser.client.get(f"/verifier/etat/ceam/{HELD['certificate_id']}")).json() == {"status": "unchecked"}
