"""The life of cards on the whole stack: a lost carte Vitale to its replacement, a European card, a child's card."""

import datetime as dt
import io
import json
import re
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from pymongo import MongoClient
from pypdf import PdfReader

from deploy.local.seed.manufacturer import advance, decide
from deploy.local.seed.people import Person
from deploy.local.seed.senders import Senders
from services.cards.api.opposition import AUDIENCE
from services.cards.domain.serial import normalise
from shared.canonical import unb64url
from shared.clock import SystemClock
from shared.security import TokenIssuer
from tests.documents import compliant, scanned
from tests.journeys import steps
from tests.journeys.conftest import PHONE, Whole

pytestmark = [pytest.mark.connected, pytest.mark.slow]

ORDER = "/ma-carte-vitale/commande"


def member(whole: Whole, page: Page, person: Person, email: str) -> None:
    """Somebody who is signed in, with an account just made."""
    steps.create_account(page, person, email)
    steps.confirm(page, steps.confirmation_link(whole, email))
    steps.sign_in(page, person)
    expect(page.get_by_role("heading", level=1, name="Bonjour")).to_be_visible(timeout=10_000)


def pharmacy(whole: Whole, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
    """What a pharmacy's software is told."""
    environment = whole.stack.env_for("cards")
    key = (Path(environment["SECRETS_DIR"]) / "opposition_readers/pharmacy_ed25519.pem").read_text()
    clock = SystemClock(Path(environment["CLOCK_OFFSET_FILE"]))
    token = TokenIssuer(key, "pharmacy", None, clock).issue(AUDIENCE, actor="till", actor_kind="reader", acr="machine")
    url = f"http://127.0.0.1:{environment['HTTP_PORT']}/opposition/v1/{path}"
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(url, json=body, headers=headers) if body else httpx.get(url, headers=headers)
    said: dict[str, Any] = answer.raise_for_status().json()
    return said


def follow(page: Page, words: str) -> None:
    """« Suivre la commande », as soon as it says this."""
    steps.until(lambda: page.goto(ORDER) and words in page.inner_text("main"))


def order_of(whole: Whole, person: Person) -> str:
    """The id of a person's last order."""
    with MongoClient[dict[str, Any]](whole.stack.mongo_url()) as client:
        about = {"meta.person_id": person.person_id, "ev.type": "VitaleReplacementOrdered"}
        [*_, last] = client["cards"]["commits"].find(about).sort("_id", 1)
        return str(last["ev"][0]["data"]["order_id"])


def test_a_lost_card_from_the_declaration_to_the_new_one(whole: Whole, page: Page, screenshots: Path) -> None:
    person = whole.somebody()
    email = "carte.perdue@exemple.fr"
    member(whole, page, person, email)
    serial = normalise(person.serial)
    assert pharmacy(whole, "check", {"serial": serial}) == {"status": "valid"}
    before = pharmacy(whole, "entries")["last"]

    steps.declare(page, "lost", "Gare de Brest")
    declared = time.monotonic()
    entries = steps.until(lambda: pharmacy(whole, f"entries?after={before}")["entries"])
    assert time.monotonic() - declared < 2, "on the list within two seconds"
    assert [one["serial"] for one in entries] == [serial]
    assert pharmacy(whole, "check", {"serial": serial}) == {"status": "opposed"}

    follow(page, "il nous manque")
    page.screenshot(path=screenshots / "20-pieces-attendues.png", full_page=True)
    steps.send_documents(page)
    steps.until(lambda: page.goto(ORDER) and "nous les vérifions" in page.inner_text("main"))
    decide(Senders(whole.stack), order_of(whole, person), "reject", fault="blurred")
    follow(page, "La photo est floue")
    page.screenshot(path=screenshots / "21-photo-refusee.png", full_page=True)
    steps.send_documents(page)
    follow(page, "nous le vérifions")
    for words in ("sont acceptées", "en fabrication", "envoyée par courrier"):
        steps.until(lambda: advance(whole.stack))
        follow(page, words)
    steps.next_page(page, "Je l'ai reçue")
    follow(page, "La nouvelle carte est arrivée")

    at = Senders(whole.stack).now().isoformat()
    Senders(whole.stack).send("vitale-uses", [{"kind": "use", "serial": person.serial, "at": at}])
    steps.until(lambda: page.goto("/ma-carte-vitale") and "Quelqu'un a présenté" in page.inner_text("main"))
    page.set_viewport_size(PHONE)
    page.screenshot(path=screenshots / "22-carte-telephone.png", full_page=True)
    assert pharmacy(whole, "check", {"serial": serial}) == {"status": "opposed"}
    subjects = steps.until(
        lambda: (said := steps.subjects(whole, email)) and any("a été présentée" in one for one in said) and said
    )
    assert any("à refaire" in one for one in subjects)
    with page.expect_download() as download:
        page.evaluate("location.href = '/ma-carte-vitale/declaration/document'")
    compliant(Path(download.value.path()).read_bytes())


def test_a_european_card_its_certificate_its_loss_and_the_next_one(whole: Whole, page: Page, screenshots: Path) -> None:
    person = whole.somebody()
    member(whole, page, person, "carte.europeenne@exemple.fr")
    soon = time.gmtime(time.time() + 3 * 86_400)
    order(page, (soon.tm_mday, soon.tm_mon, soon.tm_year))
    steps.until(lambda: page.goto("/ma-ceam") and "La carte est commandée" in page.inner_text("main"))
    steps.next_page(page, "Obtenir le certificat")
    steps.until(lambda: page.goto("/ma-ceam") and "Télécharger le certificat" in page.inner_text("main"))
    page.screenshot(path=screenshots / "23-ceam-certificat.png", full_page=True)
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le certificat (PDF)").click()
    certificate = Path(download.value.path()).read_bytes()
    compliant(certificate)
    check(page, person, certificate)

    for words in ("en fabrication", "dans le courrier"):
        steps.until(lambda: advance(whole.stack))
        steps.until(lambda words=words: page.goto("/ma-ceam") and words in page.inner_text("main"))
    senders = Senders(whole.stack)
    came_back = {"kind": "returned", "order_id": ceam_order(whole, person), "at": senders.now().isoformat()}
    assert senders.send("ceam-production", [came_back])["set_aside"] == 0
    steps.until(lambda: page.goto("/ma-ceam") and "votre adresse est à vérifier" in page.inner_text("main"))
    assert str(person.address["postcode"]) in page.inner_text("main")
    page.screenshot(path=screenshots / "23-ceam-revenue.png", full_page=True)
    steps.next_page(page, "Mon adresse est la bonne")
    for words in ("dans le courrier", "La carte est arrivée"):
        steps.until(lambda: advance(whole.stack))
        steps.until(lambda words=words: page.goto("/ma-ceam") and words in page.inner_text("main"))
    page.goto("/ma-ceam/declaration")
    page.locator("[name=reason][value=lost]").check()
    today = time.gmtime()
    for part, value in (("jour", today.tm_mday), ("mois", today.tm_mon), ("annee", today.tm_year)):
        page.locator(f"[name=happened_on-{part}]").fill(str(value))
    steps.next_page(page, "Déclarer")
    steps.until(lambda: page.goto("/ma-ceam") and "Perdue" in page.inner_text("main"))
    order(page, None)
    steps.until(lambda: page.goto("/ma-ceam") and "La carte est commandée" in page.inner_text("main"))
    page.set_viewport_size(PHONE)
    page.screenshot(path=screenshots / "24-ceam-telephone.png", full_page=True)


def test_a_parent_acts_for_a_child_and_for_nobody_else(whole: Whole, page: Page, screenshots: Path) -> None:
    def child_of(parent: Person) -> Person | None:
        family = (one for one in whole.people if one.insured_person_id == parent.person_id)
        return next((one for one in family if one.rank > 1 and one.serial and young(one)), None)

    parent = whole.somebody(lambda one: child_of(one) is not None)
    child = child_of(parent)
    assert child is not None
    member(whole, page, parent, "parent@exemple.fr")
    steps.until(lambda: page.goto("/ma-carte-vitale") and page.locator("#agir-pour").count())
    page.locator("#agir-pour").select_option(value=child.person_id)
    steps.next_page(page, "Changer")
    expect(page.get_by_label("Pour qui vous agissez")).to_contain_text(f"Vous agissez pour {child.given_names}")
    expect(page.locator("main")).to_contain_text("Numéro de série")
    steps.declare(page, "damaged", "École")
    expect(page.locator("main")).to_contain_text(re.compile("Votre carte reste valable"), timeout=10_000)
    page.goto("/ma-carte-vitale")
    expect(page.locator("main")).to_contain_text("Détériorée", timeout=10_000)
    page.screenshot(path=screenshots / "25-enfant.png", full_page=True)
    assert pharmacy(whole, "check", {"serial": normalise(child.serial)}) == {"status": "valid"}


def young(person: Person) -> bool:
    return time.gmtime().tm_year - person.birth_date.year < 16


def order(page: Page, departure: tuple[int, int, int] | None) -> None:
    """« Commander une carte européenne », for Italy."""
    page.goto("/ma-ceam/commande")
    page.locator("[name=country]").select_option("IT")
    page.locator("[name=posted][value=non]").check()
    for part, value in zip(("jour", "mois", "annee"), departure or (), strict=False):
        page.locator(f"[name=departure_on-{part}]").fill(str(value))
    steps.next_page(page, "Commander")


def check(page: Page, person: Person, certificate: bytes) -> None:
    """A stranger scans the paper's code, and types what he reads on it."""
    code = scanned(certificate)
    text = "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(certificate)).pages)
    number = re.search(r"\b[12]\d{12}\b", text)
    assert number, text
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(locale="fr-FR")
    try:
        stranger = context.new_page()
        stranger.goto(code)
        stranger.get_by_text("Valable", exact=True).wait_for()
        expect(stranger.locator("[data-kind]")).to_have_text("Certificat provisoire de remplacement de la CEAM")
        signed = json.loads(unb64url(code.partition("#")[2].split(".")[1]))
        end = dt.date.fromisoformat(signed["x"])
        printed = {
            "surname": person.surname,
            "given": person.given_names,
            "birth": f"{person.birth_date:%d/%m/%Y}",
            "number": number.group(),
            "end": f"{end:%d/%m/%Y}",
        }
        for name, text in printed.items():
            stranger.locator(f"[name={name}]").fill(text)
        stranger.get_by_role("button", name="Comparer").click()
        expect(stranger.locator("[data-compared]")).to_contain_text("Conforme : c'est bien ce qui a été signé.")
        stranger.locator("[name=surname]").fill("Autre")
        stranger.locator("[data-compare]").evaluate("form => form.requestSubmit()")  # a second click at once is none
        expect(stranger.locator("[data-compared]")).to_contain_text("Non conforme")
    finally:
        context.close()


def ceam_order(whole: Whole, person: Person) -> str:
    """The id of a person's last order of a European card."""
    with MongoClient[dict[str, Any]](whole.stack.mongo_url()) as client:
        found = client["cards"]["commits"].find({"meta.person_id": person.person_id, "ev.type": "CeamOrdered"})
        return str([commit["ev"][0]["data"]["order_id"] for commit in found.sort("_id", 1)][-1])
