"""« Conservation »: the table, a hold asked for and placed on the pages, certificates to look at and to take away."""

import pytest

from services.console.domain.words import Role
from tests.services.console.control import REFERENCE, Control
from tests.services.console.services import BORN, CLAIRE, NIR
from tests.services.console.world import Browser, World

PATH = "/controle/conservation"
ASK = {"nir": NIR, **BORN, "case": "TJ Toulon 26/01234", "reason": "demande du tribunal"}


@pytest.fixture
def control(console: World) -> Control:
    made = Control()
    console.services.control = made.answer
    return made


async def at(console: World, role: Role, login: str = "", **more: object) -> Browser:
    browser = console.browser()
    await browser.sign_in(await console.staff(role, login, **more))  # type: ignore[arg-type]
    return browser


async def test_the_table_says_how_long_where_what_next_and_what_was_done(console: World, control: Control) -> None:
    del control
    page = await (await at(console, Role.AUDITOR)).get(PATH)
    for words in (
        "jusqu'à l'effacement du compte, 14 jours après la demande",
        "3, la prochaine le 8 décembre 2026",
        "1, la dernière le 20 novembre 2026",
        "10 ans après la fin des droits",
        "à confirmer",
        "cards : 2 champs",
        "Prochaine clé détruite : celle de 2026-11, le 1er décembre 2027",
        "Aucune n'est détruite",
        REFERENCE,
    ):
        assert words in page.text
    assert "Demander un gel" not in page.text


async def test_a_service_that_is_silent_hides_no_other(console: World, control: Control) -> None:
    del control
    console.services.down.add("cards")
    page = await (await at(console, Role.AUDITOR)).get(PATH)
    assert "cards ne répond pas" in page.text
    assert "geo : 2 champs" in page.text


async def test_two_supervisors_place_and_lift_a_hold(console: World, control: Control) -> None:
    chef = await console.first()
    one = await at(console, Role.SUPERVISOR, "one", by=chef)
    two = await at(console, Role.SUPERVISOR, "two", by=chef)
    page = await one.get(PATH)
    page = await one.send(page.form(f"{PATH}/gel"), **ASK)
    assert "Un autre superviseur doit donner son accord" in page.text
    assert NIR not in page.html
    page = await two.get("/a-deux")
    assert "TJ Toulon 26/01234" in page.text
    [form] = [one for one in page.forms if one.action.startswith("/a-deux/")]
    await two.send(form, reason="vu aussi", accord="oui")
    page = await two.get(PATH)
    assert "TJ Toulon 26/01234 en place depuis" in page.text
    assert "Effacement demandé, retenu" in page.text
    page = await two.send(page.form(f"{PATH}/levee"), reason="affaire close")
    page = await one.get("/a-deux")
    [form] = [one for one in page.forms if one.action.startswith("/a-deux/")]
    await one.send(form, reason="vu aussi", accord="oui")
    assert control.holds == {}
    assert "Aucun." in (await one.get(PATH)).text


async def test_what_identity_did_not_hear_can_be_finished(console: World, control: Control) -> None:
    chef = await console.first()
    one = await at(console, Role.SUPERVISOR, "one", by=chef)
    two = await at(console, Role.SUPERVISOR, "two", by=chef)
    await one.send((await one.get(PATH)).form(f"{PATH}/gel"), **ASK)
    page = await two.get("/a-deux")
    [form] = [one for one in page.forms if one.action.startswith("/a-deux/")]
    console.services.down.add("identity")
    assert (await two.send(form, reason="vu aussi", accord="oui")).status == 503
    console.services.down.clear()
    page = await two.get("/a-deux")
    assert "votre accord est enregistré, mais le service n'a pas répondu" in page.text
    [form] = [one for one in page.forms if one.action.endswith("/suite")]
    await two.send(form)
    assert [one["status"] for one in control.holds.values()] == ["placed"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"nir": ""}, "Saisissez le numéro de sécurité sociale entier."),
        ({"naissance-jour": "32"}, "Cette date n'existe pas."),
        ({"case": ""}, "Saisissez le numéro du dossier de justice."),
        ({"reason": ""}, "Dites pourquoi"),
        ({"naissance-annee": "1986"}, "Personne ne correspond"),
    ],
)
async def test_what_is_refused_is_said_and_asks_nobody(
    console: World, control: Control, fields: dict[str, str], said: str
) -> None:
    browser = await at(console, Role.SUPERVISOR)
    page = await browser.send((await browser.get(PATH)).form(f"{PATH}/gel"), **{**ASK, **fields})
    assert page.status == 422
    assert said in page.text
    assert control.holds == {}
    assert "ApprovalRequested" not in console.service.types()


async def test_a_case_that_identity_refuses_is_said_beside_its_field(console: World, control: Control) -> None:
    del control
    console.services.refuse["/legal-holds"] = "request-invalid"
    browser = await at(console, Role.SUPERVISOR)
    page = await browser.send((await browser.get(PATH)).form(f"{PATH}/gel"), **{**ASK, "case": "« attendez »"})
    assert page.status == 422
    assert "Un numéro de dossier a des lettres" in page.text


async def test_certificates_are_listed_looked_at_and_taken_away(console: World, control: Control) -> None:
    del control
    browser = await at(console, Role.AUDITOR)
    page = await browser.get(f"{PATH}/certificats")
    assert REFERENCE in page.text
    page = await browser.get(f"{PATH}/certificats/{CLAIRE}/{REFERENCE}")
    assert "confirmé par tous les services" in page.text
    assert "clés : 2" in page.text
    assert "documents : 0" not in page.text
    pdf = await browser.client.get(f"{PATH}/certificats/{CLAIRE}/{REFERENCE}/pdf")
    assert pdf.content == b"%PDF-1.7"


@pytest.mark.parametrize("role", [Role.AGENT, Role.OPERATIONS])
async def test_others_do_not_come_in(console: World, control: Control, role: Role) -> None:
    del control
    browser = await at(console, role)
    for path in (PATH, f"{PATH}/certificats", f"{PATH}/certificats/{CLAIRE}/{REFERENCE}"):
        assert (await browser.get(path)).status == 403


async def test_an_auditor_asks_for_no_hold(console: World, control: Control) -> None:
    browser = await at(console, Role.AUDITOR)
    form = (await browser.get("/controle/consultations")).form("/controle/consultations")
    form.action = f"{PATH}/gel"
    assert (await browser.send(form, **ASK)).status == 403
    assert control.holds == {}


async def test_a_hold_that_nobody_decided_is_taken_back(console: World, control: Control) -> None:
    chef = await console.first()
    one = await at(console, Role.SUPERVISOR, "one", by=chef)
    await one.send((await one.get(PATH)).form(f"{PATH}/gel"), **ASK)
    console.clock.move(25 * 3600)
    one = await at(console, Role.SUPERVISOR, "two", by=chef)
    page = await one.get(PATH)
    assert (await one.send(page.form(f"{PATH}/retrait"), reason="x")).status == 422
    page = await one.send(page.form(f"{PATH}/retrait"), reason="demande retirée par le tribunal")
    assert "La demande de gel est retirée." in page.text
    assert control.holds == {}
