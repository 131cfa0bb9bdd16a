"""Somebody who was forgotten, and months whose key is destroyed: « effacé » stands where a value stood, on every page."""

from typing import Any

import httpx
import pytest

from services.console.acts import reading, two_persons
from services.console.cli.ops_explain import seen
from services.console.cli.shell import table
from services.console.clients.operations import Masked
from services.console.domain.words import Action, Role
from shared.admin.masking import masked, plain
from shared.kernel import ERASED
from tests.services.console.audited import AT, CARDS, Audited, transition
from tests.services.console.services import BORN, CLAIRE, NIR, Services
from tests.services.console.world import Browser, World, world
from tests.web import Page

GONE = ERASED.value
EXPLAIN = f"/exploitation/expliquer?service=identity&modele=identity.profile&cle={CLAIRE}"


async def signed_in(console: World, role: Role) -> Browser:
    browser = console.browser()
    await browser.sign_in(await console.staff(role))
    return browser


def says_no_python(page: Page) -> None:
    assert page.status == 200
    for word in ("Erased", "None", "ERASED"):
        assert word not in page.text, word


@pytest.mark.parametrize(("role", "show"), [(Role.OPERATIONS, masked), (Role.AUDITOR, plain)])
async def test_a_document_is_explained_with_what_is_left(role: Role, show: Any) -> None:
    def shown(value: Any) -> Any:
        return show(value, b"k") if show is masked else show(value)

    def explained(_: str, __: str, path: str, *___: Any) -> httpx.Response | None:
        if "/explanations/" not in path:
            return None
        change = {"email": {"before": None, "after": shown(GONE)}}
        step = {"position": 1, "stream": "account:x", "version": 1, "event_id": "e1", "type": "AccountCreated"}
        step |= {"recorded_at": AT.isoformat(), "actor": "x", "actor_kind": "member", "fields": change}
        document = {"email": shown(GONE), "confirmed_at": shown(None)}
        return httpx.Response(200, json={"document": document, "as_live": True, "steps": [step]})

    services = Services()
    services.control = explained
    page = await (await signed_in(world(services=services), role)).get(EXPLAIN)
    says_no_python(page)
    assert "email effacé" in page.text
    assert "email : — → effacé" in page.text
    if show is plain:
        assert "confirmed_at —" in page.text


async def test_the_dossier_names_what_was_done_with_documents_that_are_gone() -> None:
    services = Audited()
    erased = CARDS.model_copy(
        update={"transitions": (transition(4, "VitaleReplacementOrdered", evidence={"photo": GONE}),), "standings": ()}
    )
    before = services.control

    def gone(name: str, method: str, path: str, query: bytes, body: Any) -> httpx.Response | None:
        if name == "cards" and path.endswith("/dossier"):
            return httpx.Response(200, json=erased.model_dump(mode="json"))
        return before(name, method, path, query, body)

    services.control = gone
    browser = await signed_in(world(services=services), Role.AUDITOR)
    page = await browser.get("/controle/recherche")
    page = await browser.send(page.form("/controle/recherche/personne"), nir=NIR, reason="contrôle", ticket="", **BORN)
    says_no_python(page)
    assert "Photo : effacé" in page.text
    assert "SHA-256" not in page.text


async def test_the_desk_sees_a_file_of_which_nothing_is_left() -> None:
    def gone(_: str, method: str, path: str, *__: Any) -> httpx.Response | None:
        facts = {"surname": GONE, "given_names": GONE, "birth_date": GONE, "address": GONE, "nir_masked": GONE}
        return httpx.Response(200, json=facts) if (method, path.rpartition("/")[2]) == ("GET", "profile") else None

    services = Services(account="closed")
    services.control = gone
    browser = await signed_in(world(services=services), Role.AGENT)
    page = await browser.fill("/guichet", nir=NIR, purpose="visit", reason="demande un code", ticket="", **BORN)
    assert "fermé" in page.text
    page = await browser.send(page.form("/guichet/dossier/profile"))
    says_no_python(page)
    assert "Nom effacé Né(e) le effacé Adresse effacé" in page.text


async def test_words_of_a_month_whose_key_is_destroyed(console: World) -> None:
    chef = await console.first()
    agent = await console.staff(Role.AGENT, by=chef)
    facts = {"document": "passport"}
    await two_persons.ask(
        console.office, console.by(agent), Action.FIRST_CODE, facts, "demande un code", ticket="T-1", person_id=CLAIRE
    )
    await reading.open_inquiry(console.office, console.by(chef), CLAIRE, "une fraude", "F-1")
    browser = console.browser()
    await browser.sign_in(chef)
    await console.service.vault.destroy(f"{console.clock.now():%Y-%m}", "access", console.clock.now())
    for path, said in (("/a-deux", f"Motif : {GONE}"), ("/enquetes", GONE)):
        page = await browser.get(path)
        says_no_python(page)
        assert said in page.text, path


async def test_who_has_left_and_was_forgotten_is_listed_without_a_name(console: World) -> None:
    chef = await console.first()
    agent = await console.staff(Role.AGENT, "parti", by=chef)
    browser = console.browser()
    await browser.sign_in(chef)
    await console.service.vault.destroy(agent.staff_id, "staff", console.clock.now())
    page = await browser.get("/comptes")
    says_no_python(page)
    assert GONE in page.text
    assert "parti" not in page.html


def test_the_shell_says_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    table("Operations", ("reason", "ticket"), [(ERASED, None)])
    assert GONE in capsys.readouterr().out
    assert seen(Masked(shape="erased", value=GONE)) == GONE
    assert seen(Masked(shape="nothing")) == "-"
