"""« Enquêtes » and one account: looks for a fraud belong to an inquiry; whose files are whose, until when one may look."""

import uuid

import pytest

from services.console.acts import accounts, reading
from services.console.acts.finding import household
from services.console.domain.ids import PersonId
from services.console.domain.words import Purpose, Role
from shared.problems import Refused
from tests.services.console.services import BORN, CHILD, CLAIRE, NIR
from tests.services.console.world import Browser, Person, World
from tests.web import Page

WHY = {"reason": "signalement du service", "ticket": "F-12"}
END = {"mandat-jour": "1", "mandat-mois": "2", "mandat-annee": "2027"}


@pytest.fixture
async def chief(console: World) -> tuple[Browser, Person]:
    browser, person = console.browser(), await console.first()
    await browser.sign_in(person)
    return browser, person


async def opened(browser: Browser) -> Page:
    page = await browser.get("/enquetes")
    return await browser.send(page.form("/enquetes"), nir=NIR, **BORN, **WHY)


async def looks(console: World) -> list[tuple[str, bool]]:
    events = [one for one in await console.service.events() if type(one).__name__ == "MemberFileRead"]
    return [(str(one.purpose), one.inquiry_id is not None) for one in events]


async def test_looks_for_an_inquiry_belong_to_it_and_to_nothing_before(
    console: World, chief: tuple[Browser, Person]
) -> None:
    browser, _ = chief
    page = await opened(browser)
    assert "l'assuré ne voit pas encore" in page.text
    assert "F-12" in page.text
    assert await looks(console) == [], "to open one shows nothing of him"
    [file] = [one for one in page.forms if one.action.endswith("/dossier")]
    page = await browser.send(file)
    assert page.path == "/guichet/dossier"
    assert "Enquête sur une fraude" in page.text
    assert await looks(console) == [("fraud", True)]
    page = await browser.get("/enquetes")
    [end] = [one for one in page.forms if one.action.endswith("/fin")]
    assert (await browser.send(end, reason="")).status == 422
    page = await browser.send(end, **WHY)
    assert "l'enquête est close" in page.text.lower()
    assert "Aucune." in page.text
    assert console.service.types().count("InquiryClosed") == 1
    again = await browser.send(file)
    assert again.status == 404
    assert await looks(console) == [("fraud", True)]


async def test_an_inquiry_is_opened_once_about_somebody_who_exists_and_by_a_supervisor_alone(
    console: World, chief: tuple[Browser, Person]
) -> None:
    browser, person = chief
    await opened(browser)
    again = await opened(browser)
    assert (again.status, "déjà ouverte" in again.text) == (422, True)
    page = await browser.get("/enquetes")
    nobody = await browser.send(page.form("/enquetes"), nir="1" * 15, **BORN, **WHY)
    assert nobody.status == 422
    assert NIR not in again.text + nobody.text
    assert (await browser.send(page.form("/enquetes"), nir=NIR, **BORN, reason="")).status == 422
    agent = console.browser()
    await agent.sign_in(await console.staff(Role.AGENT, by=person))
    assert (await agent.get("/enquetes")).status == 403
    assert console.service.types().count("InquiryOpened") == 1


async def test_nobody_looks_into_his_own_file(console: World, chief: tuple[Browser, Person]) -> None:
    browser, person = chief
    other = await console.staff(Role.SUPERVISOR, by=person)
    by = console.by(other)
    await accounts.name_own_files(console.office, by, person.staff_id, [PersonId(CHILD)], "her daughter")
    page = await opened(browser)
    assert (page.status, "votre dossier ou celui d'un proche" in page.text) == (422, True)
    assert "InquiryOpened" not in console.service.types()


async def test_a_supervisor_says_until_when_an_auditor_may_look_and_which_files_are_his(
    console: World, chief: tuple[Browser, Person]
) -> None:
    browser, person = chief
    auditor = await console.staff(Role.AUDITOR, by=person)
    path = f"/comptes/{auditor.staff_id}"
    assert f'href="{path}"' in (await browser.get("/comptes")).html
    page = await browser.get(path)
    too_long = await browser.send(page.form(f"{path}/mandat"), **{**END, "mandat-annee": "2036"}, reason="contrôle")
    assert (too_long.status, "dans un an au plus" in too_long.text) == (422, True)
    page = await browser.send(page.form(f"{path}/mandat"), **END, reason="contrôle")
    assert "jusqu'au 1er février 2027" in page.text
    nobody = await browser.send(page.form(f"{path}/dossiers"), nir="1" * 15, **BORN, reason="son foyer")
    assert nobody.status == 422
    page = await browser.send(page.form(f"{path}/dossiers"), nir=NIR, **BORN, reason="son foyer")
    assert "1, qu'il ne peut pas ouvrir" in page.text
    assert [purpose for purpose, _ in await looks(console)] == ["request"]
    # the auditor is shown no value of that person, nor of his relatives
    by = console.by(auditor)
    why = reading.Why(purpose=Purpose.AUDIT, reason="contrôle")
    for one in (CLAIRE, CHILD):
        with pytest.raises(Refused, match="own-file"):
            await reading.unmask(console.office, by, one, why, household(console.site.lines))
    await reading.unmask(console.office, console.by(auditor), str(uuid.uuid4()), why, household(console.site.lines))
    own = console.browser()
    await own.sign_in(auditor)
    page = await own.get("/mon-compte")
    assert "jusqu'au 1er février 2027" in page.text
    assert "1, que vous ne pouvez pas ouvrir" in page.text
    page = await browser.send((await browser.get(path)).form(f"{path}/aucun-dossier"), reason="parti")
    assert "aucun" in page.text
    await reading.unmask(console.office, by.part("now"), CLAIRE, why, household(console.site.lines))


async def test_nobody_changes_his_own_account_and_unknown_ones_do_not_exist(
    console: World, chief: tuple[Browser, Person]
) -> None:
    browser, person = chief
    page = await browser.get(f"/comptes/{person.staff_id}")
    assert "Personne ne décide de son propre compte" in page.text
    assert [one.action for one in page.forms] == ["/deconnexion"]
    assert (await browser.get(f"/comptes/{uuid.uuid4()}")).status == 404
    agent = console.browser()
    await agent.sign_in(await console.staff(Role.AGENT, by=person))
    assert (await agent.get(f"/comptes/{person.staff_id}")).status == 403
    assert "aucun n'est déclaré" in (await agent.get("/mon-compte")).text
