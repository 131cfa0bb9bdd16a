"""What a member does on the site, one function a step: the journeys are written with these."""

import io
import re
import time
from collections.abc import Callable
from typing import TypeVar

from PIL import Image
from playwright.sync_api import Page

from deploy.local.seed.people import Person
from tests.journeys.conftest import Whole

T = TypeVar("T")

CODE = "Marée-basse-83!"
EMAILS: dict[str, str] = {}
"""Which address each person has given, by social-security number."""
_TYPED: dict[str, list[str]] = {}
"""The one-time codes that were typed: each works once."""


def until(look: Callable[[], T], seconds: float = 20.0) -> T:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.1)
    found = look()
    assert found, "nothing came"
    return found


def next_page(page: Page, button: str) -> None:
    """Press the form's button."""
    page.get_by_role("button", name=button, exact=True).click()


def create_account(page: Page, person: Person, email: str, code: str = CODE) -> None:
    """The wizard, from the first page to « Vérifiez votre messagerie »."""
    page.goto("/creer-mon-compte")
    page.get_by_role("button", name="Commencer").or_(page.get_by_role("link", name="Commencer")).click()
    identify(page, person)
    prove(page, person)
    page.locator("[name=accepted]").check()
    page.locator("form button[type=submit]").last.click()
    page.locator("[name=code]").fill(code)
    page.locator("[name=code_again]").fill(code)
    next_page(page, "Continuer")
    page.locator("[name=email]").fill(email)
    page.locator("[name=email_again]").fill(email)
    EMAILS[person.nir] = email
    next_page(page, "Créer mon compte")
    page.get_by_role("heading", name="Vérifiez votre messagerie").wait_for()


def identify(page: Page, person: Person) -> None:
    """Step 1."""
    page.locator("[name=surname]").fill(person.surname)
    page.locator("[name=nir]").fill(person.nir)
    page.locator("[name=birth_date-jour]").fill(str(person.birth_date.day))
    page.locator("[name=birth_date-mois]").fill(str(person.birth_date.month))
    page.locator("[name=birth_date-annee]").fill(str(person.birth_date.year))
    page.locator("[name=postcode]").fill(str(person.address["postcode"]))
    next_page(page, "Continuer")


def prove(page: Page, person: Person, iban_end: str = "") -> None:
    """Step 2."""
    page.locator("[name=iban_end]").fill(iban_end or person.iban[-7:])
    page.locator("[name=serial]").fill(person.serial)
    next_page(page, "Continuer")


def confirmation_link(whole: Whole, email: str) -> str:
    """The link in the newest mail that has one."""

    def look() -> str:
        for mail in whole.mails(email):
            text = whole.mail(str(mail["id"]))["text"]
            if link := re.search(r"https?://\S+/confirmer/\S+", text):
                return link.group()
        return ""

    return until(look)


def confirm(page: Page, link: str) -> None:
    """The page behind the link only shows a button; the button confirms."""
    page.goto(link)
    next_page(page, "Confirmer mon adresse")


def sign_in(page: Page, person: Person, code: str = CODE) -> None:
    """With social-security number and code, and with the one-time code where the device is a new one."""
    page.goto("/connexion")
    page.locator("[name=nir]").fill(person.nir)
    page.locator("[name=code]").fill(code)
    next_page(page, "Me connecter")
    if page.url.endswith("/connexion/code"):
        give_one_time_code(page, person)


def give_one_time_code(page: Page, person: Person) -> None:
    """The newest code that was sent to the address this person has given."""
    seen = set(_TYPED.get(person.nir, ()))
    code = until(lambda: next((one for one in one_time_codes(person) if one not in seen), ""))
    _TYPED.setdefault(person.nir, []).append(code)
    page.locator("[name=one_time_code]").fill(code)
    next_page(page, "Confirmer")


def one_time_codes(person: Person) -> list[str]:
    """The codes in a person's mails, the newest first."""
    whole = Whole.current()
    mails = [mail for mail in whole.mails(EMAILS[person.nir]) if "usage unique" in mail["subject"]]
    texts = [whole.mail(str(mail["id"]))["text"] for mail in mails]
    return [found.group() for text in texts if (found := re.search(r"(?m)^\d{6}(?=\r?$)", text))]


def step_up(page: Page, person: Person, code: str = CODE) -> None:
    """« Confirmez que c'est vous »: the page that asked for it comes next."""
    page.locator("[name=code]").fill(code)
    next_page(page, "Continuer")
    give_one_time_code(page, person)


def declare(page: Page, reason: str, place: str) -> None:
    """The declaration, to its last button."""
    page.goto("/ma-carte-vitale/declaration")
    page.locator(f"[name=reason][value={reason}]").check()
    next_page(page, "Continuer")
    today = until(lambda: page.locator("[name=happened_on-jour]").count()) and time.gmtime()
    page.locator("[name=happened_on-jour]").fill(str(today.tm_mday))
    page.locator("[name=happened_on-mois]").fill(str(today.tm_mon))
    page.locator("[name=happened_on-annee]").fill(str(today.tm_year))
    page.locator("[name=place]").fill(place)
    next_page(page, "Continuer")
    page.locator("[name=honour]").check()
    page.locator("form button[type=submit]").last.click()


def picture(width: int, height: int, colour: tuple[int, int, int] = (170, 120, 90)) -> bytes:
    """A JPEG that passes for a photo or a document."""
    target = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(target, "JPEG")
    return target.getvalue()


def send_documents(page: Page) -> None:
    """Photo and identity document, from « Suivre la commande »."""
    page.goto("/ma-carte-vitale/commande/pieces")
    photo = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture(700, 900)}
    document = {"name": "piece.jpg", "mimeType": "image/jpeg", "buffer": picture(1200, 800, (90, 120, 170))}
    page.locator("[name=photo]").set_input_files([photo])
    if page.locator("[name=address]").count():
        page.locator("[name=identity_document]").set_input_files([document])
        page.locator("[name=address]").check()
    page.locator("[name=recent]").check()
    next_page(page, "Envoyer")
    page.get_by_role("heading", level=1, name=re.compile("Suivre la commande")).wait_for()


def subjects(whole: Whole, email: str) -> list[str]:
    """Subjects of an address's mails, oldest first."""
    return [str(mail["subject"]) for mail in reversed(whole.mails(email))]
