"""Somebody is forgotten, everything real: asked for, the days over, every service empty, the proof, and a new account."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pymongo import MongoClient

from deploy.local.seed.people import Person
from deploy.local.services import ROOT
from tests.documents import compliant
from tests.journeys import canary, steps
from tests.journeys.conftest import Whole
from tests.journeys.staff import colleague, open_dossier

pytestmark = [pytest.mark.connected, pytest.mark.slow]

EMAIL, AGAIN = "oubliez.moi.4711@exemple.fr", "me.revoici.4712@exemple.fr"
SERVICES = ("identity", "cards", "notifications", "reimbursements", "geo")
PAGES = (
    "/mon-profil", "/mon-attestation", "/mes-messages", "/ma-carte-vitale", "/ma-ceam", "/mes-remboursements",
    "/ma-securite", "/ma-securite/appareils",
)  # fmt: skip
AS_OF = re.compile(r"Informations à jour le .*")
MODEL = re.compile(r"__v\d+$")
ASK = "/mes-donnees/effacement"


def member(page: Page, whole: Whole, email: str) -> Person:
    """Somebody with an account, signed in."""
    person = whole.somebody()
    steps.create_account(page, person, email)
    steps.confirm(page, steps.confirmation_link(whole, email))
    steps.sign_in(page, person)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")
    return person


def ask(page: Page, person: Person) -> tuple[str, str]:
    """The request; reference and code of the certificate."""
    page.goto(ASK)
    expect(page.locator("main")).to_contain_text("Ce que la loi nous demande de garder")
    page.get_by_role("link", name="Continuer").click()
    if "confirmation-identite" in page.url:
        steps.step_up(page, person)
    page.locator("[name=understood]").check()
    steps.next_page(page, "Demander l'effacement")
    expect(page.get_by_role("heading", level=1)).to_contain_text("est demandé")
    return page.locator("[data-reference]").inner_text(), page.locator("[data-code]").inner_text()


def certificate(page: Page, reference: str, code: str) -> str:
    """What the public page says."""
    page.goto("/certificat-effacement")
    page.locator("[name=reference]").fill(reference)
    page.locator("[name=code]").fill(code)
    steps.next_page(page, "Voir le certificat")
    return page.inner_text("main")


def days_pass(whole: Whole, days: int) -> None:
    whole.later(days=days, minutes=1)


def run(whole: Whole, service: str, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **whole.stack.env_for(service), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", f"services.{service}", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def left_of(whole: Whole, person_id: str) -> dict[str, int]:
    """What the databases still hold of a person outside the log, and how many of his keys work."""
    with MongoClient[dict[str, object]](whole.stack.mongo_url()) as client:
        identity, notifications = client["identity"], client["notifications"]
        of_member = ("credentials", "devices", "totp", "challenges")
        found = {name: identity[name].count_documents({"member_id": person_id}) for name in of_member}
        found["claims"] = identity["claims"].count_documents({"s": f"account:{person_id}"})
        models = [name for name in notifications.list_collection_names() if "messages__v" in name]
        found["messages"] = sum(notifications[name].count_documents({"member_id": person_id}) for name in models)
        wanted = {"_id": {"$in": [f"{person_id}/account", f"{person_id}/messages"]}, "wrapped": {"$exists": True}}
        return {**found, "keys": client["keys"]["keys"].count_documents(wanted)}


def words(page: Page, path: str) -> str:
    """What a page says, apart from when it says it."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    return AS_OF.sub("", page.inner_text("main"))


def rebuild(whole: Whole, *services: str) -> None:
    """Every read model of these, from their logs alone: nothing of it is left before."""
    for service in services:
        with MongoClient[dict[str, object]](whole.stack.mongo_url()) as client:
            models = [name for name in client[service].list_collection_names() if MODEL.search(name)]
            for name in (*models, "cursors"):
                client[service][name].delete_many({})
        done = run(whole, service, "replay", "--again")
        assert done.returncode == 0, done.stderr[-2000:]


def seen_by_the_staff(browser: Browser, whole: Whole, secrets: dict[str, str], person: Person) -> None:
    """The dossier tells what was done, the document is explained: of neither is a value left."""
    gone = [EMAIL, *canary.personal(person)]
    auditor = colleague(browser, whole, secrets, "auditeur")
    open_dossier(auditor, person, "contrôle d'un effacement")
    dossier = auditor.locator("main").inner_text()
    assert "AccountCreated" in dossier
    assert "non permis" not in dossier
    operator = colleague(browser, whole, secrets, "exploitation")
    operator.goto(f"/exploitation/expliquer?service=identity&modele=identity.account_overview&cle={person.person_id}")
    explained = operator.locator("main").inner_text()
    assert re.search(r"email\s+effacé", explained), explained
    assert "comme ce que voit l'assuré" in explained
    operator.goto(f"/exploitation/flux?service=identity&par=person&nom={person.person_id}")
    assert "AccountCreated" in operator.locator("main").inner_text()
    for shown in (auditor, operator):
        assert not [value for value in gone if value in shown.content()]


def test_from_the_request_to_the_certificate_and_a_new_account(
    whole: Whole, page: Page, browser: Browser, secrets: dict[str, str]
) -> None:
    person = member(page, whole, EMAIL)
    page.goto("/mon-attestation")
    page.locator("[name=whom][value=member]").check()
    steps.next_page(page, "Créer mon attestation")
    number = steps.until(lambda: re.search(r"AD-[A-Z0-9-]{14}", words(page, "/mon-attestation")))
    assert left_of(whole, person.person_id)["keys"] == 2
    reference, code = ask(page, person)
    page.goto("/mes-remboursements")
    assert page.url.endswith("/effacement")
    assert "est demandé" in certificate(page, reference, code)
    steps.until(lambda: any("l'effacement" in one for one in steps.subjects(whole, EMAIL)))

    days_pass(whole, 14)
    steps.until(lambda: "Tous nos services l'ont confirmé" in certificate(page, reference, code), 120)
    with page.expect_download() as download:
        steps.next_page(page, "Télécharger le PDF")
    pdf = Path(str(download.value.path())).read_bytes()
    compliant(pdf)
    assert all(count == 0 for count in left_of(whole, person.person_id).values()), left_of(whole, person.person_id)

    steps.sign_in(page, person)
    expect(page.locator("main")).to_contain_text("n'est pas le bon")
    seen_by_the_staff(browser, whole, secrets, person)
    assert canary.found(whole.stack, [EMAIL, *canary.personal(person)]) == []
    rebuild(whole, *SERVICES)
    assert all(count == 0 for count in left_of(whole, person.person_id).values())

    steps.create_account(page, person, AGAIN)
    steps.confirm(page, steps.confirmation_link(whole, AGAIN))
    steps.sign_in(page, person)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")
    page.goto("/mon-profil")
    expect(page.locator("main")).to_contain_text(person.surname)
    before = {path: words(page, path) for path in PAGES}
    assert AGAIN in before["/ma-securite"]
    assert not [path for path, said in before.items() if EMAIL in said]
    assert re.search(rf"effacé\s+N° {number.group()}", before["/mon-attestation"]), before["/mon-attestation"]
    rebuild(whole, "identity", "notifications")
    assert {path: words(page, path) for path in PAGES} == before
    assert canary.found(whole.stack, [EMAIL, AGAIN, *canary.personal(person)]) == []
    assert "Tous nos services l'ont confirmé" in certificate(page, reference, code)


def test_taken_back_by_the_link(whole: Whole, page: Page) -> None:
    email = "finalement.non@exemple.fr"
    person = member(page, whole, email)
    ask(page, person)

    def link() -> str:
        for mail in whole.mails(email):
            if found := re.search(r"https?://\S+/annuler-effacement/\S+", whole.mail(str(mail["id"]))["text"]):
                return found.group()
        return ""

    page.goto(steps.until(link))
    steps.next_page(page, "Annuler l'effacement")
    expect(page.get_by_role("heading", level=1)).to_contain_text("L'effacement est annulé")
    whole.site_asks_again()
    steps.until(lambda: page.goto("/mon-compte") and "/connexion" in page.url, 90)
    steps.sign_in(page, person)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")
