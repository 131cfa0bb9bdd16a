"""« Guichet » as an agent uses it: one person by number and birth date, looks recorded, codes printed, losses taken."""

import httpx
import pytest

from services.console.acts import accounts
from services.console.domain.ids import PersonId
from services.console.domain.words import Part, Role
from services.console.read_models.file_reads import file_reads
from tests.services.console.services import ANSWERS, BORN, CHILD, CLAIRE, NIR
from tests.services.console.world import Browser, Person, World, world
from tests.web import Page

WHY = {"purpose": "visit", "reason": "demande un code", "ticket": "D-12"}
LOSS = {
    "what": "lost",
    "jour__jour": "27",
    "jour__mois": "11",
    "jour__annee": "2026",
    "place": "Toulon",
    "honour": "oui",
}
SAID = {"surname": ANSWERS["surname"], "postcode": ANSWERS["postcode"], "iban": ANSWERS["iban_last7"]}


async def at_desk(console: World, role: Role = Role.AGENT, person: Person | None = None) -> Browser:
    browser = console.browser()
    await browser.sign_in(person or await console.staff(role))
    return browser


async def look_up(browser: Browser, **fields: str) -> Page:
    return await browser.fill("/guichet", **{"nir": NIR, **BORN, **WHY, **fields})


async def looks(console: World) -> list[Part]:
    found = await console.office.queries.find(file_reads, person_id=CLAIRE)
    return sorted(one.part for one in found if isinstance(one.part, Part))


async def test_one_person_is_found_and_the_look_is_recorded_first(console: World) -> None:
    browser = await at_desk(console)
    page = await look_up(browser)
    assert (page.status, page.path) == (200, "/guichet/dossier")
    assert "aucun compte" in page.text
    assert "DURAND" not in page.text
    [one] = await console.office.queries.find(file_reads, person_id=CLAIRE)
    assert (one.part, one.purpose, one.reason, one.ticket) == (Part.ACCOUNT, "visit", "demande un code", "D-12")
    assert NIR not in repr(console.services.asked[-1])
    assert NIR not in page.html


async def test_a_part_is_recorded_when_it_is_looked_at(console: World) -> None:
    browser = await at_desk(console)
    page = await look_up(browser)
    page = await browser.send(page.form("/guichet/dossier/profile"))
    assert "Claire DURAND" in page.text
    page = await browser.send(page.form("/guichet/dossier/cards"))
    assert "fonctionne" in page.text
    assert await looks(console) == [Part.ACCOUNT, Part.CARDS, Part.PROFILE, Part.PROFILE]


async def test_where_the_look_cannot_be_recorded_nothing_is_fetched(console: World) -> None:
    browser = await at_desk(console)
    page = await look_up(browser)

    async def broken(*_: object, **__: object) -> None:
        raise ConnectionError

    console.service.store.append = broken  # type: ignore[method-assign, assignment]
    page = await browser.send(page.form("/guichet/dossier/profile"))
    assert page.status == 500
    assert console.services.of("/profile") == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"nir": ""}, "Saisissez le numéro de sécurité sociale entier."),
        ({"naissance-annee": "1986"}, "Personne ne correspond à ce numéro et à cette date de naissance."),
        ({"reason": "x"}, "Dites pourquoi"),
        ({"purpose": ""}, "Choisissez un motif."),
        ({"purpose": "audit"}, "Votre rôle ne permet pas de consulter un dossier pour ce motif."),
    ],
)
async def test_what_is_refused_opens_nothing(console: World, fields: dict[str, str], said: str) -> None:
    browser = await at_desk(console)
    page = await look_up(browser, **fields)
    assert page.status == 422
    assert said in page.text
    assert (await browser.get("/guichet/dossier")).status == 409
    assert await looks(console) == []


async def test_own_and_relatives_files_stay_closed(console: World) -> None:
    chef = await console.first()
    agent = await console.staff(Role.AGENT, by=chef)
    await accounts.name_own_files(console.office, console.by(chef), agent.staff_id, [PersonId(CHILD)], "son enfant")
    page = await look_up(await at_desk(console, person=agent))
    assert page.status == 422
    assert "un autre agent doit s'en charger" in page.text
    assert await looks(console) == []


async def test_a_day_has_so_many_look_ups(console: World) -> None:
    console = world(look_ups_per_day=1)
    browser = await at_desk(console)
    await look_up(browser)
    page = await look_up(browser)
    assert page.status == 429
    assert "autant de dossiers qu'il est permis" in page.text
    assert "LookUpsExhausted" in console.service.types()


async def test_an_open_file_closes_by_itself(console: World) -> None:
    browser = await at_desk(console)
    await look_up(browser)
    console.clock.move(14 * 60)
    assert (await browser.get("/guichet/dossier")).status == 200
    console.clock.move(60)
    assert (await browser.get("/guichet/dossier")).status == 409


async def test_without_an_account_one_agent_has_the_code_printed(console: World) -> None:
    browser = await at_desk(console)
    page = await look_up(browser)
    page = await browser.send(page.form("/guichet/code"), document="")
    assert "Choisissez la pièce" in page.text
    page = await browser.send(page.form("/guichet/code"), document="passport")
    assert "Le code part à l'imprimante du guichet" in page.text
    assert console.services.of("/provisional-code") == [{"document": "passport", "approved_by": None}]
    assert "FirstCodeOrdered" in console.service.types()


async def test_with_an_account_a_second_agent_must_agree(console: World) -> None:
    console.services.account = "open"
    chef = await console.first()
    one, two = [await console.staff(Role.AGENT, login, by=chef) for login in ("one", "two")]
    mine, theirs = await at_desk(console, person=one), await at_desk(console, person=two)
    page = await look_up(mine)
    page = await mine.send(page.form("/guichet/code"), document="passport")
    assert "un second agent doit donner son accord" in page.text
    assert console.services.of("/provisional-code") == []
    page = await theirs.get("/a-deux")
    assert "passeport" in page.text
    [form] = [one for one in page.forms if one.action.startswith("/a-deux/")]
    await theirs.send(form, reason="pièce vue ensemble", accord="oui")
    page = await mine.get("/a-deux")
    [form] = [one for one in page.forms if one.action.startswith("/guichet/code/")]
    assert (await theirs.post(form)).status == 403  # his form is not another's
    page = await mine.send(form)
    assert "Le code part à l'imprimante" in page.text
    assert console.services.of("/provisional-code") == [{"document": "passport", "approved_by": two.staff_id}]
    assert (await mine.send(form, commande="")).status == 409


async def test_a_loss_is_taken_from_who_knows_what_only_he_knows(console: World) -> None:
    browser = await at_desk(console)
    page = await look_up(browser)
    page = await browser.send(page.form("/guichet/perte"), **LOSS, **{**SAID, "surname": "Dupond"})
    assert page.status == 422
    assert "ne permettent pas d'identifier la personne" in page.text
    assert "Dupond" not in page.html
    page = await browser.send(page.form("/guichet/perte"), **LOSS, **SAID)
    assert "mise en opposition" in page.text
    [told] = console.services.of("/vitale-reports")
    assert (told["reason"], told["happened_on"], told["place"]) == ("lost", "2026-11-27", "Toulon")
    assert "LossTakenByPhone" in console.service.types()


async def test_three_wrong_answers_a_day_close_the_telephone(console: World) -> None:
    browser = await at_desk(console)
    page = await look_up(browser)
    for _ in range(3):
        page = await browser.send(page.form("/guichet/perte"), **LOSS, **{**SAID, "iban": "0000000"})
    page = await browser.send(page.form("/guichet/perte"), **LOSS, **SAID)
    assert page.status == 429
    assert console.services.of("/vitale-reports") == []


async def test_a_supervisor_looks_and_does_nothing(console: World) -> None:
    browser = await at_desk(console, Role.SUPERVISOR)
    page = await look_up(browser)
    assert page.path == "/guichet/dossier"
    assert "/guichet/code" not in {form.action for form in page.forms}
    answer = await browser.client.post("/guichet/code", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403


@pytest.mark.parametrize("role", [Role.OPERATIONS, Role.AUDITOR])
async def test_the_others_do_not_come_to_the_desk(console: World, role: Role) -> None:
    browser = await at_desk(console, role)
    for path in ("/guichet", "/guichet/dossier", "/taches"):
        assert (await browser.get(path)).status == 403


async def test_a_service_that_is_down_is_said(console: World) -> None:
    browser = await at_desk(console)
    console.services.down.add("identity")
    page = await look_up(browser)
    assert page.status == 503
    assert isinstance(page.answer, httpx.Response)
