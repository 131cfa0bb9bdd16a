"""Acting for a child: chosen in the head of any page, said on every page, and only as long as identity allows it."""

import pytest

from services.gateway.clients import reimbursement_answers as r
from services.gateway.clients.cards import Seen
from services.gateway.pages.visit import scope
from tests.services.gateway.fake_persons import CHILD as LEA
from tests.services.gateway.fake_reimbursements import DETAIL, LINE, ROW
from tests.services.gateway.fakes import MEMBER, Browser, World, story, world
from tests.web import NOW, Page

CHILD = LEA.person_id
STRANGER = "8f0c1c2e-7f6b-4f0e-9a52-2f1f6f0f9a04"
ACTING = "Vous agissez pour Léa."


async def parent() -> tuple[World, Browser]:
    site = world()
    site.cards.family = (*site.cards.family, Seen(person_id=CHILD, given_names="Léa", age=9))
    browser = site.browser()
    await browser.sign_in()
    return site, browser


async def for_the_child(browser: Browser, path: str = "/ma-carte-vitale") -> Page:
    page = await browser.get(path)
    return await browser.send(page.form("/agir-pour"), personne=CHILD)


async def test_a_member_without_family_is_asked_nothing() -> None:
    site = world()
    site.persons.others = ()
    browser = site.browser()
    await browser.sign_in()
    assert "/agir-pour" not in (await browser.get("/ma-carte-vitale")).html


async def test_a_parent_changes_to_a_child_and_back() -> None:
    site, browser = await parent()
    page = await for_the_child(browser)
    assert page.path == "/ma-carte-vitale"
    assert ACTING in page.text
    assert site.cards.last("all_of")["who"].person == CHILD
    page = await browser.send(page.form("/agir-pour"), personne="")
    assert "Vous agissez pour" not in page.text
    assert site.cards.last("all_of")["who"].person == MEMBER


async def test_it_leads_back_to_the_page_it_was_asked_on() -> None:
    _, browser = await parent()
    assert (await for_the_child(browser, "/ma-ceam")).path == "/ma-ceam"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/ma-carte-vitale", "Ce que vous voyez et faites ici concerne Léa, pas vous."),
        ("/ma-ceam/commande", "Ce que vous voyez et faites ici concerne Léa, pas vous."),
        ("/mes-remboursements", "Ce que vous voyez et faites ici concerne Léa, pas vous."),
        ("/mes-remboursements/retenues", "Ce que vous voyez et faites ici concerne Léa, pas vous."),
        ("/mon-attestation", "Ce que vous voyez et faites ici concerne Léa, pas vous."),
        ("/mes-remboursements/releves", "Cette page reste celle de tout le foyer."),
        ("/mes-remboursements/depenses", "Cette page reste celle de tout le foyer."),
        ("/mon-compte", "Cette page reste celle de votre propre compte."),
        ("/mon-profil", "Cette page reste celle de votre propre compte."),
        ("/ma-securite", "Cette page reste celle de votre propre compte."),
        ("/mes-messages", "Cette page reste celle de votre propre compte."),
    ],
)
async def test_every_page_says_for_whom_and_whom_it_is_about(path: str, said: str) -> None:
    _, browser = await parent()
    await for_the_child(browser)
    page = await browser.get(path)
    assert ACTING in page.text
    assert said in page.text


async def test_a_page_of_an_error_says_it_too() -> None:
    site, browser = await parent()
    await for_the_child(browser)
    site.reimbursements.down = True
    page = await browser.get("/mes-remboursements")
    assert page.status == 503
    assert ACTING in page.text


async def test_a_child_without_a_card_gets_an_explanation() -> None:
    site, browser = await parent()
    site.cards.card = None
    page = await for_the_child(browser)
    assert "Léa n'a pas de carte Vitale à son nom." in page.text
    assert "C'est normal avant 16 ans" in page.text


async def test_a_declaration_for_a_child_names_the_child_in_every_step() -> None:
    site, browser = await parent()
    await for_the_child(browser)
    page = await browser.fill("/ma-carte-vitale/declaration", reason="lost")
    assert ACTING in page.text
    date = {"happened_on__jour": "23", "happened_on__mois": "11", "happened_on__annee": "2026"}
    page = await browser.send(page.form(), place="École", **date)
    assert ACTING in page.text
    await browser.send(page.form(), honour="oui")
    sent = site.cards.last("report")["who"]
    assert (sent.member, sent.person) == (MEMBER, CHILD)


async def test_what_was_begun_or_looked_for_is_not_taken_to_another() -> None:
    site, browser = await parent()
    await browser.fill("/ma-carte-vitale/declaration", reason="lost")
    page = await browser.get("/mes-remboursements")
    await browser.send(page.form("/mes-remboursements"), beneficiary="p")
    await for_the_child(browser)
    assert (await browser.get("/ma-carte-vitale/declaration/circonstances")).path == "/ma-carte-vitale/declaration"
    page = await browser.get("/mes-remboursements")
    await browser.send(page.form("/agir-pour"), personne="")
    assert "beneficiary" not in site.reimbursements.last("search")["wanted"]


async def test_reimbursements_are_the_childs_in_every_view_and_in_the_file() -> None:
    site, browser = await parent()
    await for_the_child(browser)
    for path in ("/mes-remboursements", "/mes-remboursements?vue=actes", "/mes-remboursements/fichier.csv"):
        await browser.client.get(path)
        assert site.reimbursements.last("search")["wanted"]["beneficiary"] == CHILD
    assert 'name="beneficiary"' not in (await browser.get("/mes-remboursements")).html


async def test_counters_and_claims_of_the_others_are_not_counted() -> None:
    site, browser = await parent()
    year = r.Ceilings(year=2026, participation=1200, participation_cap=5000, franchise=0, franchise_cap=5000)
    mine = r.OfPerson(
        person_id=MEMBER,
        given_name="Camille",
        years=(year,),
        owed=(r.Debt(remaining=777, since=NOW.date(), until=NOW.date()),),
    )
    hers = r.OfPerson(person_id=CHILD, given_name="Léa", years=(year,))
    site.reimbursements.deducted = r.Deductions(persons=(mine, hers), kept=(ROW,), owed=777)
    step = (r.ClaimStep(stage="received", on=NOW.date()),)
    site.reimbursements.known = (
        r.Claim(reference="0001", person_id=MEMBER, care_date=NOW.date(), stage="received", steps=step),
        r.Claim(reference="0002", person_id=CHILD, care_date=NOW.date(), stage="received", steps=step),
    )
    await for_the_child(browser)
    page = await browser.get("/mes-remboursements/retenues")
    assert "Léa : ce qui a été compté" in page.text
    assert "Camille" not in page.text
    assert "7,77" not in page.text
    page = await browser.get("/mes-remboursements/suivi")
    assert "Dossier 0002" in page.text
    assert "Dossier 0001" not in page.text


async def test_a_line_of_somebody_else_is_not_shown_as_the_childs() -> None:
    site, browser = await parent()
    await for_the_child(browser)
    for rest in ("", "/signaler"):
        assert (await browser.get(f"/mes-remboursements/ligne/{LINE}{rest}")).status == 404
    site.reimbursements.detail = DETAIL.model_copy(update={"row": ROW.model_copy(update={"person_id": CHILD})})
    assert (await browser.get(f"/mes-remboursements/ligne/{LINE}")).status == 200


async def test_an_attestation_is_offered_for_the_child_first() -> None:
    _, browser = await parent()
    await for_the_child(browser)
    assert f'value="{CHILD}" checked' in (await browser.get("/mon-attestation")).html


async def test_a_stranger_cannot_be_chosen() -> None:
    site, browser = await parent()
    page = await browser.get("/ma-carte-vitale")
    page = await browser.send(page.form("/agir-pour"), personne=STRANGER)
    assert "Vous agissez pour" not in page.text
    assert site.cards.last("all_of")["who"].person == MEMBER


@pytest.mark.parametrize("path", ["/ma-carte-vitale", "/mes-remboursements", "/mon-attestation", "/mon-compte"])
async def test_a_view_that_ended_leads_back_to_oneself(path: str) -> None:
    site, browser = await parent()
    await for_the_child(browser)
    site.persons.others = ()
    site.clock.pass_(minutes=1)
    page = await browser.get(path)
    assert "Léa" not in page.text
    assert "/agir-pour" not in page.html


async def test_cards_know_at_once_that_a_view_has_ended() -> None:
    site, browser = await parent()
    await for_the_child(browser)
    site.cards.family = site.cards.family[:1]
    site.cards.story = story("lost", ("sent", NOW))
    page = await browser.get("/ma-carte-vitale")
    assert "Vous agissez pour" not in page.text
    assert site.cards.last("all_of")["who"].person == MEMBER


async def test_while_identity_is_down_the_page_still_says_for_whom() -> None:
    site, browser = await parent()
    await for_the_child(browser)
    site.persons.down = True
    site.clock.pass_(minutes=1)
    page = await browser.get("/ma-carte-vitale")
    assert page.status == 200
    assert ACTING in page.text


def test_a_path_that_only_begins_alike_is_the_members_own() -> None:
    assert (scope("/mes-remboursements/suivi"), scope("/mes-messages"), scope("/")) == ("person", "own", "own")
