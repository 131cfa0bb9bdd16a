"""« Mes remboursements »: what is looked for, one line and its reasons, files, counters, claims, statements, spending."""

import csv
import datetime as dt
import io
import re

import pytest

from services.gateway.clients import reimbursement_answers as r
from services.gateway.pages import reimbursement_words as words
from services.gateway.pages.reimbursements import table
from services.gateway.pages.spending import bars, scale
from services.reimbursements.api.tomorrow import Practitioner
from services.reimbursements.domain import claims as domain_claims
from services.reimbursements.domain.facts import Kind, Parcours, Payee
from shared.web.channel import Refused
from shared.web.french import euros
from tests.services.gateway.fake_reimbursements import CHILD, LINE, RECOVERY, ROW
from tests.services.gateway.fakes import Browser, World, world
from tests.web import Page

D = dt.date
BASE = "/mes-remboursements"


@pytest.fixture
def site() -> World:
    return world()


@pytest.fixture
async def browser(site: World) -> Browser:
    browser = site.browser()
    await browser.sign_in()
    return browser


def said(cents: int) -> str:
    """An amount as a page's text has it."""
    return " ".join(euros(cents).split())


async def look(browser: Browser, typed: dict[str, str]) -> Page:
    """Fill the form of the filters in and send it."""
    page = await browser.get(BASE)
    return await browser.send(page.form(BASE), **typed)


@pytest.mark.parametrize(
    "path", ["", "/suivi", "/retenues", "/demain", "/releves", "/depenses", "/fichier.csv", f"/ligne/{LINE}"]
)
async def test_a_visitor_sees_nothing_of_it(path: str, site: World) -> None:
    page = await site.browser().get(BASE + path)
    assert page.path == "/connexion"


@pytest.mark.parametrize("path", ["", "/suivi", "/retenues", "/demain", "/releves", "/depenses", f"/ligne/{LINE}"])
async def test_every_page_says_how_old_the_funds_word_is(path: str, browser: Browser, site: World) -> None:
    assert "Informations de la caisse au 24 novembre 2026" in (await browser.get(BASE + path)).text
    site.reimbursements.age = None
    assert "ne nous a encore rien transmis" in (await browser.get(BASE + path)).text


async def test_payments_come_first_with_all_their_lines(browser: Browser) -> None:
    page = await browser.get(BASE)
    assert "Réglé le 8 octobre 2026" in page.text
    assert said(1500) in page.text
    assert "FR76 •••• 0189" in page.text
    assert "Participation ou franchise retenue" in page.text
    assert "Médicaments du 12/09/2026" in page.text


async def test_by_act_and_by_page(browser: Browser, site: World) -> None:
    site.reimbursements.pages = 3
    page = await browser.get(f"{BASE}?vue=actes&page=2")
    assert "Page 2 sur 3" in page.text
    assert site.reimbursements.last("search")["wanted"] == {"page": 2, "by_payment": False}
    assert (await browser.get(f"{BASE}?page=0")).status in (404, 422)


async def test_what_is_looked_for_stands_in_no_address(browser: Browser, site: World) -> None:
    typed = {
        "vue": "actes",
        "beneficiary": CHILD,
        "since": "2026-10",
        "until": "2026-09",
        "kind": "doctor",
        "payee": "member",
        "words": "pédiatre",
    }
    page = await look(browser, typed)
    assert (page.path, page.answer.url.query) == (BASE, b"vue=actes")
    wanted = site.reimbursements.last("search")["wanted"]
    assert wanted == {
        "beneficiary": CHILD,
        "since": "2026-09-01",
        "until": "2026-10-31",
        "kind": "doctor",
        "payee": "member",
        "words": "pédiatre",
        "page": 1,
        "by_payment": False,
    }
    assert 'value="pédiatre"' in page.html
    await browser.send(page.form(f"{BASE}/tout"))
    assert "words" not in site.reimbursements.last("search")["wanted"]


async def test_what_no_form_of_ours_sends_is_left_out(browser: Browser, site: World) -> None:
    await look(browser, {"since": "hier", "until": "1999-01", "kind": "magie", "payee": "moi"})
    assert site.reimbursements.last("search")["wanted"] == {"page": 1, "by_payment": True}


async def test_a_filter_that_makes_no_sense_any_more_is_dropped(browser: Browser, site: World) -> None:
    await look(browser, {"words": "x"})
    site.reimbursements.refusal = Refused("request-invalid", 422)
    assert (await browser.get(BASE)).status == 200
    assert site.reimbursements.last("search")["wanted"] == {"page": 1, "by_payment": True}


async def test_the_file_opens_in_a_french_spreadsheet_and_runs_nothing(browser: Browser) -> None:
    answer = (await browser.get(f"{BASE}/fichier.csv")).answer
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8-sig")
    first, line, recovery = csv.reader(io.StringIO(text), delimiter=";")
    row = dict(zip(first, line, strict=True))
    assert (row["Payé"], row["Remboursé"], row["Versé à vous"], row["Soin"]) == (
        "30,00",
        "21,00",
        "19,00",
        "Consultation",
    )
    assert dict(zip(first, recovery, strict=True))["Versé à vous"] == "-4,00"
    assert b"'=cmd" in table([ROW.model_copy(update={"label": "=cmd()"})])


async def test_the_export_is_passed_on_as_it_is(browser: Browser) -> None:
    answer = (await browser.get(f"{BASE}/donnees-fhir.json")).answer
    assert answer.headers["content-type"] == "application/fhir+json"
    assert answer.json() == {"resourceType": "Bundle"}


async def test_a_line_tells_each_step_with_its_article(browser: Browser) -> None:
    text = (await browser.get(f"{BASE}/ligne/{LINE}")).text
    for one in ("Base de remboursement", "Ticket modérateur", "Participation forfaitaire", "R160-19", "15 mai 2024"):
        assert one in text, one
    assert text.index("Base de remboursement") < text.index("Participation forfaitaire")
    assert (await browser.get(f"{BASE}/ligne/{CHILD}")).status == 404
    assert (await browser.get(f"{BASE}/ligne/x")).status in (404, 422)


async def test_a_report_is_sent_once_and_said(browser: Browser, site: World) -> None:
    path = f"{BASE}/ligne/{LINE}/signaler"
    page = await browser.fill(path, motive="care_not_received", account=" Je n'y étais pas. ")
    assert page.path == f"{BASE}/ligne/{LINE}"
    assert "Votre signalement est enregistré" in page.text
    sent = site.reimbursements.last("report")
    assert (sent["motive"], sent["account"]) == ("care_not_received", "Je n'y étais pas.")


async def test_a_report_without_a_reason_keeps_its_words(browser: Browser, site: World) -> None:
    path = f"{BASE}/ligne/{LINE}/signaler"
    answer = await browser.fill(path, motive="magie", account="Une erreur")
    assert answer.status == 422
    assert "Choisissez ce qui ne va pas." in answer.text
    assert ">Une erreur</textarea>" in answer.html
    assert not [name for name, _ in site.reimbursements.calls if name == "report"]


async def test_counters_and_debts(browser: Browser, site: World) -> None:
    origin = r.Origin(
        care_date=D(2026, 9, 12), label="Médicaments", given_name="Camille", reference="0001 000000000002"
    )
    site.reimbursements.deducted = r.Deductions(
        persons=(
            r.OfPerson(
                person_id="p",
                given_name="Camille",
                years=(
                    r.Ceilings(
                        year=2026, participation=5000, participation_cap=5000, franchise=300, franchise_cap=5000
                    ),
                ),
                owed=(r.Debt(remaining=300, since=D(2026, 9, 20), until=D(2031, 9, 20), origin=origin),),
            ),
        ),
        kept=(ROW, RECOVERY),
        owed=300,
    )
    text = (await browser.get(f"{BASE}/retenues")).text
    for one in (
        "Plafond atteint",
        "20 septembre 2031",
        "retenu sur le paiement du 08/10/2026",
        "Médicaments, soin du 12/09/2026",
    ):
        assert one in text, one


@pytest.mark.parametrize(("kept", "told"), [(0, False), (400, True)])
async def test_a_child_bears_none_until_the_year_it_is_18(
    browser: Browser, site: World, kept: int, *, told: bool
) -> None:
    year = r.Ceilings(year=2026, participation=kept, participation_cap=5000, franchise=0, franchise_cap=5000)
    child = r.OfPerson(person_id=CHILD, given_name="Léa", years=(year,), exempt_until=D(2033, 12, 31))
    site.reimbursements.deducted = r.Deductions(persons=(child,))
    text = (await browser.get(f"{BASE}/retenues")).text
    assert "Ni participation ni franchise jusqu'au 31 décembre 2033" in text
    assert ("sur 50,00 €" in text) is told, "what was kept in spite of it is never hidden"


ACT = {
    "beneficiary": CHILD,
    "kind": "doctor",
    "practitioner": "civil",
    "price": " 26,5 € ",
    "base": "",
    "quantity": "1",
    "parcours": "coordinated",
    "payee": "member",
}


async def test_an_act_of_tomorrow_is_computed_and_kept_nowhere(browser: Browser, site: World) -> None:
    answer = await browser.fill(f"{BASE}/demain", **ACT)
    assert (answer.status, answer.path, answer.answer.url.query) == (200, f"{BASE}/demain", b"")
    for one in (said(1600), said(1100), f"{said(300)} seraient retenus", "Participation forfaitaire", "R160-19"):
        assert one in answer.text, one
    assert site.reimbursements.last("tomorrow")["question"] == {
        "beneficiary": CHILD, "kind": "doctor", "practitioner": "civil", "price": 2650, "quantity": 1,
        "parcours": "coordinated", "payee": "member",
    }  # fmt: skip
    assert 'value="26,5' not in (await browser.get(f"{BASE}/demain")).html


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"price": ""}, "Saisissez le prix."),
        ({"price": "vingt"}, "Le prix s'écrit en euros"),
        ({"price": "0,00"}, "Le prix s'écrit en euros"),
        ({"price": "12,345"}, "Le prix s'écrit en euros"),
        ({"base": "-3"}, "Le prix s'écrit en euros"),
        ({"quantity": "21"}, "Le nombre va de 1 à 20."),
        ({"quantity": "²"}, "Le nombre va de 1 à 20."),
        ({"kind": "magie"}, "Choisissez le soin."),
        ({"practitioner": "?"}, "Choisissez qui soigne."),
        ({"parcours": ""}, "Choisissez le parcours."),
        ({"payee": "moi"}, "Choisissez qui est payé."),
        ({"beneficiary": ""}, "Choisissez pour qui."),
        ({"beneficiary": "quelqu'un d'autre"}, "Choisissez une personne de la liste."),
    ],
)
async def test_what_is_no_act_is_said_beside_its_field(
    wrong: dict[str, str], message: str, browser: Browser, site: World
) -> None:
    answer = await browser.fill(f"{BASE}/demain", **{**ACT, **wrong})
    assert answer.status == 422
    assert message in answer.text.replace("\u2019", "'")
    assert "Versé à vous" not in answer.text


def test_every_choice_of_the_form_is_one_of_the_service() -> None:
    assert set(words.PRACTITIONERS) == {one.value for one in Practitioner}
    assert set(words.PARCOURS) == {one.value for one in Parcours}
    assert set(words.PAYEES) == {one.value for one in Payee}


async def test_a_claim_says_what_to_do_and_until_when(browser: Browser, site: World) -> None:
    site.reimbursements.known = (
        r.Claim(
            reference="0001 000000000009",
            given_name="Inès",
            care_date=D(2026, 11, 2),
            stage="pending",
            steps=(
                r.ClaimStep(stage="received", on=D(2026, 11, 5)),
                r.ClaimStep(stage="pending", on=D(2026, 11, 9), reason="prescription_missing", until=D(2026, 12, 9)),
            ),
        ),
        r.Claim(
            reference="0001 000000000010",
            care_date=D(2026, 11, 2),
            stage="received",
            steps=(r.ClaimStep(stage="received", on=D(2026, 11, 5)),),
            expected=D(2026, 11, 12),
        ),
    )
    text = (await browser.get(f"{BASE}/suivi")).text
    for one in (
        "L'ordonnance manque.",
        "9 décembre 2026",
        "En attente de votre part",
        "En général avant le 12 novembre 2026",
    ):
        assert one in text, one


async def test_statements_are_listed_and_downloaded(browser: Browser, site: World) -> None:
    site.reimbursements.listed = (
        r.Statement(month="2026-10"),
        r.Statement(month="2026-09", issued_at=dt.datetime(2026, 10, 2, tzinfo=dt.UTC), total=1900),
    )
    text = (await browser.get(f"{BASE}/releves")).text
    assert "Relevé de octobre" not in text
    assert "Relevé d'octobre 2026" in text
    answer = (await browser.get(f"{BASE}/releves/2026-10.pdf")).answer
    assert (answer.headers["content-type"], answer.content) == ("application/pdf", b"%PDF-1.7")
    assert (await browser.get(f"{BASE}/releves/2026-08.pdf")).status == 404
    assert (await browser.get(f"{BASE}/releves/2026-13.pdf")).status == 404


async def test_spending_is_a_picture_and_a_table_of_the_same_figures(browser: Browser, site: World) -> None:
    site.reimbursements.months = tuple(
        r.MonthOfSpending(month=f"2026-{number:02}", paid=number * 1000, reimbursed=number * 700)
        for number in range(1, 12)
    )
    text = (await browser.get(f"{BASE}/depenses")).html
    assert len(re.findall('site-chart__spent" x=', text)) == 11
    assert text.count('<tr><th scope="row">') == 11
    assert euros(66000) in text
    assert 'viewBox="0,0,720,260"' in text  # French typography would put a space that does not break between numbers


@pytest.mark.parametrize(("most", "top"), [(0, 4000), (4000, 4000), (4001, 8000), (20000, 20000), (100000, 200000)])
def test_the_scale_is_round_and_above_the_highest_bar(most: int, top: int) -> None:
    assert scale(most) == top


def test_no_bar_leaves_the_drawing() -> None:
    months = [r.MonthOfSpending(month="2026-01", paid=12345, reimbursed=0)]
    [bar] = bars(months, scale(12345))
    assert 12 <= bar.spent_y <= 232
    assert (bar.back_height, round(bar.spent_y + bar.spent_height)) == (0, 232)


async def test_the_service_away_is_said_and_the_home_page_stays(browser: Browser, site: World) -> None:
    site.reimbursements.down = True
    assert (await browser.get(BASE)).status == 503
    home = await browser.get("/mon-compte")
    assert home.status == 200
    assert "Indisponible pour le moment" in home.text


async def test_the_home_page_shows_the_last_payment(browser: Browser) -> None:
    assert said(1500) in (await browser.get("/mon-compte")).text


def test_everything_a_service_can_say_has_words() -> None:
    assert words.KINDS.keys() == set(Kind)
    assert words.REASONS.keys() == set(domain_claims.Reason)
    assert words.STAGES.keys() == {*domain_claims.Stage, "paid"}
    assert words.said("something-new") is words.UNKNOWN


@pytest.mark.parametrize(
    ("cents", "said"), [(0, "0,00\u00a0€"), (-405, "\u22124,05\u00a0€"), (123456789, "1\u202f234\u202f567,89\u00a0€")]
)
def test_euros(cents: int, said: str) -> None:
    assert euros(cents) == said
