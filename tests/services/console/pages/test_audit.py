"""« Contrôle » as an auditor uses it: dossiers recorded before they are shown, what strays, samples and their papers."""

import csv
import datetime as dt
import hashlib
import io
import json

import pytest

from services.console.acts import accounts
from services.console.domain.ids import PersonId
from services.console.domain.words import Part, Purpose, Role
from services.console.pages import audit_words
from services.console.read_models.file_reads import file_reads
from services.console.read_models.samples import samples
from shared.admin.dossier import Progress
from shared.web.french import NBSP
from tests.documents import words
from tests.services.console.audited import NUMBER, ORDER, Audited
from tests.services.console.services import BORN, CHILD, CLAIRE, NIR
from tests.services.console.world import Browser, Person, World, world
from tests.web import Page

WHY = {"reason": "contrôle trimestriel", "ticket": "CT-4"}
SEARCH = "/controle/recherche"
SAMPLES = "/controle/echantillons"
TO_DRAW = {"kind": "cards/vitale order", "size": "2", "seed": "graine", **WHY}


@pytest.fixture
def services() -> Audited:
    return Audited()


@pytest.fixture
def console(services: Audited) -> World:
    return world(services=services)


async def auditing(console: World, person: Person | None = None) -> Browser:
    browser = console.browser()
    await browser.sign_in(person or await console.staff(Role.AUDITOR))
    return browser


async def searching(browser: Browser, by: str, **fields: str) -> Page:
    page = await browser.get(SEARCH)
    return await browser.send(page.form(f"{SEARCH}/{by}"), **{**WHY, **fields})


async def by_person(browser: Browser, **fields: str) -> Page:
    return await searching(browser, "personne", **{"nir": NIR, **BORN, **fields})


async def looks(console: World) -> list[tuple[str, str, str]]:
    found = await console.office.queries.find(file_reads, person_id=CLAIRE)
    return [(str(one.part), str(one.purpose), str(one.reason)) for one in found]


@pytest.mark.parametrize(
    ("at", "said"), [("2026-01-21", "21 janvier 2026"), ("2026-11-19T08:05:00Z", "19 novembre 2026 à 9 h 05")]
)
def test_when_something_happened_is_said_as_people_say_it(at: str, said: str) -> None:
    assert audit_words.occurred(at).replace(NBSP, " ") == said


class TestDossier:
    async def test_one_timeline_over_all_services_and_the_look_is_recorded(self, console: World) -> None:
        browser = await auditing(console)
        page = await by_person(browser)
        assert (page.status, page.path) == (200, "/controle/dossier")
        for said in ("VitaleReportedLost", "Messages", "commandée → reçue", "non permis", "après 1 j 1 h", "a" * 64):
            assert said in page.text, said
        order = [page.text.index(one) for one in ("VitaleReportedLost", "MessageSent", "VitaleReplacementOrdered")]
        assert order == sorted(order)
        assert await looks(console) == [(Part.CARD_DOSSIER, Purpose.AUDIT, "contrôle trimestriel")]
        assert NIR not in page.html

    async def test_what_is_asked_for_is_never_in_an_address(self, console: World, services: Audited) -> None:
        browser = await auditing(console)
        page = await by_person(browser)
        assert CLAIRE not in page.path
        assert all(NIR not in path and NUMBER not in path for _, _, path, _ in services.asked)

    async def test_by_the_number_of_a_card(self, console: World) -> None:
        browser = await auditing(console)
        page = await searching(browser, "numero", numero=NUMBER)
        assert page.path == "/controle/dossier"
        assert NUMBER not in page.html

    async def test_a_log_that_is_still_being_read_is_asked_again(self, console: World, services: Audited) -> None:
        services.read = [Progress(position=20, head=40)]
        browser = await auditing(console)
        page = await browser.fill("/controle/echantillons", **TO_DRAW)
        assert page.status == 200
        assert len(services.of("/draws")) == 2

    async def test_by_day_each_dossier_is_opened_by_itself(self, console: World) -> None:
        browser = await auditing(console)
        day = {"jour-jour": "20", "jour-mois": "11", "jour-annee": "2026"}
        page = await searching(browser, "jour", **day)
        assert "3 cycles" in page.text
        assert await looks(console) == []
        page = await browser.send(page.form("/controle/dossier"))
        assert page.path == "/controle/dossier"
        assert len(await looks(console)) == 1

    async def test_each_time_that_it_is_shown_is_recorded(self, console: World) -> None:
        browser = await auditing(console)
        await by_person(browser)
        await browser.get("/controle/dossier")
        assert len(await looks(console)) == 2

    async def test_a_service_that_is_down_is_named_and_the_rest_shown(self, console: World, services: Audited) -> None:
        services.down.add("notifications")
        browser = await auditing(console)
        page = await by_person(browser)
        assert "Messages : ne répond pas" in page.text
        assert "VitaleReportedLost" in page.text

    async def test_where_the_look_cannot_be_recorded_nothing_is_fetched(
        self, console: World, services: Audited
    ) -> None:
        browser = await auditing(console)

        async def broken(*_: object, **__: object) -> None:
            raise ConnectionError

        console.service.store.append = broken  # type: ignore[method-assign, assignment]
        page = await by_person(browser)
        assert page.status == 500
        assert services.of("/dossier") == []

    @pytest.mark.parametrize(
        ("path", "fields", "said"),
        [
            ("personne", {"nir": "", **BORN}, "Saisissez le numéro de sécurité sociale entier."),
            ("personne", {"nir": NIR, **BORN, "naissance-annee": "1986"}, "Personne ne correspond"),
            ("personne", {"nir": NIR, **BORN, "reason": "x"}, "Dites pourquoi"),
            ("numero", {"numero": "12"}, "Un numéro a de 5 à 60 caractères."),
            ("numero", {"numero": "99999999"}, "Personne ne correspond"),
            ("jour", {"jour-jour": "31", "jour-mois": "2", "jour-annee": "2026"}, "Cette date n'existe pas."),
        ],
    )
    async def test_what_is_refused_opens_nothing(
        self, console: World, path: str, fields: dict[str, str], said: str
    ) -> None:
        browser = await auditing(console)
        page = await searching(browser, path, **fields)
        assert page.status == 422
        assert said in page.text
        assert await looks(console) == []
        assert (await browser.get("/controle/dossier")).status == 409

    @pytest.mark.parametrize("person", [CLAIRE, CHILD])
    async def test_the_own_file_and_a_relatives_do_not_open(
        self, console: World, services: Audited, person: str
    ) -> None:
        chef = await console.first()
        auditor = await console.staff(Role.AUDITOR, by=chef)
        await accounts.name_own_files(
            console.office, console.by(chef), auditor.staff_id, [PersonId(person)], "same household"
        )
        browser = await auditing(console, auditor)
        assert "C'est votre dossier" in (await by_person(browser)).text
        page = await searching(browser, "numero", numero=NUMBER)
        assert "C'est votre dossier" in page.text
        assert services.of("/dossier") == []

    async def test_it_closes_after_a_quarter_of_an_hour_and_by_a_button(self, console: World) -> None:
        browser = await auditing(console)
        page = await by_person(browser)
        console.clock.move(14 * 60)
        assert (await browser.get("/controle/dossier")).status == 200
        console.clock.move(60)
        assert (await browser.get("/controle/dossier")).status == 409
        page = await by_person(browser)
        assert (await browser.send(page.form("/controle/dossier/fermeture"))).path == SEARCH
        assert (await browser.get("/controle/dossier")).status == 409


class TestWho:
    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
    @pytest.mark.parametrize("path", ["/controle", SEARCH, "/controle/dossier", "/controle/cycles", SAMPLES])
    async def test_nobody_else_comes_in(self, console: World, role: Role, path: str) -> None:
        browser = await auditing(console, await console.staff(role))
        assert (await browser.get(path)).status == 403

    async def test_after_the_mandate_nothing_opens_any_more(self, console: World) -> None:
        auditor = await console.staff(Role.AUDITOR)
        browser = await auditing(console, auditor)
        await by_person(browser)
        console.clock.move(dt.timedelta(days=31).total_seconds())
        page = await browser.get("/controle/dossier")
        assert page.path.startswith("/connexion")
        again = console.browser()
        assert (await again.sign_in(auditor)).status == 422
        assert len(await looks(console)) == 1


class TestFindings:
    async def test_what_strays_and_what_waits_over_all_services(self, console: World) -> None:
        browser = await auditing(console)
        page = await browser.get("/controle/cycles")
        for said in (ORDER, "1 écart", "0 écart", "commandée → reçue", "2 j 0 h", "pièces acceptées"):
            assert said in page.text, said
        assert await looks(console) == []

    async def test_a_log_that_is_not_read_to_its_end_says_so(self, console: World, services: Audited) -> None:
        services.read = [Progress(position=20, head=40)] * 20
        page = await (await auditing(console)).get("/controle/cycles")
        assert "jusqu'à la position 20 sur 40" in page.text

    async def test_a_service_that_is_down_hides_no_other(self, console: World, services: Audited) -> None:
        services.down.add("notifications")
        page = await (await auditing(console)).get("/controle/cycles")
        assert "ne répond pas" in page.text
        assert ORDER in page.text


class TestSamples:
    async def drawn(self, console: World) -> tuple[Browser, Page]:
        browser = await auditing(console)
        page = await browser.fill(SAMPLES, **TO_DRAW)
        assert (page.status, page.path.startswith(f"{SAMPLES}/")) == (200, True)
        return browser, page

    async def noted(self, browser: Browser, page: Page, verdict: str = "conforms", note: str = "") -> Page:
        form = page.form(f"{page.path}/constat")
        return await browser.send(form, verdict=verdict, note=note)

    async def test_the_draw_is_kept_with_all_that_repeats_it(self, console: World) -> None:
        _, page = await self.drawn(console)
        [kept] = (await console.office.queries.all(samples)).values()  # type: ignore[attr-defined]
        assert (kept.draw.seed, kept.draw.population, kept.draw.position, len(kept.items)) == ("graine", 30, 40, 2)
        assert kept.draw.population_hash in page.text
        assert "Constats : 0 sur 2" in page.text

    async def test_without_a_seed_one_is_made(self, console: World) -> None:
        browser = await auditing(console)
        await browser.fill(SAMPLES, **{**TO_DRAW, "seed": ""})
        [kept] = (await console.office.queries.all(samples)).values()  # type: ignore[attr-defined]
        assert len(kept.draw.seed) == 32

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"kind": ""}, "Choisissez ce qui est tiré."),
            ({"size": "0"}, "Indiquez un nombre de 1 à 100."),
            ({"size": "101"}, "Indiquez un nombre de 1 à 100."),
            ({"size": "deux"}, "Indiquez un nombre de 1 à 100."),
            ({"reason": ""}, "Dites pourquoi"),
            ({"debut-jour": "31", "debut-mois": "2", "debut-annee": "2026"}, "Cette date n'existe pas."),
        ],
    )
    async def test_what_makes_no_sense_draws_nothing(self, console: World, fields: dict[str, str], said: str) -> None:
        browser = await auditing(console)
        page = await browser.fill(SAMPLES, **{**TO_DRAW, **fields})
        assert page.status == 422
        assert said in page.text
        assert await console.office.queries.all(samples) == {}  # type: ignore[attr-defined]

    async def test_where_nothing_fits_nothing_is_drawn(self, console: World, services: Audited) -> None:
        services.population = []
        page = await (await auditing(console)).fill(SAMPLES, **TO_DRAW)
        assert (page.status, "il n'y a rien à tirer" in page.text) == (422, True)

    async def test_findings_are_noted_and_then_it_is_closed(self, console: World) -> None:
        browser, page = await self.drawn(console)
        refused = await browser.send(page.form(f"{page.path}/cloture"), reason="rien à signaler")
        assert (refused.status, "Il manque des constats" in refused.text) == (422, True)
        page = await self.noted(browser, page, "deviates", "=envoyée trop tard")
        assert "envoyée trop tard" in page.text
        second = [one for one in page.forms if one.action == f"{page.path}/constat"][1]
        page = await browser.send(second, verdict="conforms")
        page = await browser.send(page.form(f"{page.path}/cloture"), reason="un retard")
        assert "L'échantillon est clos." in page.text
        assert "Noter un constat" not in page.text
        assert "clos le" in (await browser.get(SAMPLES)).text

    async def test_a_deviation_without_a_word_is_not_noted(self, console: World) -> None:
        browser, page = await self.drawn(console)
        refused = await self.noted(browser, page, "deviates")
        assert (refused.status, "Dites en quoi" in refused.text) == (422, True)

    async def test_the_paper_as_csv_holds_the_draw_and_no_formula(self, console: World) -> None:
        browser, page = await self.drawn(console)
        page = await self.noted(browser, page, "deviates", "=envoyée trop tard")
        file = await browser.send(page.form(f"{page.path}/papier/csv"))
        rows = list(csv.DictReader(io.StringIO(file.answer.content.decode("utf-8-sig")), delimiter=";"))
        assert [row["rang"] for row in rows] == ["1", "2"]
        assert (rows[0]["note"], rows[0]["constat"], rows[1]["constat"]) == ("'=envoyée trop tard", "deviates", "")
        assert {row["graine"] for row in rows} == {"graine"}

    async def test_the_paper_as_lines_of_json(self, console: World) -> None:
        browser, page = await self.drawn(console)
        file = await browser.send(page.form(f"{page.path}/papier/jsonl"))
        head, *items = [json.loads(line) for line in file.answer.content.decode().splitlines()]
        assert (head["draw"]["seed"], head["conclusion"]) == ("graine", None)
        assert [one["rank"] for one in items] == [1, 2]

    async def test_the_paper_as_pdf_and_each_copy_is_recorded_by_its_hash(self, console: World) -> None:
        browser, page = await self.drawn(console)
        file = await browser.send(page.form(f"{page.path}/papier/pdf"))
        assert file.answer.content.startswith(b"%PDF")
        assert "graine" in words(file.answer.content)
        assert console.service.types()[-1] == "WorkingPaperExported"
        [event] = [one for one in await console.service.events() if one.NAME == "WorkingPaperExported"]
        assert event.sha256 == hashlib.sha256(file.answer.content).hexdigest()

    async def test_anybody_can_draw_again(self, console: World, services: Audited) -> None:
        browser, page = await self.drawn(console)
        listing = (await browser.send(page.form(f"{page.path}/population"))).answer.content
        assert hashlib.sha256(listing).hexdigest() in page.text
        by_hand = sorted(
            listing.decode().split("\n")[:-1], key=lambda one: hashlib.sha256(f"graine|{one}".encode()).hexdigest()
        )
        assert [one.rpartition("/")[2] in page.text for one in by_hand[:2]] == [True, True]
        same = await browser.send(page.form(f"{page.path}/verification"))
        assert "mêmes population et mêmes cycles" in same.text
        services.population.append("cards/vitale order/9999")
        other = await browser.send(same.form(f"{same.path}/verification"))
        assert "donne autre chose" in other.text

    async def test_an_unknown_sample_is_not_found(self, console: World) -> None:
        browser = await auditing(console)
        assert (await browser.get(f"{SAMPLES}/nothing")).status == 404
