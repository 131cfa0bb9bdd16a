"""The keys of an account, on the whole stack: a code by post, a forgotten code, a door that shuts, another device."""

import datetime as dt
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from pymongo import MongoClient

from deploy.local.seed.people import Person
from deploy.local.seed.printer import print_letters
from deploy.local.seed.senders import Senders
from services.identity.access.links import PROVISIONAL, LinkTokens
from services.identity.domain.ids import ChallengeId
from services.identity.settings import IdentitySettings
from tests.journeys import steps
from tests.journeys.conftest import DESK, TLS, Whole

pytestmark = [pytest.mark.connected, pytest.mark.slow]

NEW_CODE = "Un-grand-chêne-7"
GUESSES, CROWD = 1000, 8


def member(whole: Whole, page: Page, email: str) -> Person:
    """Somebody with an account, who is signed in."""
    person = whole.somebody()
    steps.create_account(page, person, email)
    steps.confirm(page, steps.confirmation_link(whole, email))
    steps.sign_in(page, person)
    page.wait_for_url("**/mon-compte")
    return person


def link(whole: Whole, email: str, path: str) -> str:
    """The newest link to this page in the mails of an address."""

    def look() -> str:
        for mail in whole.mails(email):
            if found := re.search(rf"https?://\S+/{path}/\S+", whole.mail(str(mail["id"]))["text"]):
                return found.group()
        return ""

    return steps.until(look)


def events(whole: Whole, person: Person, kind: str) -> list[dict[str, Any]]:
    """What identity holds of a person, of this kind; the newest last."""
    with MongoClient[dict[str, Any]](whole.stack.mongo_url()) as client:
        commits = client["identity"]["commits"].find({"meta.person_id": person.person_id, "ev.type": kind}).sort("_id")
        return [event["data"] for commit in commits for event in commit["ev"] if event["type"] == kind]


def on_paper(whole: Whole, person: Person) -> str:
    """The code that the printer has got."""
    found = steps.until(lambda: events(whole, person, "ProvisionalCodeRequested"))[-1]
    environment = whole.stack.env_for("identity")
    keys = LinkTokens(IdentitySettings.model_validate({**_lower(environment)}).hash_key("link")[1])
    expires_at = dt.datetime.fromisoformat(found["expires_at"])
    return keys.letter_code(PROVISIONAL, ChallengeId(found["code_id"]), expires_at)


def _lower(environment: Any) -> dict[str, Any]:
    known = {name.lower(): value for name, value in environment.items()}
    return {name: known[name] for name in ("mongo_url", "mongo_database", "kafka_bootstrap", "secrets_dir")}


def test_a_provisional_code_from_the_request_to_the_first_sign_in(whole: Whole, page: Page, screenshots: Path) -> None:
    """For somebody who has no number for life yet: with a waiting one (NIA) all is the same."""
    person, email = whole.somebody(lambda one: one.nir[0] in "34"), "par.courrier@exemple.fr"
    page.goto("/creer-mon-compte/code-provisoire")
    page.locator("[name=surname]").fill(person.surname)
    page.locator("[name=nir]").fill(person.nir)
    page.locator("[name=birth_date-jour]").fill(str(person.birth_date.day))
    page.locator("[name=birth_date-mois]").fill(str(person.birth_date.month))
    page.locator("[name=birth_date-annee]").fill(str(person.birth_date.year))
    page.locator("[name=postcode]").fill(str(person.address["postcode"]))
    page.screenshot(path=screenshots / "cles-01-code-provisoire.png", full_page=True)
    steps.next_page(page, "Recevoir un code provisoire")
    expect(page.get_by_role("heading", name="Votre demande est enregistrée")).to_be_visible()
    code = on_paper(whole, person)
    assert steps.until(lambda: print_letters(whole.stack)), "the printer gives it to the post"
    steps.until(lambda: events(whole, person, "ProvisionalCodePosted"))
    page.goto("/connexion")
    page.locator("[name=nir]").fill(person.nir)
    page.locator("[name=code]").fill(code.lower())
    steps.next_page(page, "Me connecter")
    page.locator("[name=accepted]").check()
    steps.next_page(page, "Continuer")
    page.locator("[name=code]").fill(steps.CODE)
    page.locator("[name=code_again]").fill(steps.CODE)
    steps.next_page(page, "Continuer")
    page.locator("[name=email]").fill(email)
    page.locator("[name=email_again]").fill(email)
    steps.EMAILS[person.nir] = email
    steps.next_page(page, "Créer mon compte")
    steps.confirm(page, steps.confirmation_link(whole, email))
    steps.sign_in(page, person)
    page.wait_for_url("**/mon-compte")
    page.goto("/ma-securite/appareils")
    for line in ("Code provisoire demandé", "Code provisoire posté", "Code provisoire utilisé", "Compte créé"):
        expect(page.locator("main")).to_contain_text(line)
    page.screenshot(path=screenshots / "cles-03-historique.png", full_page=True)


def test_a_forgotten_code_is_replaced_by_a_link(whole: Whole, page: Page) -> None:
    email = "tete.en.air@exemple.fr"
    person = member(whole, page, email)
    page.get_by_role("button", name="Me déconnecter").click()
    page.goto("/code-oublie")
    page.locator("[name=nir]").fill(person.nir)
    page.locator("[name=birth_date-jour]").fill(str(person.birth_date.day))
    page.locator("[name=birth_date-mois]").fill(str(person.birth_date.month))
    page.locator("[name=birth_date-annee]").fill(str(person.birth_date.year))
    steps.next_page(page, "Recevoir le lien")
    expect(page.get_by_role("heading", name="Vérifiez votre messagerie")).to_be_visible()
    page.goto(link(whole, email, "nouveau-code"))
    page.locator("[name=code]").fill(NEW_CODE)
    page.locator("[name=code_again]").fill(NEW_CODE)
    steps.next_page(page, "Enregistrer mon nouveau code")
    expect(page.locator("main")).to_contain_text("Votre nouveau code personnel est enregistré.")
    steps.sign_in(page, person, NEW_CODE)
    page.wait_for_url("**/mon-compte")
    steps.until(lambda: any("a été changé" in one for one in steps.subjects(whole, email)))


def guess(whole: Whole, person: Person, number: int) -> int:
    """One wrong code from a browser and an address that nobody has seen before."""
    source = f"127.{number // 250 + 1}.{number % 250 + 1}.9"
    transport = httpx.HTTPTransport(local_address=source, verify=TLS)
    with httpx.Client(base_url=whole.url, transport=transport, trust_env=False, timeout=60) as client:
        form = client.get("/connexion").text
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', form))
        data = {**fields, "nir": person.nir, "code": f"Faux-code-{number}"}
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": _cookie(client)}
        return client.post("/connexion", data=data, headers=headers).status_code


def _cookie(client: httpx.Client) -> str:
    """`Secure` cookies are not sent over plain HTTP by anything but a browser on this machine."""
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)


OTHER_DEVICE = re.compile(r"^Déconnecter\s: ")


def test_a_session_is_ended_from_another_device(whole: Whole, page: Page, browser: Browser, screenshots: Path) -> None:
    person = member(whole, page, "deux.appareils@exemple.fr")
    phone = browser.new_context(base_url=whole.url, locale="fr-FR", viewport=DESK).new_page()
    steps.sign_in(phone, person)
    phone.wait_for_url("**/mon-compte")
    steps.until(lambda: page.goto("/ma-securite/appareils") and page.get_by_role("button", name=OTHER_DEVICE).count())
    page.screenshot(path=screenshots / "cles-02-appareils.png", full_page=True)
    page.get_by_role("button", name=OTHER_DEVICE).first.click()
    expect(page.locator("main")).to_contain_text("L'appareil est déconnecté.")
    phone.goto("/mes-messages")
    assert "/connexion" in phone.url
    page.goto("/mes-messages")
    assert page.url.endswith("/mes-messages")


def test_another_address_a_code_app_and_the_end_of_an_account(
    whole: Whole, page: Page, browser: Browser, screenshots: Path
) -> None:
    old, new = "avant@exemple.fr", "apres@exemple.fr"
    person = member(whole, page, old)
    page.goto("/ma-securite/adresse-electronique")
    steps.step_up(page, person)
    _another_address(whole, page, person, old, new)
    secret, recovery = _code_app(whole, page, screenshots)
    elsewhere = [browser.new_context(base_url=whole.url, locale="fr-FR", viewport=DESK).new_page() for _ in range(3)]
    later = pyotp.TOTP(secret).at(_now(whole) + 30)  # the one of this half minute was used to begin with
    for number, (door, code) in enumerate(zip(elsewhere, (later, recovery[0], recovery[0]), strict=True)):
        _come_in_with(door, person, code)
        if number < 2:
            door.wait_for_url("**/mon-compte")
        else:
            expect(door.locator("main")).to_contain_text("Ce code n'est pas")
    _close(whole, elsewhere[0], person, recovery[1], new)
    page.goto("/mon-compte")
    assert "/connexion" in page.url, "every session has ended"
    page.locator("[name=nir]").fill(person.nir)
    page.locator("[name=code]").fill(steps.CODE)
    steps.next_page(page, "Me connecter")
    expect(page.locator("main")).to_contain_text("n'est pas le bon")


def _another_address(whole: Whole, page: Page, person: Person, old: str, new: str) -> None:
    """Confirmed where it is new, told where it was."""
    page.locator("[name=email]").fill(new)
    page.locator("[name=email_again]").fill(new)
    page.locator("form button[type=submit]").last.click()
    page.wait_for_url("**/ma-securite")
    assert not events(whole, person, "EmailChanged"), "it holds once it is confirmed"
    steps.confirm(page, steps.confirmation_link(whole, new))
    steps.until(lambda: any("changé" in one for one in steps.subjects(whole, old)))
    assert len(events(whole, person, "EmailChanged")) == 1
    steps.EMAILS[person.nir] = new
    steps.until(lambda: page.goto("/ma-securite") and new in page.inner_text("main"))


def _now(whole: Whole) -> int:
    """The stack's time: another journey may have moved it."""
    return int(Senders(whole.stack).now().timestamp())


def _code_app(whole: Whole, page: Page, screenshots: Path) -> tuple[str, list[str]]:
    """Secret and recovery codes, as a member copies them."""
    page.goto("/ma-securite/application-de-codes")
    steps.next_page(page, "Activer une application de codes")
    page.screenshot(path=screenshots / "cles-04-application.png", full_page=True)
    secret = page.locator("main strong.site-break").inner_text()
    page.locator("[name=one_time_code]").fill("000000")
    steps.next_page(page, "Activer")
    expect(page.locator("main")).to_contain_text("Ce code")
    page.locator("[name=one_time_code]").fill(pyotp.TOTP(secret).at(_now(whole)))
    steps.next_page(page, "Activer")
    page.screenshot(path=screenshots / "cles-05-codes-de-secours.png", full_page=True)
    recovery = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", page.inner_text("main"))
    assert len(recovery) == 8, recovery
    return secret, recovery


def _come_in_with(page: Page, person: Person, code: str) -> None:
    """From a browser that is new, with a code that came by no mail."""
    page.goto("/connexion")
    page.locator("[name=nir]").fill(person.nir)
    page.locator("[name=code]").fill(steps.CODE)
    steps.next_page(page, "Me connecter")
    page.wait_for_url("**/connexion/code")
    page.locator("[name=one_time_code]").fill(code)
    steps.next_page(page, "Confirmer")


def _close(whole: Whole, page: Page, person: Person, code: str, email: str) -> None:
    """After a confirmation with a recovery code; the mailbox is told."""
    page.goto("/ma-securite/cloture")
    page.locator("[name=code]").fill(steps.CODE)
    steps.next_page(page, "Continuer")
    page.locator("[name=one_time_code]").fill(code)
    steps.next_page(page, "Confirmer")
    page.locator("[name=understood]").check()
    page.locator("form button[type=submit]").last.click()
    page.wait_for_url("**/compte-ferme")
    assert len(events(whole, person, "AccountClosed")) == 1
    steps.until(lambda: any("fermé" in one for one in steps.subjects(whole, email)))


def minutes_pass(whole: Whole, minutes: float) -> None:
    """For every process: none of them is set back again."""
    whole.later(minutes=minutes)
    time.sleep(0.2)


def test_guesses_with_fresh_cookies_and_addresses_shut_nobody_out_and_the_mail_opens_the_door(
    whole: Whole, page: Page, browser: Browser
) -> None:
    email = "bien.gardee@exemple.fr"
    person = member(whole, page, email)
    page.get_by_role("button", name="Me déconnecter").click()
    with ThreadPoolExecutor(CROWD) as crowd:
        under_way = [crowd.submit(guess, whole, person, number) for number in range(GUESSES)]
        steps.sign_in(page, person)  # a browser that is known, in the middle of it
        page.wait_for_url("**/mon-compte")
        answers = [one.result() for one in under_way]
    assert set(answers) <= {422, 429}, set(answers)
    assert answers.count(422) <= 10, "ten of them were looked at, the others turned away"
    for number in range(10):  # and who has patience
        minutes_pass(whole, 1.1)
        guess(whole, person, GUESSES + number)
    minutes_pass(whole, 1.1)
    assert guess(whole, person, GUESSES + 20) == 429
    stranger = browser.new_context(base_url=whole.url, locale="fr-FR", viewport=DESK).new_page()
    stranger.goto("/connexion")
    stranger.locator("[name=nir]").fill(person.nir)
    stranger.locator("[name=code]").fill(steps.CODE)
    steps.next_page(stranger, "Me connecter")
    expect(stranger.locator("main")).to_contain_text("cette voie est fermée pour aujourd'hui")
    stranger.goto(link(whole, email, "autoriser-les-essais"))
    steps.next_page(stranger, "Autoriser de nouveaux essais")
    steps.sign_in(stranger, person)
    stranger.wait_for_url("**/mon-compte")
    assert len(events(whole, person, "SignInsReopened")) == 1
