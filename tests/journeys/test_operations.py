"""A wrong field goes live, and operations mend it: seen, replayed beside, compared, flipped, taken back; no mail goes.

Two other builds of the cards service take its place for a while (tests/programs/cards_build.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from prometheus_client.parser import text_string_to_metric_families

from deploy.local import processes
from deploy.local.components.web import Service
from deploy.local.seed.people import Person
from deploy.local.services import SERVICES
from services.cards.read_models.my_vitale import my_vitale
from tests.deploy.dashboard import OF_PROMETHEUS, asked, read
from tests.journeys import steps
from tests.journeys.conftest import Whole
from tests.journeys.staff import Terminal, accessible, colleague

pytestmark = [pytest.mark.connected, pytest.mark.slow]

CARD = "/ma-carte-vitale"
MAP = "/exploitation"
CARDS = "/exploitation/cards"
WHY = ("--reason", "date d'opposition fausse", "--ticket", "INC-2026-11")


class Build(Service):
    """Another build of the cards service, on its port, with its data and rights."""

    build = ""

    def command(self) -> list[str]:
        return processes.python("tests.programs.cards_build", "all")

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "BUILD": self.build}


@dataclass(frozen=True)
class Deployed:
    """Which build of the cards service runs."""

    whole: Whole

    def build(self, name: str) -> None:
        """Let another build take over."""
        self.whole.stack.component("cards").stop()
        made = Build("cards", self.whole.stack)
        made.build = name
        made.start()

    def own(self) -> None:
        """Back to the service's own."""
        self.whole.stack.component("cards").restart()


@pytest.fixture
def deployed(whole: Whole) -> Iterator[Deployed]:
    found = Deployed(whole)
    yield found
    found.own()


def sent(whole: Whole) -> int:
    """How many mails the sink holds."""
    sink = whole.stack.env_for("notifications")["MAIL_SINK_URL"]
    return len(httpx.get(f"{sink}/api/mails").json())


def opposed_since(page: Page) -> str:
    """The day that « Ma carte Vitale » says; empty where it says none."""
    page.goto(CARD)
    rows = page.locator(".govuk-summary-list__row", has_text="En opposition depuis le")
    return rows.locator("dd").inner_text() if rows.count() else ""


def says(page: Page, year: int) -> str:
    """The day on the member's screen, once it is one of this year."""
    return steps.until(lambda: said if str(year) in (said := opposed_since(page)) else "")


def act(page: Page, words: str, model: str) -> None:
    """One of the acts on a read model's version, at the service's page."""
    page.goto(CARDS)
    form = page.locator(f"form[action$='/versions/{model}/{words}']")
    page.locator("details", has=form).locator("summary").click()
    form.locator("[name=reason]").fill("tout concorde")
    form.locator("button").click()


def look(page: Page, file: Path) -> None:
    """Kept for whoever wants to see it, and held against axe."""
    accessible(page)
    page.screenshot(path=file, full_page=True)


def member(whole: Whole, page: Page, email: str) -> Person:
    """Somebody with an account."""
    person = whole.somebody()
    steps.create_account(page, person, email)
    steps.confirm(page, steps.confirmation_link(whole, email))
    steps.sign_in(page, person)
    page.wait_for_url("**/mon-compte")
    return person


def test_a_wrong_field_is_seen_mended_beside_compared_flipped_and_taken_back(
    browser: Browser,
    whole: Whole,
    page: Page,
    secrets: dict[str, str],
    deployed: Deployed,
    tmp_path: Path,
    screenshots: Path,
) -> None:
    shell = Terminal(whole, tmp_path / "session")
    shell.sign_in(secrets, "exploitation")
    operator = colleague(browser, whole, secrets, "superviseur")
    person = member(whole, page, "exploitation@exemple.fr")
    this_year = whole.now().year
    # given a build that says a wrong day of opposition, live
    deployed.build("planted")
    steps.declare(page, "lost", "Gare de Quimper")
    assert says(page, this_year - 1), "the member sees it"

    # when the release that mends it is deployed, beside what readers see
    deployed.build("fixed")
    status, checked = shell("ops", "reconcile", "cards", *WHY)
    model = next(one for one in checked["result"]["models"] if one["projection"] == my_vitale.name)
    assert (status, model["different"]) == (1, 1), model
    assert model["first"] == {"key": person.person_id, "fields": ["since"]}
    # then the map shows which view is wrong, in which field, and that readers see the version before
    operator.goto(MAP)
    row = operator.locator("tr", has=operator.get_by_role("rowheader", name=my_vitale.name, exact=True))
    for said in ("1 sur", "since", f"les assurés voient {my_vitale.version}"):
        expect(row).to_contain_text(said)
    look(operator, screenshots / "console-map-wrong-field.png")

    # when it is counted and replayed, everything that would go out stays in
    mails = sent(whole)
    status, plan = shell("ops", "replay", "plan", "cards", *WHY)
    assert (status, plan["result"]["effects"]) == (0, 0)
    assert plan["result"]["by_type"]["VitaleOpposed"] >= 1
    status, filled = shell("ops", "replay", "start", "cards", "--again", "--wait", *WHY)
    assert (status, filled["state"]) == (0, "done")
    assert filled["result"]["events"] == plan["result"]["events"]
    # and the comparison names exactly the wrong field of exactly this member
    status, compared = shell("ops", "replay", "compare", "cards", my_vitale.name, *WHY)
    found: dict[str, Any] = compared["result"]
    assert (status, found["fields"], found["missing"], found["extra"]) == (0, {"since": 1}, 0, 0)
    assert found["samples"] == {"since": [person.person_id]}
    operator.goto(f"{CARDS}/travaux/{compared['id']}")
    expect(operator.locator("#travail")).to_contain_text("1 diffèrent")
    look(operator, screenshots / "console-compare-wrong-field.png")

    # then a flip mends the member's screen, going back shows the wrong day again
    act(operator, "flip", my_vitale.name)
    expect(operator.get_by_text("Les assurés voient maintenant la nouvelle version.")).to_be_visible()
    assert says(page, this_year)
    act(operator, "roll_back", my_vitale.name)
    expect(operator.get_by_text("Les assurés voient à nouveau la version d'avant.")).to_be_visible()
    assert says(page, this_year - 1)
    look(operator, screenshots / "console-service.png")
    assert sent(whole) == mails, "a replay sends nothing"

    # and the same build in place mends one person alone
    deployed.own()
    status, mended = shell("ops", "replay", "start", "cards", "--person", person.person_id, "--wait", *WHY)
    assert (status, mended["state"]) == (0, "done")
    assert says(page, this_year)
    assert shell("ops", "reconcile", "cards", *WHY)[0] == 0
    status, done = shell("ops", "replay", "done", "cards")
    assert status == 0
    assert {one["act"] for one in done} >= {"reconcile", "plan", "fill", "compare", "flip", "roll_back"}


def test_every_panel_of_the_dashboard_asks_for_what_a_service_exports(whole: Whole) -> None:
    families: dict[str, list[set[str]]] = {}
    for name in SERVICES:
        port = whole.stack.env_for(name)["HTTP_PORT"]
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").raise_for_status().text
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                families.setdefault(sample.name, []).append(set(sample.labels))
            families.setdefault(family.name + ("_total" if family.type == "counter" else ""), [])
    for one in asked(read()):
        for metric in one.metrics:
            assert metric in families or metric.removesuffix("_bucket").removesuffix("_count") in families, metric
            for labels in families.get(metric, ()):
                assert one.labels - OF_PROMETHEUS <= labels, (one.title, metric)
