"""Every page of the console in every state, in a real browser: what axe finds, what fits, whom else it asks.

`PAGES` is the list; a page of the console that is not on it fails the last test.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import pytest
import pytest_socket
from axe_playwright_python.sync_playwright import Axe
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, Page

from deploy.local.services import ROOT
from services.console.acts import accounts, doors, inquiries, two_persons, work
from services.console.domain.words import Action, Part, Purpose, Role
from services.console.drafts import OpenFile
from services.console.main import PAGES as MODULES
from tests.browser import doubled_ids, launched, overhear
from tests.served import answering, free_port
from tests.services.console.control import REFERENCE, Control
from tests.services.console.ops_book import AT, RESULTS, ROW
from tests.services.console.services import CLAIRE, ITEM, NIR, documents
from tests.services.console.world import CODE, NOW, Person, World, world

pytestmark = pytest.mark.connected
WIDTHS: Final = (360, 768, 1280)
HEAVIEST: Final = 120_000
ITEM_PATH: Final = f"/taches/cards/vitale-documents/{ITEM}"
EXPLAIN: Final = f"/exploitation/expliquer?service=cards&modele=toy.summary&cle={CLAIRE}"

Prepare = Callable[["Scene"], Awaitable[object]]


@dataclass
class Scene:
    """A console with its first supervisor, and whoever looks at the page."""

    console: World
    chief: Person
    person: Person
    made: str = ""
    """An id that the page's path needs."""


@dataclass(frozen=True)
class State:
    """A page as it is in one situation."""

    path: str
    name: str
    role: Role | None = Role.OPERATIONS
    status: int = 200
    prepare: Prepare | None = None
    opened: OpenFile | None = None


async def waiting_approvals(scene: Scene) -> None:
    """One that another has asked for, one of his own that was agreed to."""
    console, office = scene.console, scene.console.office
    facts = {"service": "cards", "parked": ROW, "version": "1", "error": "KeyError"}
    await two_persons.ask(office, console.by(scene.chief), Action.SKIP_PARKED, facts, "incident")
    scene.made = await two_persons.ask(office, console.by(scene.person), Action.SKIP_PARKED, facts, "incident")
    await two_persons.decide(office, console.by(scene.chief), scene.made, "vu aussi", agreed=True)


def jobs(**of: Any) -> Prepare:
    """One job of a service, as it stands."""

    async def prepare(scene: Scene) -> None:
        job = {"id": "job-1", "actor": "x", "asked_at": AT, "head": 6, "result": None, "error": None, **of}
        scene.console.services.ops.jobs["job-1"] = job

    return prepare


def ended(kind: str, result: dict[str, Any] | None = None, **ask: Any) -> Prepare:
    """One that has ended."""
    asked = {"kind": kind, "projection": "", "person": "", "since": "", **ask}
    return jobs(ask=asked, state="done", ended_at=AT, result=result or RESULTS[kind])


def filling(state: str) -> Prepare:
    """A replay under way."""
    progress = {"state": state, "position": 3, "events": 30, "seconds": 1.5, "memory_mib": 90, "limit": 20.0}
    return jobs(ask={"kind": "fill", "projection": "", "person": "", "since": ""}, state="running", progress=progress)


async def busy(scene: Scene) -> None:
    """Work, an inquiry, colleagues."""
    console = scene.console
    console.services.open_items.append(documents())
    for role in (Role.AGENT, Role.AUDITOR):
        await console.staff(role, f"{role.value}-2", scene.chief)
    by = console.by(scene.chief)
    born = dt.date(1985, 7, 1)
    await inquiries.open_by_number(console.office, console.site.lines, by, NIR, born, "signalement", "F-1")


async def taken(scene: Scene) -> None:
    """The item is his."""
    scene.console.services.open_items.append(documents())
    console = scene.console
    by = console.by(scene.person)
    await work.take(console.office, console.site.lines, by, "cards", "vitale-documents", ITEM)


async def colleague(scene: Scene) -> None:
    """An auditor whose account is looked at."""
    scene.made = (await scene.console.staff(Role.AUDITOR, "auditeur-2", scene.chief)).staff_id


async def invited(scene: Scene) -> None:
    """Somebody is about to join."""
    by = scene.console.by(scene.chief)
    scene.made = (await accounts.invite(scene.console.office, by, "nouveau", Role.AGENT, "arrive")).token


async def silent(scene: Scene) -> None:
    scene.console.services.down |= {"geo", "cards"}


def controlled(*alarms: str) -> Prepare:
    """Logs that are signed, a table of classes, a hold that stands."""

    async def prepare(scene: Scene) -> None:
        control = Control()
        control.alarms = list(alarms)
        hold = {"hold_id": scene_id(9), "case": "TJ Toulon 26/01234", "status": "placed", "since": AT}
        control.holds[hold["hold_id"]] = hold
        scene.console.services.control = control.answer

    return prepare


async def nothing_parked(scene: Scene) -> None:
    scene.console.services.ops.parked = []


DIFFERENT: Final = {
    **RESULTS["compare"], "live": 2, "candidate": 2, "missing": 0, "extra": 0, "hashes": {"live": "a" * 64, "candidate": "b" * 64},
    "shown": {"content": [{"key": CLAIRE, "live": {"shape": "number", "hash": "abc"}, "candidate": None}]},
}  # fmt: skip
RECONCILED: Final = {
    "upto": 6,
    "topic": {"events": 6, "records": 7, "duplicates": 1, "unreadable": 0, "first_difference": 4},
    "models": [{"projection": "toy.summary", "checked": 2, "unexplained": 0, "different": 1, "first": {"key": CLAIRE, "fields": ["content"]}}],
}  # fmt: skip
FILE: Final = OpenFile(
    person_id=CLAIRE,
    opened_at=NOW + dt.timedelta(hours=1),
    purpose=Purpose.VISIT,
    reason="a perdu son code",
    parts=(Part.PROFILE, Part.CARDS),
)
JOB: Final = "/exploitation/cards/travaux/job-1"
AG, OP, SU, AU = Role.AGENT, Role.OPERATIONS, Role.SUPERVISOR, Role.AUDITOR

# fmt: off
PAGES: Final = [
    State("/connexion", "ouverte", None),
    State("/invitation?jeton={made}", "ouverte", None, prepare=invited),
    *(State("/accueil", f"de {role.value}", role) for role in Role),
    *(State("/mon-compte", f"de {role.value}", role) for role in (AG, AU)),
    State("/guichet", "vide", AG),
    State("/guichet/dossier", "ouvert", AG, opened=FILE),
    State("/guichet/dossier", "fermé", AG, 409),
    State("/taches", "vide", AG), State("/taches", "pleine", SU, prepare=busy), State("/taches", "services en panne", AG, prepare=silent),
    State(ITEM_PATH, "libre", AG, prepare=busy), State(ITEM_PATH, "prise", AG, prepare=taken), State(ITEM_PATH, "finie", AG, 404),
    State("/a-deux", "vide", AG), State("/a-deux", "pleine", OP, prepare=waiting_approvals),
    State("/comptes", "pleine", SU, prepare=busy), State("/comptes", "refusée", AG, 403),
    State("/comptes/{made}", "d'un auditeur", SU, prepare=colleague),
    State("/enquetes", "vide", SU), State("/enquetes", "pleine", SU, prepare=busy),
    State("/exploitation", "pleine"), State("/exploitation", "services en panne", prepare=silent), State("/exploitation", "d'un auditeur", AU),
    State("/exploitation/graphes", "pleine"), State("/exploitation/graphes", "services en panne", prepare=silent),
    State("/exploitation/cards", "pleine", prepare=filling("running")), State("/exploitation/cards", "en panne", prepare=silent),
    State("/exploitation/nulle-part", "inconnue", status=404),
    State(JOB, "compté", prepare=ended("plan")), State(JOB, "en cours", prepare=filling("running")), State(JOB, "en pause", prepare=filling("paused")),
    State(JOB, "rejoué", prepare=ended("fill", person=CLAIRE)),
    State(JOB, "comparé", prepare=ended("compare", DIFFERENT, projection="toy.summary")),
    *(State(JOB, f"rien à comparer : {why}", prepare=ended("compare", {"from": 1, "to": 2, "unready": why}, projection="toy.summary")) for why in ("same", "candidate", "live", "shape")),
    State(JOB, "rapproché", prepare=ended("reconcile", RECONCILED)),
    State(JOB, "en échec", prepare=jobs(ask={"kind": "plan"}, state="failed", error="KeyError", ended_at=AT)),
    State("/exploitation/cards/attente", "pleine"), State("/exploitation/cards/attente", "vide", prepare=nothing_parked), State("/exploitation/cards/attente", "d'un auditeur", AU),
    State("/exploitation/saut/{made}", "accordé", prepare=waiting_approvals),
    State("/exploitation/expliquer", "vide"), State(EXPLAIN, "sans valeurs"), State(EXPLAIN, "d'un superviseur", SU),
    State(f"{EXPLAIN}&le=2026-11-24T14:02", "d'autrefois"), State(f"{EXPLAIN}&le=hier", "refusée", status=422),
    State("/exploitation/flux", "vide"), State("/exploitation/flux?service=cards&par=after&nom=0", "pleine"),
    State("/exploitation/flux?service=cards&par=after&nom=x", "refusée", status=422),
    State("/controle", "pleine", AU),
    State("/controle/preuves", "pleine", AU, prepare=controlled()), State("/controle/preuves", "d'un superviseur", SU, prepare=controlled()),
    State("/controle/preuves", "alarmes", AU, prepare=controlled("inconsistent", "witness-differs")), State("/controle/preuves", "services en panne", AU, prepare=silent),
    State("/controle/consultations", "vide", AU),
    State("/controle/conservation", "pleine", AU, prepare=controlled()), State("/controle/conservation", "d'un superviseur", SU, prepare=controlled()),
    State("/controle/conservation/certificats", "pleine", AU, prepare=controlled()),
    State(f"/controle/conservation/certificats/{CLAIRE}/{REFERENCE}", "complet", AU, prepare=controlled()),
    State("/controle/conservation", "refusée", AG, 403),
    State("/rien", "inconnue", AG, 404),
]
# fmt: on
ELSEWHERE: Final = ("/taches/{service}/{kind}/{item_id}/fichiers/{name}", "/", "/controle/")
"""Not pages, or with a browser test of their own."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def console() -> Iterator[World]:
    pytest_socket.enable_socket()
    port = free_port()
    found = world(origin=f"http://127.0.0.1:{port}")
    with answering(found.app, port):
        yield found


@pytest.fixture
def page(chromium: Browser, console: World) -> Iterator[Page]:
    """A browser that asks nobody else, and whose policy has nothing to refuse."""
    url = console.site.settings.public_url
    context = chromium.new_context(base_url=url, locale="fr-FR", viewport={"width": 1280, "height": 900})
    found = context.new_page()
    complaints = overhear(found, url)
    yield found
    context.close()
    assert complaints == []


async def entered(console: World, state: State) -> tuple[str, str]:
    """What the state needs is there, its person signed in: the cookie, and the path."""
    chief = await console.first()
    role = state.role or Role.AGENT
    person = chief if role is Role.SUPERVISOR else await console.staff(role, by=chief)
    scene = Scene(console, chief, person)
    if state.prepare:
        await state.prepare(scene)
    console.clock.move(30)
    opened = await doors.sign_in(
        console.office, scene_id(1), scene_id(2), person.login, CODE, person.otp(console.clock.now())
    )
    session = await console.site.sessions.sign_in(await console.site.sessions.open(None), opened.staff_id)
    session.change(console_session=opened.session_id, open_file=state.opened)
    await console.site.sessions.keep(session)
    return session.cookie, state.path.format(made=scene.made)


def scene_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


@pytest.mark.parametrize("state", PAGES, ids=lambda state: f"{state.path} {state.name}")
def test_a_page_in_a_state(page: Page, console: World, state: State) -> None:
    with ThreadPoolExecutor(1) as beside:  # Playwright holds the loop of this thread
        cookie, path = beside.submit(asyncio.run, entered(console, state)).result()
    if state.role:
        domain = {"url": console.site.settings.public_url.replace("http:", "https:")}
        page.context.add_cookies([{"name": "__Host-sid", "value": cookie, "secure": True, "httpOnly": True, **domain}])
    sizes: list[int] = []
    page.on("requestfinished", lambda one: sizes.append(one.sizes()["responseBodySize"]))
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == state.status, page.inner_text("main")
    page.wait_for_load_state("load")
    assert sum(sizes) <= HEAVIEST, f"{sum(sizes)} bytes"
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"scrolls sideways at {width}"
    assert doubled_ids(page) == []
    assert page.locator("h1").count() == 1
    assert page.title().endswith(" Console")
    folder = ROOT / "var" / "screenshots" / "console"
    folder.mkdir(parents=True, exist_ok=True)
    name = "".join(one if one.isalnum() else "-" for one in f"{state.path.partition('?')[0]} {state.name}")
    page.screenshot(path=folder / f"{name.strip('-')}.png", full_page=True)


def test_no_page_was_forgotten() -> None:
    routes = [route for module in MODULES for route in module.router.routes if isinstance(route, APIRoute)]
    pages = {route.path for route in routes if "GET" in route.methods and not route.path.startswith(ELSEWHERE[2])}
    missing = {
        one
        for one in pages - set(ELSEWHERE)
        if not any(_stands_for(one, state.path.partition("?")[0]) for state in PAGES)
    }
    assert not missing


def _stands_for(template: str, path: str) -> bool:
    parts, of = template.split("/"), path.split("/")
    return len(parts) == len(of) and all(a == b or a.startswith("{") for a, b in zip(parts, of, strict=True))
