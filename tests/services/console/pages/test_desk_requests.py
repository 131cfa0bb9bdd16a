"""« Guichet » by the number of a request: every service that knows numbers is asked, the look is recorded first."""

import uuid

import pytest

from services.console.acts import accounts
from services.console.domain.ids import PersonId
from services.console.domain.words import Part, Role
from services.console.read_models.file_reads import file_reads
from tests.services.console.pages.test_desk import WHY, at_desk, looks
from tests.services.console.services import CHILD, CLAIRE
from tests.services.console.world import Browser, World, world
from tests.web import Page

REFERENCE = "7KQ2-M4XD-9VTA"
UNKNOWN = "Aucune demande, aucun message ni aucun dossier ne porte ce numéro."


@pytest.fixture
def console(console: World) -> World:
    console.services.numbers["notifications", REFERENCE] = CLAIRE
    return console


async def by_number(browser: Browser, number: str = REFERENCE, **fields: str) -> Page:
    page = await browser.get("/guichet")
    return await browser.send(page.form("/guichet/demande"), **{"numero": number, **WHY, **fields})


async def test_the_file_of_a_request_opens_and_the_look_is_recorded_first(console: World) -> None:
    page = await by_number(await at_desk(console))
    assert (page.status, page.path) == (200, "/guichet/dossier")
    [one] = await console.office.queries.find(file_reads, person_id=CLAIRE)
    assert (one.part, one.purpose, one.reason, one.ticket) == (Part.ACCOUNT, "visit", "demande un code", "D-12")
    asked = [name for name, _, path, _ in console.services.asked if path.endswith("/number-look-ups")]
    assert sorted(asked) == ["cards", "identity", "notifications", "reimbursements"]


@pytest.mark.parametrize(
    ("number", "fields", "said"),
    [
        ("", {}, "Saisissez un numéro."),
        ("1234", {}, "Un numéro a de 5 à 60 caractères."),
        ("7KQ2-M4XD-9VTB", {}, UNKNOWN),
        ("7KQ2-M4XD-*", {}, UNKNOWN),
        (REFERENCE, {"reason": "x"}, "Dites pourquoi"),
        (REFERENCE, {"purpose": ""}, "Choisissez un motif."),
        (REFERENCE, {"purpose": "audit"}, "Votre rôle ne permet pas"),
    ],
)
async def test_what_is_refused_opens_nothing(console: World, number: str, fields: dict[str, str], said: str) -> None:
    browser = await at_desk(console)
    page = await by_number(browser, number, **fields)
    assert (page.status, said in page.text) == (422, True)
    assert REFERENCE not in page.html
    assert (await browser.get("/guichet/dossier")).status == 409
    assert await looks(console) == []


async def test_a_number_of_two_persons_and_one_whom_identity_does_not_know_are_nobodys(console: World) -> None:
    console.services.numbers["cards", REFERENCE] = CHILD
    browser = await at_desk(console)
    assert UNKNOWN in (await by_number(browser)).text
    del console.services.numbers["cards", REFERENCE]
    console.services.unknown.add(CLAIRE)
    assert UNKNOWN in (await by_number(browser)).text
    assert await looks(console) == []


async def test_own_and_relatives_files_stay_closed(console: World) -> None:
    chef = await console.first()
    agent = await console.staff(Role.AGENT, by=chef)
    await accounts.name_own_files(console.office, console.by(chef), agent.staff_id, [PersonId(CHILD)], "son enfant")
    page = await by_number(await at_desk(console, person=agent))
    assert (page.status, "un autre agent doit s'en charger" in page.text) == (422, True)
    assert await looks(console) == []


async def test_both_ways_count_for_the_day_and_so_does_what_finds_nobody() -> None:
    console = world(look_ups_per_day=1)
    browser = await at_desk(console)
    assert UNKNOWN in (await by_number(browser)).text
    page = await by_number(browser)
    assert (page.status, "autant de dossiers qu'il est permis" in page.text) == (429, True)
    assert console.services.of("/number-look-ups").count({"number": REFERENCE}) == 4, "the second asks nobody"
    assert "LookUpsExhausted" in console.service.types()


async def test_a_service_that_is_down_is_said_unless_another_knows(console: World) -> None:
    browser = await at_desk(console)
    console.services.down.add("reimbursements")
    page = await by_number(browser, str(uuid.uuid4()))
    assert (page.status, "n'a pas pu être cherché partout" in page.text) == (503, True)
    assert (await by_number(browser)).path == "/guichet/dossier"


@pytest.mark.parametrize("role", [Role.OPERATIONS, Role.AUDITOR])
async def test_the_others_do_not_come_to_the_desk(console: World, role: Role) -> None:
    browser = await at_desk(console, role)
    answer = await browser.client.post("/guichet/demande", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    assert console.services.of("/number-look-ups") == []
