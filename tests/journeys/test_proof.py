"""Proof on the whole stack: a hold that stops an erasure, exports verified by a stranger's Python, looks that are seen."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.local.seed.people import Person
from shared.proofs import verify
from tests.journeys import steps
from tests.journeys.conftest import Whole
from tests.journeys.staff import Terminal, accessible, colleague, identify
from tests.journeys.test_erasure import ask, left_of, member

pytestmark = [pytest.mark.connected, pytest.mark.slow]

KEEPING, RECORDS, PROOFS = "/controle/conservation", "/controle/consultations", "/controle/preuves"
PROGRAM = Path(verify.__file__)
CASE = "TJ Toulon 26/04711"


def agree(page: Page) -> None:
    """To what waits under « À deux »."""
    steps.until(lambda: page.goto("/a-deux") and page.get_by_role("button", name="Donner mon accord").count())
    page.locator("[name=reason]").first.fill("vérifié avec le tribunal")
    page.get_by_role("button", name="Donner mon accord").click()
    expect(page.get_by_text("Votre accord est enregistré.")).to_be_visible()


def held(page: Page, words: str) -> bool:
    page.goto(KEEPING)
    return page.get_by_text(words).count() > 0


def taken(page: Page, person: Person, service: str, folder: Path) -> Path:
    """A person's file of one service, downloaded from the page."""
    page.goto(PROOFS)
    identify(page, person)
    page.locator("[name=service]").select_option(service)
    page.locator("[name=reason]").fill("contrôle annuel")
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger").click()
    path = folder / f"{service}.zip"
    download.value.save_as(path)
    return path


def verified(verifier: Path, export: Path, key: str, witness: Path) -> tuple[int, Any]:
    """What a stranger's Python says, with nothing of ours within reach."""
    command = [
        sys.executable,
        "-I",
        "-S",
        str(verifier),
        str(export),
        "--key",
        key,
        "--witness",
        str(witness),
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    return done.returncode, json.loads(done.stdout)


def witness_of(whole: Whole, service: str) -> Path:
    """What the witness has kept, out of the database's reach."""
    return Path(whole.stack.env_for(service)["WITNESS_DIR"]) / f"{service}.checkpoints"


def changed(export: Path) -> Path:
    """The same with one amount, name or code more or less in an event."""
    path = export.with_name("changed.zip")
    with zipfile.ZipFile(export) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "commits.jsonl":
                first, rest = content.split(b"\n", 1)
                commit = json.loads(first)
                commit["ev"][0]["data"]["at"] = "2020-01-01T00:00:00.000Z"
                content = json.dumps(commit, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
                content += b"\n" + rest
            new.writestr(part, content)
    return path


def test_a_hold_by_two_stops_an_erasure_until_two_lift_it(
    browser: Browser, whole: Whole, page: Page, secrets: dict[str, str], screenshots: Path, tmp_path: Path
) -> None:
    # given a member who wants to be forgotten
    person = member(page, whole, "gel.judiciaire@exemple.fr")
    ask(page, person)
    # when one supervisor asks for a hold, and another agrees
    one, two = (colleague(browser, whole, secrets, login) for login in ("superviseur", "superviseur2"))
    one.goto(KEEPING)
    identify(one, person)
    one.locator("[name=case]").fill(CASE)
    one.locator("[name=reason]").last.fill("demande du tribunal")
    one.get_by_role("button", name="Demander un second superviseur").click()
    expect(one.get_by_text("Un autre superviseur doit donner son accord")).to_be_visible()
    agree(two)
    # then the table shows it, and nothing is erased when the days are over
    steps.until(lambda: held(two, CASE), 30)
    accessible(two)
    two.screenshot(path=screenshots / "retention-held.png", full_page=True)
    whole.later(days=14, minutes=5)
    one, two = (colleague(browser, whole, secrets, login) for login in ("superviseur", "superviseur2"))
    assert held(one, CASE)
    expect(one.get_by_text("Effacement demandé, retenu")).to_be_visible()
    assert left_of(whole, person.person_id)["keys"] == 2
    # when two lift it, what became due meanwhile is due now
    one.get_by_text("Demander la levée").first.click()
    one.locator("details[open] [name=reason]").fill("affaire jugée")
    one.locator("details[open]").get_by_role("button").click()
    expect(one.get_by_text("Un autre superviseur doit donner son accord")).to_be_visible()
    agree(two)
    steps.until(lambda: not any(left_of(whole, person.person_id).values()), 120)
    assert not held(two, CASE)
    # and an auditor finds the certificate
    auditor = colleague(browser, whole, secrets, "auditeur")
    auditor.goto(f"{KEEPING}/certificats")
    accessible(auditor)
    auditor.screenshot(path=screenshots / "certificates.png", full_page=True)
    auditor.locator("th a").first.click()
    expect(auditor.get_by_text("Clés détruites le")).to_be_visible()
    expect(auditor.get_by_text("Qui a consulté votre dossier à la caisse, et pourquoi")).to_be_visible()
    accessible(auditor)
    auditor.screenshot(path=screenshots / "certificate-of-erasure.png", full_page=True)
    with auditor.expect_download() as download:
        auditor.get_by_role("link", name="Télécharger le PDF").click()
    assert Path(str(download.value.path())).read_bytes().startswith(b"%PDF")
    # and what the log still holds of who was erased proves as well as before
    export = taken(auditor, person, "notifications", tmp_path)
    key = auditor.locator("tr[data-service=notifications] code").inner_text()
    code, said = verified(PROGRAM, export, key, witness_of(whole, "notifications"))
    assert (code, said["found"]) == (0, [])
    assert said["events"] > 0


def test_a_file_is_taken_away_verified_without_us_and_who_saw_what_shows_it(
    browser: Browser, whole: Whole, page: Page, secrets: dict[str, str], screenshots: Path, tmp_path: Path
) -> None:
    # given a member, and an auditor who sees that every log is signed
    person = member(page, whole, "preuve@exemple.fr")
    auditor = colleague(browser, whole, secrets, "auditeur")
    steps.until(lambda: _all_signed(auditor), 150)
    accessible(auditor)
    auditor.screenshot(path=screenshots / "proofs.png", full_page=True)
    fingerprint = auditor.locator("tr[data-service=identity] code").inner_text()
    with auditor.expect_download() as download:
        auditor.get_by_role("link", name="verify.py").click()
    verifier = tmp_path / "verify.py"
    download.value.save_as(verifier)
    # when he takes the person's file away, a stranger's Python finds nothing in it
    export = taken(auditor, person, "identity", tmp_path)
    witness = witness_of(whole, "identity")
    code, said = verified(verifier, export, fingerprint, witness)
    assert (code, said["found"]) == (0, [])
    assert said["events"] > 0
    assert person.nir.encode() not in b"".join(zipfile.ZipFile(export).read(one) for one in ("commits.jsonl",))
    # and a value that is changed in it is named
    code, said = verified(verifier, changed(export), fingerprint, witness)
    assert code == 1
    assert "commits.jsonl is not the file that the manifest lists" in said["found"]
    assert any(one.endswith("its content was changed") for one in said["found"])
    # and who looked is seen by the next auditor, by this one too, and by the member
    auditor.goto(RECORDS)
    identify(auditor, person)
    auditor.locator("[name=reason]").fill("qui a regardé")
    auditor.get_by_role("button", name="Chercher").click()
    expect(auditor.get_by_role("cell", name="événements, sans valeur")).to_be_visible()
    expect(auditor.get_by_role("cell", name="qui a consulté")).to_be_visible()
    accessible(auditor)
    auditor.screenshot(path=screenshots / "who-saw-what.png", full_page=True)
    with auditor.expect_download() as download:
        auditor.get_by_role("button", name="Tout télécharger, CSV").click()
    assert "qui a regardé" in Path(str(download.value.path())).read_text(encoding="utf-8-sig")
    seen = steps.until(lambda: _looks(page), 30)
    assert "l'historique technique" in seen


def test_the_shell_does_what_the_pages_of_control_do(whole: Whole, secrets: dict[str, str], tmp_path: Path) -> None:
    person = whole.somebody()
    auditor = Terminal(whole, tmp_path / "auditor")
    assert auditor("audit", "checkpoints") == (1, {"error": "sign-in-needed"})
    auditor.sign_in(secrets, "auditeur")
    _, found = auditor("audit", "checkpoints")
    prints = {one["service"]: one["standing"]["fingerprint"] for one in found}
    typed = f"{person.nir}\n{person.birth_date.isoformat()}\n"
    status, made = auditor("audit", "export", "--reason", "control", "--to", str(tmp_path / "taken"), typed=typed)
    assert (status, len(made)) == (0, 6)
    witness = str(witness_of(whole, "cards"))
    cards = str(tmp_path / "taken" / "cards.zip")
    assert auditor("audit", "verify", cards, "--key", prints["cards"], "--witness", witness)[0] == 0
    assert auditor("audit", "verify", cards, "--key", prints["geo"], "--witness", witness)[0] == 1
    status, looks = auditor("audit", "reads", "--person", "-", "--reason", "control", typed=typed)
    assert (status, {one["part"] for one in looks}) == (0, {"events", "access"})
    assert auditor("audit", "reads", "--reason", "control") == (1, {"error": "records-unbounded"})
    status, kept = auditor("audit", "retention")
    assert status == 0
    assert {"care", "cards", "account", "messages", "access"} <= {one["retention"] for one in kept["classes"]}
    assert auditor("audit", "holds", "list")[0] == 0
    assert auditor("audit", "certificates", "list")[0] == 0
    agent = Terminal(whole, tmp_path / "agent")
    agent.sign_in(secrets, "agent")
    for words in (("checkpoints",), ("retention",), ("holds", "list"), ("certificates", "list")):
        assert agent("audit", *words) == (1, {"error": "role-refused"})


def _all_signed(page: Page) -> bool:
    page.goto(PROOFS)
    return page.get_by_text("le second prolonge le premier").count() >= len(("identity", "cards", "notifications"))


def _looks(page: Page) -> str:
    page.goto("/mon-profil/consultations")
    text = page.locator("main").inner_text()
    return text if "qui ont consulté" in text else ""
