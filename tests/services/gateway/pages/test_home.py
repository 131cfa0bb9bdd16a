"""Home: what needs the member, what is under way, a tile per service, and what is said where one does not answer."""

import asyncio
import datetime as dt
from typing import Any

import pytest

from services.gateway.clients import reimbursement_answers as r
from services.gateway.clients.ceam import Ceam
from services.gateway.pages import home
from shared.web.channel import Fresh
from tests.services.gateway.fake_persons import CHILD as LEA
from tests.services.gateway.fake_persons import HELD
from tests.services.gateway.fake_reimbursements import PAYMENT
from tests.services.gateway.fakes import MEMBER, Browser, World, story, world
from tests.web import NOW, Page

D = dt.date
SAYS_DOWN = "Indisponible pour le moment."
CAPS = {"participation_cap": 5000, "franchise_cap": 5000}


@pytest.fixture
def site() -> World:
    return world()


async def shown(site: World) -> Page:
    browser: Browser = site.browser()
    await browser.sign_in()
    return await browser.get("/mon-compte")


def claim(stage: str, **last: Any) -> r.Claim:
    steps = (r.ClaimStep(stage="received", on=D(2026, 11, 2)),)
    if stage != "received":
        steps = (*steps, r.ClaimStep(stage=stage, on=D(2026, 11, 9), **last))
    return r.Claim(reference="0001", care_date=D(2026, 10, 30), stage=stage, steps=steps, expected=D(2026, 12, 1))


class TestWhatNeedsTheMember:
    async def test_nothing_does(self, site: World) -> None:
        assert "À faire" not in (await shown(site)).text

    async def test_photo_and_document_are_missing(self, site: World) -> None:
        site.cards.story = story("lost", ("reported", NOW), ("opposed", NOW), ("requested", NOW))
        page = await shown(site)
        assert "À faire Nouvelle carte Vitale : La nouvelle carte est commandée : il nous manque la photo" in page.text

    async def test_a_claim_waits_for_a_paper_until_a_day(self, site: World) -> None:
        site.reimbursements.known = (claim("pending", reason="prescription_missing", until=D(2026, 12, 15)),)
        page = await shown(site)
        assert (
            "Soin du 30 octobre 2026 : Envoyez-nous une copie de l'ordonnance. Au plus tard le 15 décembre 2026."
            in page.text
        )

    async def test_another_account_is_to_be_paid(self, site: World) -> None:
        site.identity.bank_change_due_at = HELD.due_at
        assert "Vos remboursements changeront de compte le 27 novembre 2026" in (await shown(site)).text

    async def test_a_transfer_came_back(self, site: World) -> None:
        site.reimbursements.paid = PAYMENT.model_copy(update={"state": "returned"})
        assert "Votre banque a refusé notre dernier virement" in (await shown(site)).text

    @pytest.mark.parametrize(
        ("card", "said"),
        [
            (Ceam(order_id="o", step="returned"), "Carte européenne (CEAM) : La poste nous a rendu la carte"),
            (
                Ceam(card_id="c", status="active", expires_on=D(2026, 12, 9), expiry_near=True),
                "expire le 9 décembre 2026",
            ),
        ],
    )
    async def test_the_european_card_needs_him(self, site: World, card: Ceam, said: str) -> None:
        site.ceam.card = card
        assert said in (await shown(site)).text

    async def test_somebody_used_a_card_that_is_opposed(self, site: World) -> None:
        assert site.cards.card is not None
        site.cards.card = site.cards.card.model_copy(update={"used_after_opposition": NOW})
        assert "utilisée après sa mise en opposition" in (await shown(site)).text


class TestWhatIsUnderWay:
    async def test_nothing_is_and_what_to_do_is_said(self, site: World) -> None:
        page = await shown(site)
        assert "Aucune demande en cours." in page.text
        assert 'href="/ma-carte-vitale/declaration"' in page.html

    async def test_cards_and_claims_each_with_their_next_step(self, site: World) -> None:
        site.cards.story = story("lost", ("reported", NOW), ("requested", NOW), ("validated", NOW))
        site.ceam.card = Ceam(order_id="o", step="in_production")
        site.reimbursements.known = (claim("received"),)
        text = (await shown(site)).text
        assert "Nouvelle carte Vitale : Tout est en ordre" in text
        assert "Elle devrait arriver entre le 8 décembre 2026 et le 15 décembre 2026." in text
        assert "Carte européenne (CEAM) : La carte est en fabrication." in text
        assert "Soin du 30 octobre 2026 : demande reçue, remboursement en général avant le 1er décembre 2026." in text

    async def test_what_a_service_does_not_say_is_not_denied(self, site: World) -> None:
        page_before = site.browser()
        await page_before.sign_in()
        site.reimbursements.down = True
        page = await page_before.get("/mon-compte")
        assert "Aucune demande en cours." not in page.text
        assert SAYS_DOWN in page.text


class TestTheTiles:
    async def test_deductions_of_this_year_per_person(self, site: World) -> None:
        years = (
            r.Ceilings(year=2026, participation=1200, franchise=350, **CAPS),
            r.Ceilings(year=2025, participation=9, franchise=9, **CAPS),
        )
        persons = tuple(r.OfPerson(person_id=name, given_name=name, years=years) for name in ("Camille", "Inès"))
        site.reimbursements.deducted = r.Deductions(persons=persons)
        text = (await shown(site)).text
        assert "Camille : 12,00 € sur 50,00 € de participations, 3,50 € sur 50,00 € de franchises cette année." in text
        assert "Inès : 12,00 €" in text

    @pytest.mark.parametrize(("kept", "told"), [(0, False), (100, True)])
    async def test_a_child_that_bears_none_has_no_line(self, site: World, kept: int, *, told: bool) -> None:
        years = {name: (r.Ceilings(year=2026, participation=0, franchise=kept, **CAPS),) for name in ("Camille", "Léa")}
        site.reimbursements.deducted = r.Deductions(
            persons=(
                r.OfPerson(person_id=MEMBER, given_name="Camille", years=years["Camille"]),
                r.OfPerson(person_id=LEA.person_id, given_name="Léa", years=years["Léa"], exempt_until=D(2033, 12, 31)),
            )
        )
        text = (await shown(site)).text
        assert "0 € sur 50,00 € de participations" in text
        assert ("Léa : " in text) is told, "what was kept in spite of it is never hidden"

    async def test_each_says_until_when_its_own_service_shows_everything(self, site: World) -> None:
        site.cards.as_of, site.reimbursements.age = NOW - dt.timedelta(minutes=3), NOW - dt.timedelta(hours=9)
        text = (await shown(site)).text
        for said in ("À jour le 24 novembre 2026 à 13 h 59", "À jour le 24 novembre 2026 à 5 h 02"):
            assert said in text

    async def test_one_whose_age_nobody_knows_claims_none(self, site: World) -> None:
        site.cards.as_of = site.reimbursements.age = None
        assert "À jour" not in (await shown(site)).text

    async def test_what_was_paid_is_asked_once(self, site: World) -> None:
        await shown(site)
        assert {name for name, _ in site.reimbursements.calls} == {"summary"}

    async def test_one_that_lags_says_so(self, site: World) -> None:
        site.cards.lag = 1
        assert "Pris en compte, mise à jour en cours" in (await shown(site)).text

    @pytest.mark.parametrize("service", ["cards", "notifications", "persons", "reimbursements", "identity"])
    async def test_one_service_down_leaves_the_others(self, site: World, service: str) -> None:
        browser = site.browser()
        await browser.sign_in()
        getattr(site, service).down = True
        page = await browser.get("/mon-compte")
        assert page.status == 200
        assert ("19,00 €" in page.text or "15,00 €" in page.text) is (service != "reimbursements")
        assert ("Valable" in page.text) is (service != "cards")

    async def test_a_slow_service_is_not_waited_for(self, site: World) -> None:
        asked = asyncio.Event()

        async def slow() -> Fresh[None]:
            await asked.wait()
            return Fresh(None)

        found = await home.block(slow(), 0.01)
        assert found.down
