"""Signing in with two factors, joining by invitation, accounts and decisions of two: as a browser sees it."""

import pytest

from services.console.acts import accounts, two_persons
from services.console.domain.words import Action, Role
from tests.services.console.world import CODE, Person, World


async def test_one_signs_in_with_code_and_app(console: World) -> None:
    chef = await console.first()
    page = await console.browser().sign_in(chef)
    assert (page.status, page.path) == (200, "/accueil")
    assert "superviseur" in page.text


async def test_what_is_wrong_is_not_said_and_secrets_are_not_shown_again(console: World) -> None:
    await console.first()
    browser = console.browser()
    page = await browser.fill("/connexion", login="chef", code="une autre phrase", otp="123456")
    assert page.status == 422
    assert "Identifiant, code ou code de l'application incorrect" in page.text
    assert "une autre phrase" not in page.html
    page = await browser.fill("/connexion")
    assert "Saisissez votre identifiant." in page.text


@pytest.mark.parametrize("path", ["/accueil", "/comptes", "/a-deux"])
async def test_nothing_is_shown_before(console: World, path: str) -> None:
    page = await console.browser().get(path)
    assert (page.path, page.status) == ("/connexion", 200)


async def test_each_role_sees_its_own_pages(console: World) -> None:
    chef = await console.first()
    for role, allowed in ((Role.AGENT, {"/a-deux"}), (Role.OPERATIONS, {"/a-deux"}), (Role.AUDITOR, set[str]())):
        browser = console.browser()
        await browser.sign_in(await console.staff(role, by=chef))
        for path in ("/a-deux", "/comptes"):
            assert (await browser.get(path)).status == (200 if path in allowed else 403), (role, path)


async def test_somebody_is_invited_joins_and_signs_in(console: World) -> None:
    chef = await console.first()
    browser = console.browser()
    await browser.sign_in(chef)
    page = await browser.fill("/comptes", login="agent.07", role="agent", reason="nouvelle collègue")
    assert page.status == 200, page.text
    token = page.html.partition("invitation?jeton=")[2].partition("<")[0].strip()
    guest = console.browser()
    page = await guest.get(f"/invitation?jeton={token}")
    assert page.path == "/invitation"
    assert token not in str(page.answer.url)
    joining = await accounts.open_invitation(console.office, token)
    person = Person("agent.07", Role.AGENT, joining.staff_id, joining.secret)
    otp = person.otp(console.clock.now())
    page = await guest.send(page.form(), code=CODE, again="autre chose de long", otp=otp)
    assert "Les deux codes diffèrent." in page.text
    page = await guest.send(page.form(), code=CODE, again=CODE, otp=otp)
    assert (page.path, page.status) == ("/connexion", 200)
    assert (await guest.sign_in(person)).path == "/accueil"


async def test_an_invitation_that_is_refused_says_where(console: World) -> None:
    chef = await console.first()
    browser = console.browser()
    await browser.sign_in(chef)
    page = await browser.fill("/comptes", login="agent", role="", reason="x")
    assert page.status == 422
    for said in ("Choisissez un rôle.", "Dites pourquoi"):
        assert said in page.text
    page = await browser.fill("/comptes", login="aud", role="auditor", reason="contrôle annuel")
    assert "Le mandat d'un auditeur finit à une date à venir" in page.text
    page = await browser.fill("/comptes", login="chef", role="agent", reason="le même")
    assert "Cet identifiant est déjà pris." in page.text


async def test_a_lock_ends_the_session_at_the_next_click(console: World) -> None:
    chef = await console.first()
    agent = await console.staff(Role.AGENT, by=chef)
    mine, theirs = console.browser(), console.browser()
    await mine.sign_in(chef)
    await theirs.sign_in(agent)
    page = await mine.get("/comptes")
    page = await mine.send(page.form(f"/comptes/{agent.staff_id}/fermeture"), reason="a quitté le service")
    assert "C'est fait." in page.text
    page = await theirs.get("/accueil")
    assert page.path == "/connexion"
    assert "Votre session est terminée" in page.text


async def test_a_second_person_decides(console: World) -> None:
    chef = await console.first()
    one, two = [await console.staff(Role.OPERATIONS, login, by=chef) for login in ("one", "two")]
    asked = await two_persons.ask(console.office, console.by(one), Action.SKIP_PARKED, {}, "illisible", ticket="I-9")
    mine, theirs = console.browser(), console.browser()
    await mine.sign_in(one)
    assert "Rien n'attend votre décision." in (await mine.get("/a-deux")).text
    await theirs.sign_in(two)
    page = await theirs.get("/a-deux")
    assert "illisible" in page.text
    page = await theirs.send(page.form(f"/a-deux/{asked}"), reason="", accord="oui")
    assert page.status == 422
    page = await theirs.send(page.form(f"/a-deux/{asked}"), reason="vu ensemble", accord="oui")
    assert "Votre accord est enregistré." in page.text
    assert "accord donné" in (await mine.get("/a-deux")).text


async def test_one_signs_out(console: World) -> None:
    chef = await console.first()
    browser = console.browser()
    page = await browser.sign_in(chef)
    page = await browser.send(page.form("/deconnexion"))
    assert page.path == "/connexion"
    assert (await browser.get("/accueil")).path == "/connexion"
    assert "StaffSignedOut" in console.service.types()


async def test_a_form_of_another_site_is_refused(console: World) -> None:
    browser = console.browser()
    form = (await browser.get("/connexion")).form()
    answer = await browser.client.post(form.action, data=form.fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


async def test_every_form_is_checked() -> None:
    from services.console.main import PAGES  # noqa: PLC0415 - a look at the wiring
    from services.console.pages.asking import posting  # noqa: PLC0415

    routes = [route for page in PAGES for route in page.router.routes if "POST" in getattr(route, "methods", ())]
    assert len(routes) >= 5
    for route in routes:
        assert posting in {one.call for one in route.dependant.dependencies}, route.path  # type: ignore[attr-defined]


async def test_answers_bear_the_headers_of_a_site(console: World) -> None:
    answer = await console.browser().client.get("/connexion")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
