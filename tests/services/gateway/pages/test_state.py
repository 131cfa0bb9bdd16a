"""« État du service », and a site that is closed for works."""

from pathlib import Path

import httpx
import pytest

from services.gateway.clients.health import HttpHealth
from tests.services.gateway.api.program import Program
from tests.services.gateway.fakes import world
from tests.web import SetClock


class TestTheState:
    async def test_everything_works(self) -> None:
        page = await world().browser().get("/etat-du-service")
        assert page.text.count("Fonctionne") == 5
        assert "Ne répond pas" not in page.text

    async def test_what_does_not_answer_is_named(self) -> None:
        site = world()
        site.health.silent = frozenset({"cards"})
        page = await site.browser().get("/etat-du-service")
        assert "Carte Vitale et carte européenne (CEAM) Ne répond pas" in page.text
        assert page.text.count("Fonctionne") == 4

    async def test_services_are_asked_once_in_ten_seconds(self) -> None:
        asked: list[str] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(request.url.host)
            if request.url.host == "cards":
                raise httpx.ConnectError("refused")
            return httpx.Response(200 if request.url.host == "identity" else 503)

        clock = SetClock()
        lines = {
            name: httpx.AsyncClient(base_url=f"http://{name}", transport=httpx.MockTransport(answer))
            for name in ("identity", "cards", "geo")
        }
        health = HttpHealth(lines, clock)
        assert await health.answering() == {"identity": True, "cards": False, "geo": False}
        await health.answering()
        assert len(asked) == 3
        clock.pass_(seconds=10)
        await health.answering()
        assert len(asked) == 6


class TestWorks:
    @pytest.fixture
    def closed(self, tmp_path: Path) -> Path:
        file = tmp_path / "works"
        file.write_text("Il rouvre à 18 h.\nnot shown", encoding="utf-8")
        return file

    @pytest.mark.parametrize("path", ["/", "/connexion", "/mon-compte", "/lieux/annuaire"])
    async def test_the_site_says_that_it_is_closed_and_until_when(self, closed: Path, path: str) -> None:
        page = await world(works_file=closed).browser().get(path)
        assert (page.status, page.answer.headers["retry-after"]) == (503, "600")
        assert "Le site est fermé pour maintenance" in page.text
        assert "Il rouvre à 18 h." in page.text
        assert "not shown" not in page.text
        assert "Demandez un code provisoire par courrier ou à l'accueil" in page.text
        assert "/creer-mon-compte/code-provisoire" not in page.html, "that page is closed, too"

    @pytest.mark.parametrize("path", ["/contact", "/accessibilite", "/mentions-legales", "/etat-du-service"])
    async def test_what_stands_on_no_service_stays_open(self, closed: Path, path: str) -> None:
        assert (await world(works_file=closed).browser().get(path)).status == 200

    async def test_programs_are_told_too(self, closed: Path) -> None:
        refused = await Program(world(works_file=closed), "x").call("GET", "/account")
        assert (refused.status_code, refused.json()["code"]) == (503, "works")
        assert refused.headers["retry-after"] == "30"

    async def test_it_opens_when_the_file_goes(self, closed: Path) -> None:
        site = world(works_file=closed.with_name("gone"))
        assert (await site.browser().get("/")).status == 200
