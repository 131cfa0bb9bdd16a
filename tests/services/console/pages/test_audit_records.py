"""« Qui a vu quoi » as an auditor uses it: a reason first, then rows; files that a spreadsheet opens; himself among them."""

import json

import pytest

from services.console.acts import accounts
from services.console.domain.ids import PersonId
from services.console.domain.words import Role
from tests.services.console.pages.test_desk import look_up
from tests.services.console.services import BORN, CLAIRE, NIR
from tests.services.console.world import Browser, Person, World

PATH = "/controle/consultations"
WHY = {"reason": "contrôle annuel", "ticket": "M-3"}


@pytest.fixture
async def auditor(console: World) -> Browser:
    """After an agent has looked somebody up."""
    chef = await console.first()
    desk = console.browser()
    await desk.sign_in(await console.staff(Role.AGENT, by=chef))
    await look_up(desk, reason="=cmd()")
    browser = console.browser()
    await browser.sign_in(await console.staff(Role.AUDITOR, by=chef))
    return browser


async def test_a_month_is_shown_after_its_look_was_recorded(console: World, auditor: Browser) -> None:
    page = await auditor.fill(PATH, mois="2026-11", **WHY)
    assert "1 consultation, mois 2026-11" in page.text
    assert "agent" in page.text
    assert "Visite à l'accueil : =cmd()" in page.text
    assert "Qui a parcouru ce registre ce mois-là" in page.text
    assert "contrôle annuel" in page.text
    assert console.service.types()[-1] == "AccessRecordsRead"


async def test_one_person_by_number_shows_the_auditors_own_look(console: World, auditor: Browser) -> None:
    page = await auditor.fill(PATH, nir=NIR, **BORN, **WHY)
    assert f"2 consultations, personne {CLAIRE}" in page.text
    assert "Contrôle : contrôle annuel" in page.text
    assert "qui a consulté" in page.text
    assert NIR not in page.html
    again = await auditor.send(page.form(PATH))
    assert f"3 consultations, personne {CLAIRE}" in again.text
    assert console.service.types()[-1] == "MemberFileRead"


async def test_files_hold_all_rows_and_no_formula(console: World, auditor: Browser) -> None:
    page = await auditor.fill(PATH, mois="2026-11", **WHY)
    csv = await auditor.post(page.form(f"{PATH}/fichier.csv"))
    assert csv.answer.content.startswith(b"\xef\xbb\xbfat;person_id;reader")
    assert b";'=cmd();" in csv.answer.content
    rows = (await auditor.post(page.form(f"{PATH}/fichier.jsonl"))).answer.content.splitlines()
    assert [json.loads(one)["reason"] for one in rows] == ["=cmd()"]
    exported = [one.exported for one in await console.service.events() if hasattr(one, "exported")]
    assert exported == [False, True, True]


async def test_destroyed_months_say_so(console: World, auditor: Browser) -> None:
    await console.service.vault.destroy("2026-11", "access", console.clock.now())
    page = await auditor.fill(PATH, mois="2026-11", **WHY)
    assert page.text.count("détruit") >= 4
    assert "=cmd()" not in page.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": "x", "mois": "2026-11"}, "Dites pourquoi"),
        ({"mois": ""}, "Choisissez un mois (2026-11) ou une personne."),
        ({"mois": "novembre"}, "Choisissez un mois (2026-11) ou une personne."),
        ({"mois": "2026-11", "nir": NIR}, "Le numéro et la date de naissance vont ensemble."),
        ({"mois": "2026-11", "role": "chef"}, "Choisissez dans la liste."),
        ({"personne": "Claire"}, "Un pseudonyme a 32 chiffres"),
        ({"nir": NIR, **BORN, "naissance-annee": "1986"}, "Personne ne correspond"),
    ],
)
async def test_what_is_refused_shows_and_records_nothing(
    console: World, auditor: Browser, fields: dict[str, str], said: str
) -> None:
    before = len(console.service.store.commits)
    page = await auditor.fill(PATH, **{**WHY, **fields})
    assert page.status == 422
    assert said in page.text
    assert "=cmd()" not in page.text
    assert len(console.service.store.commits) == before


async def test_an_auditors_own_file_is_refused(console: World) -> None:
    chef = await console.first()
    person: Person = await console.staff(Role.AUDITOR, by=chef)
    await accounts.name_own_files(console.office, console.by(chef), person.staff_id, [PersonId(CLAIRE)], "his own")
    browser = console.browser()
    await browser.sign_in(person)
    page = await browser.fill(PATH, personne=CLAIRE, **WHY)
    assert page.status == 422
    assert "C'est votre dossier" in page.text


@pytest.mark.parametrize("role", [Role.AGENT, Role.OPERATIONS, Role.SUPERVISOR])
async def test_others_do_not_come_in(console: World, role: Role) -> None:
    browser = console.browser()
    await browser.sign_in(await console.staff(role))
    assert (await browser.get(PATH)).status == 403


async def test_a_mandate_that_is_over_opens_nothing(console: World, auditor: Browser) -> None:
    console.clock.move(31 * 86_400)
    assert (await auditor.get(PATH)).path == "/connexion"
