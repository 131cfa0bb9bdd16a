"""The pages of reimbursements in a real browser: what axe finds, what fits a phone, the way without JavaScript."""

import datetime as dt
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from services.gateway.clients import reimbursement_answers as r
from tests.services.gateway.fake_reimbursements import CHILD, LINE, RECOVERY, ROW
from tests.services.gateway.fakes import World
from tests.services.gateway.test_browser import Visitor, chromium, picture, site, visit

pytestmark = pytest.mark.connected
FIXTURES = (chromium, site, visit)
BASE = "/mes-remboursements"
PAGES = (
    "",
    "?vue=actes",
    f"/ligne/{LINE}",
    f"/ligne/{LINE}/signaler",
    "/suivi",
    "/retenues",
    "/demain",
    "/releves",
    "/depenses",
)
D = dt.date


def fill(site: World) -> None:
    """Something on every page."""
    fund = site.reimbursements
    origin = r.Origin(
        care_date=D(2026, 9, 12), label="Médicaments", given_name="Camille", reference="0001 000000000002"
    )
    years = tuple(
        r.Ceilings(year=year, participation=5000, participation_cap=5000, franchise=300, franchise_cap=5000)
        for year in (2026, 2025, 2024)
    )
    debt = r.Debt(remaining=300, since=D(2026, 9, 20), until=D(2031, 9, 20), origin=origin)
    camille = r.OfPerson(person_id="p", given_name="Camille", years=years, owed=(debt,))
    fund.deducted = r.Deductions(
        persons=(camille, camille.model_copy(update={"given_name": "Inès"})), kept=(ROW, RECOVERY), owed=300
    )
    steps = (
        r.ClaimStep(stage="received", on=D(2026, 11, 5)),
        r.ClaimStep(stage="pending", on=D(2026, 11, 9), reason="prescription_missing", until=D(2026, 12, 9)),
    )
    fund.known = (r.Claim(reference="0001 000000000009", care_date=D(2026, 11, 2), stage="pending", steps=steps),)
    fund.months = tuple(
        r.MonthOfSpending(month=f"2026-{n:02}", paid=n * 1000, reimbursed=n * 700) for n in range(1, 12)
    )
    fund.listed = (r.Statement(month="2026-10"),)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits_a_phone(visit: Callable[..., Visitor], site: World, scheme: str) -> None:
    fill(site)
    visitor = visit(color_scheme=scheme)
    visitor.sign_in()
    for path in PAGES:
        visitor.page.goto(BASE + path)
        found = Axe().run(visitor.page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        picture(visitor, f"reimbursements-{PAGES.index(path)}-{scheme}")


@pytest.mark.parametrize("javascript", [True, False])
def test_filters_and_a_report_with_and_without_javascript(
    visit: Callable[..., Visitor], site: World, javascript: object
) -> None:
    visitor = visit(java_script_enabled=javascript)
    visitor.sign_in()
    page = visitor.page
    page.goto(f"{BASE}?vue=actes")
    page.get_by_text("Filtrer ou rechercher").click()
    page.get_by_label("Bénéficiaire").select_option("Inès")
    page.get_by_label("Soin, professionnel ou spécialité").fill("pédiatre")
    page.get_by_role("button", name="Afficher").click()
    assert "pédiatre" not in page.url
    assert site.reimbursements.last("search")["wanted"] == {
        "beneficiary": CHILD,
        "words": "pédiatre",
        "page": 1,
        "by_payment": False,
    }
    page.get_by_role("link", name="Consultation", exact=True).click()
    page.get_by_role("link", name="Signaler ce remboursement").click()
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_role("link", name="Choisissez ce qui ne va pas.").click()
    page.get_by_label("Ce soin n'a pas eu lieu").check()
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_text("Votre signalement est enregistré").wait_for()


def test_an_act_of_tomorrow_is_accessible_and_sent_by_its_form(visit: Callable[..., Visitor], site: World) -> None:
    visitor = visit()
    visitor.sign_in()
    page = visitor.page
    page.goto(f"{BASE}/demain")
    page.get_by_role("button", name="Calculer").click()
    assert page.get_by_role("alert").get_by_text("Saisissez le prix.").is_visible()
    assert Axe().run(page).violations_count == 0
    page.get_by_label("Le soin").select_option("doctor")
    page.get_by_label("Prix, en euros").fill("30")
    page.get_by_role("button", name="Calculer").click()
    assert page.get_by_role("heading", name="Pour 30,00").is_visible()
    assert page.url.endswith("/demain")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    picture(visitor, "reimbursements-tomorrow")
