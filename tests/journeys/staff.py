"""The console as its people use it: signed in at its pages, or at a shell."""

import datetime as dt
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyotp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from deploy.local.seed.people import Person
from deploy.local.seed.senders import Senders
from deploy.local.seed.staff import CODE
from deploy.local.services import ROOT
from tests.journeys.conftest import DESK, Whole

STEP = dt.timedelta(seconds=30)


def otp(whole: Whole, secret: str) -> str:
    """The next code of an app: the one of this moment may have served already."""
    whole.later(minutes=1)
    return pyotp.TOTP(secret).at(Senders(whole.stack).now() + STEP)


def colleague(browser: Browser, whole: Whole, secrets: dict[str, str], login: str) -> Page:
    """Somebody of the staff, signed in at the pages."""
    url = whole.stack.env_for("console")["PUBLIC_URL"]
    page = browser.new_context(base_url=url, locale="fr-FR", viewport=DESK).new_page()
    page.goto("/connexion")
    page.locator("[name=login]").fill(login)
    page.locator("[name=code]").fill(CODE)
    page.locator("[name=otp]").fill(otp(whole, secrets[login]))
    page.get_by_role("button", name="Me connecter").click()
    page.wait_for_url("**/accueil")
    return page


def identify(form: Locator | Page, person: Person) -> None:
    """Whom it is about, in a form of the staff: the whole number and the birth date."""
    form.locator("[name=nir]").fill(person.nir)
    day = person.birth_date
    for part, value in (("jour", day.day), ("mois", day.month), ("annee", day.year)):
        form.locator(f"[name=naissance-{part}]").fill(str(value))


def open_dossier(page: Page, person: Person, reason: str) -> None:
    """« Dossier d'une carte », by number and birth date."""
    page.goto("/controle/recherche")
    form = page.locator("form[action='/controle/recherche/personne']")
    identify(form, person)
    form.locator("[name=reason]").fill(reason)
    form.get_by_role("button").click()
    page.get_by_role("heading", name="Chronologie").wait_for()


def accessible(page: Page) -> None:
    """No finding of axe-core."""
    found = Axe().run(page).response["violations"]
    assert found == [], [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


@dataclass(frozen=True)
class Terminal:
    """`python -m services.console …` with a session of its own."""

    whole: Whole
    session: Path

    def __call__(self, *words: str, typed: str = "") -> tuple[int, Any]:
        """The exit code, and what `--json` has printed."""
        environment = {
            **os.environ,
            **self.whole.stack.env_for("console"),
            "CONSOLE_SESSION": str(self.session),
        }
        command = [sys.executable, "-m", "services.console", *words, "--json"]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, check=False
        )
        return done.returncode, json.loads(done.stdout)

    def sign_in(self, secrets: dict[str, str], login: str) -> Any:
        """Open the session."""
        code = otp(self.whole, secrets[login])
        status, opened = self("sign-in", login, "--stdin", typed=f"{CODE}\n{code}\n")
        assert status == 0, opened
        return opened
