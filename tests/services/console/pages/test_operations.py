"""Operations at a real service of a toy: map, replay, comparison, flip, parked keys by two, explanations, values."""

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from services.console.domain.words import Role
from shared.admin.runner import LOOKS, WRITES, JobRunner
from shared.clock import SystemClock
from shared.problems import ProblemCatalogue
from shared.projections.lag import LagMeter
from shared.security import TokenIssuer
from shared.service import Service
from shared.service.roles import build_app
from shared.web.channel import Channel, channel
from tests import toy
from tests.services.console.world import Browser, World, world
from tests.shared.toybox import fill, log_of, open_box, opened_and_filled
from tests.web import Page

pytestmark = pytest.mark.connected
WHY = {"reason": "incident du matin", "ticket": "INC-7"}


def wrong(document: toy.Summary | None, event: Any) -> toy.Summary | None:
    right = toy.summarise(document, event)
    return right.model_copy(update={"content": 77}) if right else None


PLANTED = replace(toy.summary, evolve=wrong, screen="Ma boîte")
FIXED = replace(toy.summary, version=2, screen="Ma boîte")


def line_to(service: Service) -> Channel:
    app = build_app(service, lambda _: [], ProblemCatalogue())
    return line(service, service.name, httpx.ASGITransport(app))


def line(service: Service, to: str, transport: httpx.AsyncBaseTransport) -> Channel:
    issuer = TokenIssuer(service.settings.private_key("console"), "console", None, SystemClock())
    return channel(to, f"http://{to}", issuer, 5.0, transport)[0]


@pytest.fixture
async def service(make_service: Callable[..., Any]) -> Service:
    made: Service = await make_service(toy.definition(projections=[PLANTED]))
    await fill(made, [opened_and_filled(person, 1, 2) for person in ("ann", "bob")])
    await made.projector([PLANTED]).apply(await log_of(made))
    return made


async def turn(service: Service) -> None:
    runner = JobRunner(service, (*WRITES, *LOOKS), service.lease("all"))
    assert await runner._lease.acquire()
    await runner.turn()
    await runner._lease.release()


async def at(console: World, role: Role, **more: Any) -> Browser:
    browser = console.browser()
    await browser.sign_in(await console.staff(role, **more))
    return browser


def form(page: Page, action: str) -> Any:
    return page.form(action)


async def test_agents_see_nothing_of_it_and_auditors_change_nothing(service: Service) -> None:
    console = world({"toy": line_to(service)})
    chef = await console.first()
    agent, auditor = [await at(console, role, by=chef) for role in (Role.AGENT, Role.AUDITOR)]
    for path in (
        "/exploitation",
        "/exploitation/graphes",
        "/exploitation/toy",
        "/exploitation/toy/attente",
        "/exploitation/flux",
    ):
        assert (await agent.get(path)).status == 403, path
        page = await auditor.get(path)
        assert page.status == 200, (path, page.text)
        assert [one.method for one in page.forms if one.action != "/deconnexion"] in ([], ["get"]), path


async def test_the_map_says_how_each_service_goes_and_what_members_see_too_old(service: Service) -> None:
    console = world({"toy": line_to(service), "gone": down(service)})
    browser = await at(console, Role.OPERATIONS)
    page = await browser.get("/exploitation")
    assert "gone ne répond pas" in page.text
    assert "Aucun assuré ne voit une page en retard." in page.text
    assert "non mesurée" in page.text
    await open_box(service, 3, person="eve")
    meter: LagMeter = service.lag_meter()
    await meter.measure(PLANTED)
    old = {"seconds": 130.0, "persons": 12}
    await service.database["progress"].update_one({"_id": PLANTED.id}, {"$set": old})
    page = await browser.get("/exploitation")
    assert "12 assurés voient « Ma boîte » dans un état de plus de 2 min." in page.text
    assert "rattrape" in page.text
    assert "BoxFilled toy.summary Ma boîte" in page.text


async def test_a_wrong_field_is_replayed_beside_compared_flipped_and_taken_back(
    service: Service, make_service: Callable[..., Any]
) -> None:
    fixed: Service = await make_service(toy.definition(projections=[FIXED], release=2))
    console = world({"toy": line_to(fixed)})
    browser = await at(console, Role.OPERATIONS)

    async def job(kind: str, **fields: str) -> Page:
        page = await browser.get("/exploitation/toy")
        page = await browser.send(form(page, "/exploitation/toy/travaux"), kind=kind, **WHY, **fields)
        assert "C'est demandé" in page.text, page.text
        assert "en file" in page.text
        await turn(fixed)
        return await browser.get(page.path)

    assert "les assurés voient 1" in (await browser.get("/exploitation")).text
    page = await job("plan")
    assert "6 événements" in page.text
    assert "0 courriel ou courrier ne partirait." in page.text
    page = await job("fill")
    assert "fini" in page.text
    assert "Événements 6" in page.text
    page = await job("compare", projection="toy.summary")
    assert "2 et 2 documents : 2 diffèrent, 0 manquent, 0 sont en plus." in page.text
    assert "content 2 ann : number" in page.text
    assert "label" not in page.text
    assert "77" not in page.text.partition("Empreintes")[0]

    page = await browser.get("/exploitation/toy")
    page = await browser.send(form(page, "/exploitation/toy/versions/toy.summary/flip"), **WHY)
    assert "Les assurés voient maintenant la nouvelle version." in page.text
    seen = await fixed.queries.get(FIXED, "ann")
    assert seen is not None
    assert seen.content == 3
    await asyncio.sleep(0.6)  # readers keep a pointer for half a second
    page = await browser.send(form(page, "/exploitation/toy/versions/toy.summary/roll_back"), **WHY)
    assert "Les assurés voient à nouveau la version d'avant." in page.text
    wrong_again = await fixed.queries.get(FIXED, "ann")
    assert wrong_again is not None
    assert wrong_again.content == 77
    for said in ("Compter", "Rejouer", "Comparer champ par champ", "Basculer", "Revenir"):
        assert said in page.text.partition("Ce qui a été fait")[2], said
    assert "INC-7" in page.text
    assert console.service.types().count("OperationOrdered") == 5


async def test_nothing_is_done_without_a_reason_and_what_makes_no_sense_is_said_beside_its_field(
    service: Service,
) -> None:
    console = world({"toy": line_to(service)})
    browser = await at(console, Role.OPERATIONS)
    start = form(await browser.get("/exploitation/toy"), "/exploitation/toy/travaux")
    for fields, said in (
        ({"kind": "fill", "reason": ""}, "Dites pourquoi"),
        ({"kind": "fill", "limit": "vite", **WHY}, "Indiquez un nombre d'événements par seconde"),
        ({"kind": "drop", **WHY}, "Choisissez ce qu'il faut faire."),
        ({"kind": "fill", "person": "ann", "since": "3", **WHY}, "Indiquez une personne, ou depuis quand"),
    ):
        page = await browser.send(start, **fields)
        assert (page.status, said in page.text) == (422, True), said
    assert await service.database["jobs"].count_documents({}) == 0
    assert (await browser.get("/exploitation/nowhere")).status == 404


async def test_a_parked_key_is_tried_again_with_a_preview_and_passed_over_by_two(service: Service) -> None:
    names = [f"box:{number}" for number in range(4)]
    working = service.projector([PLANTED]).working_set()
    await working.load_streams(names)
    for name in names:
        working.park(PLANTED, name, {"kind": "projection", "version": 1, "error": "KeyError", "at": toy.T0})
    await working.flush()
    console = world({"toy": line_to(service)})
    chef = await console.first()
    one, two = [await at(console, Role.OPERATIONS, login=login, by=chef) for login in ("one", "two")]
    page = await one.get("/exploitation/toy/attente")
    assert "toy_summary__v1 KeyError 4" in page.text
    page = await one.send(form(page, "/exploitation/toy/attente/apercu"), cap="0")
    assert page.status == 422
    page = await one.send(form(await one.get("/exploitation/toy/attente"), "/exploitation/toy/attente/apercu"), cap="3")
    assert "4 clés ; 3 seraient réessayées" in page.text
    assert not [row for row in await service.parking.rows() if "request" in row]
    page = await one.send(form(page, "/exploitation/toy/attente/reprise"), **WHY)
    asked = [row for row in await service.parking.rows() if "request" in row]
    assert [row["request"]["action"] for row in asked] == ["retry"] * 3
    page = await one.send(form(page, "/exploitation/toy/attente/cle/saut"), **WHY)
    assert "Une autre personne doit donner son accord" in page.text
    own = await one.get("/a-deux")
    assert "en attente" in own.text
    theirs = await two.get("/a-deux")
    [decide] = [one for one in theirs.forms if one.action.startswith("/a-deux/")]
    await two.send(decide, reason="vu aussi", accord="oui")
    approval = decide.action.removeprefix("/a-deux/")
    page = await one.get(f"/exploitation/saut/{approval}")
    page = await one.send(form(page, f"/exploitation/saut/{approval}"), **WHY)
    assert page.path == "/exploitation"
    [skipped] = [row for row in await service.parking.rows() if row.get("request", {}).get("action") == "skip"]
    assert skipped["request"]["reason"] == WHY["reason"]
    again = await one.get(f"/exploitation/saut/{approval}")
    again = await one.send(form(again, f"/exploitation/saut/{approval}"), **WHY)
    assert again.status == 409
    assert "Cet accord a déjà servi." in again.text


async def test_a_document_is_explained_without_values_until_a_look_is_recorded(service: Service) -> None:
    console = world({"toy": line_to(service)})
    chef = await console.first()
    operator, supervisor = await at(console, Role.OPERATIONS, by=chef), console.browser()
    await supervisor.sign_in(chef)
    path = "/exploitation/expliquer?service=toy&modele=toy.summary&cle=ann"
    page = await operator.get(path)
    assert "comme ce que voit l'assuré" in page.text
    assert "BoxOpened" in page.text
    assert "text(12)" in page.text
    assert "label of ann" not in page.text
    assert "Voir les valeurs" not in page.text
    page = await supervisor.get(path)
    assert "label of ann" not in page.text
    page = await supervisor.send(form(page, "/exploitation/valeurs"), reason="")
    assert page.status == 422
    page = await supervisor.send(form(page, "/exploitation/valeurs"), **WHY)
    assert "label of ann" in page.text
    assert "ValuesUnmasked" in console.service.types()
    past = await operator.get(f"{path}&le=2020-01-01T00:00")
    assert "recalculé avec le code d'aujourd'hui" in past.text
    assert "Aucun document." in past.text
    assert (await operator.get(f"{path}&le=hier")).status == 422
    assert "Cette vue n'existe pas" in (await operator.get(path.replace("toy.summary", "toy.x"))).text
    console.clock.time += dt.timedelta(minutes=15)
    await supervisor.sign_in(chef)
    assert "label of ann" not in (await supervisor.get(path)).text


async def test_the_log_is_browsed_by_position_stream_person_and_conversation(service: Service) -> None:
    console = world({"toy": line_to(service)})
    browser = await at(console, Role.OPERATIONS)
    for kind, name in (("after", "0"), ("stream", "box:ann"), ("person", "ann"), ("correlation", "ann")):
        page = await browser.get(f"/exploitation/flux?service=toy&par={kind}&nom={name}")
        assert "BoxOpened" in page.text, kind
        assert "label of ann" not in page.text
    assert (await browser.get("/exploitation/flux?service=toy&par=after&nom=x")).status == 422
    assert (await browser.get("/exploitation/graphes")).status == 200


def down(service: Service) -> Channel:
    async def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("down")

    return line(service, "gone", httpx.MockTransport(refuse))


def stops(document: toy.Summary | None, event: Any) -> toy.Summary | None:
    if isinstance(event, toy.BoxFilled) and event.amount == 2:
        raise KeyError
    return toy.summarise(document, event)


async def test_a_parked_key_is_explained_up_to_the_event_that_fails(make_service: Callable[..., Any]) -> None:
    made: Service = await make_service(toy.definition(projections=[replace(toy.summary, evolve=stops)]))
    await fill(made, [opened_and_filled("ann", 1, 2)])
    browser = await at(world({"toy": line_to(made)}), Role.OPERATIONS)
    page = await browser.get("/exploitation/expliquer?service=toy&modele=toy.summary&cle=ann")
    assert page.status == 200
    assert "arrêté ici BoxFilled, position" in page.text
    assert "(box:ann, version 3)" in page.text
    assert "le code d'aujourd'hui échoue (KeyError)" in page.text
    assert 'href="/exploitation/toy/attente"' in page.html
