"""« Preuves »: how far each log is signed, what does not fit, a person's file taken away with a reason, the verifier."""

from pathlib import Path

import pytest

from services.console.domain.words import Part, Role
from services.console.read_models.file_reads import file_reads
from shared.proofs import verify
from tests.services.console.control import EXPORT, Control
from tests.services.console.services import BORN, CLAIRE, NIR
from tests.services.console.world import Browser, World

PATH = "/controle/preuves"
VERIFIER = Path(verify.__file__).read_bytes()
ASK = {"nir": NIR, **BORN, "service": "cards", "reason": "contrôle annuel"}


@pytest.fixture
def control(console: World) -> Control:
    made = Control()
    console.services.control = made.answer
    return made


@pytest.fixture
async def auditor(console: World, control: Control) -> Browser:
    del control
    browser = console.browser()
    await browser.sign_in(await console.staff(Role.AUDITOR))
    return browser


async def test_each_log_says_how_far_it_is_signed(console: World, auditor: Browser) -> None:
    console.services.down.add("geo")
    page = await auditor.get(PATH)
    for words in (
        "10 enregistrements, il y a",
        "le second prolonge le premier",
        "2 enregistrements",
        "cards-fingerprint",
    ):
        assert words in page.text
    assert "geo ne répond pas" in page.text


async def test_what_does_not_fit_is_said(control: Control, auditor: Browser) -> None:
    control.alarms = ["inconsistent", "witness-differs"]
    page = await auditor.get(PATH)
    assert "le dernier point de contrôle ne prolonge pas le précédent" in page.text
    assert "le témoin a vu un autre journal" in page.text
    assert "le second prolonge" not in page.text


async def test_a_persons_file_is_taken_away_after_its_look_was_recorded(console: World, auditor: Browser) -> None:
    page_before = await auditor.get(PATH)
    page = await auditor.send(page_before.form(PATH), **ASK)
    assert page.answer.content == EXPORT
    assert page.answer.headers["content-disposition"] == 'attachment; filename="preuve-cards-2026-11-29.zip"'
    assert console.services.of("/exports") == [{"person_id": CLAIRE}]
    [look] = await console.office.queries.find(file_reads, person_id=CLAIRE)
    assert (look.part, look.reason) == (Part.EVENTS, "contrôle annuel")
    await auditor.send(page_before.form(PATH), **{**ASK, "service": "identity"})
    assert len(await console.office.queries.find(file_reads, person_id=CLAIRE)) == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": ""}, "Dites pourquoi"),
        ({"nir": ""}, "Le numéro et la date de naissance vont ensemble."),
        ({"nir": "", **dict.fromkeys(BORN, "")}, "Indiquez le pseudonyme, ou le numéro et la date de naissance."),
        ({"service": "nowhere"}, "Ce service n'existe pas."),
        ({"naissance-annee": "1986"}, "Personne ne correspond"),
        ({"naissance-annee": "2027"}, "Cette date est à venir."),
    ],
)
async def test_what_is_refused_is_said_and_takes_nothing(
    console: World, auditor: Browser, fields: dict[str, str], said: str
) -> None:
    page = await auditor.send((await auditor.get(PATH)).form(PATH), **{**ASK, **fields})
    assert page.status == 422
    assert said in page.text
    assert console.services.of("/exports") == []
    assert "MemberFileRead" not in console.service.types()


async def test_a_log_that_is_not_signed_yet_is_said(console: World, auditor: Browser) -> None:
    console.services.refuse["/exports"] = "log-not-signed"
    page = await auditor.send((await auditor.get(PATH)).form(PATH), **ASK)
    assert "pas encore de point de contrôle" in page.text


async def test_a_service_that_breaks_off_leaves_no_half_a_file(console: World, auditor: Browser) -> None:
    page = await auditor.get(PATH)
    console.services.down.add("cards")
    assert (await auditor.send(page.form(PATH), **ASK)).status == 503


async def test_the_verifier_is_the_file_itself(auditor: Browser) -> None:
    found = await auditor.client.get(f"{PATH}/verify.py")
    assert found.content == VERIFIER


async def test_a_supervisor_sees_and_takes_nothing_away(console: World, control: Control) -> None:
    del control
    browser = console.browser()
    await browser.sign_in(await console.staff(Role.SUPERVISOR))
    page = await browser.get(PATH)
    assert page.status == 200
    assert PATH not in {form.action for form in page.forms}
    form = page.form("/deconnexion")
    form.action = PATH
    assert (await browser.send(form, **ASK)).status == 403


@pytest.mark.parametrize("role", [Role.AGENT, Role.OPERATIONS])
async def test_others_do_not_come_in(console: World, control: Control, role: Role) -> None:
    del control
    browser = console.browser()
    await browser.sign_in(await console.staff(role))
    assert (await browser.get(PATH)).status == 403
