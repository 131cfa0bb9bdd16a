"""The letter of a message: its words, its envelope, and the same bytes on every try."""

import base64
import datetime as dt
import hashlib
import hmac
import io
import json

import pytest
from joserfc import jwe
from pypdf import PdfReader

from services.notifications.domain import events as e
from services.notifications.domain.kinds import KINDS, Channel
from services.notifications.settings import NotificationsSettings
from services.notifications.worker.letter import Letters
from shared.effects import Permanent
from shared.kernel import ERASED
from shared.testing.clock import HandClock
from tests.documents import compliant, scanned
from tests.services.notifications.conftest import LINK_KEY, PRINTER
from tests.services.notifications.sample import AT, LETTER_REQUESTED, LINES, MEMBER, PRINTED, made

EXPIRES = AT + dt.timedelta(days=30)
ID = made("letter of an event")
LETTERS = [
    template
    for template, kind in KINDS.items()
    if kind.channel is Channel.LETTER or (kind.topic is None and not kind.secret)  # where no mail arrives
]


@pytest.fixture
def letters(settings: NotificationsSettings, clock: HandClock) -> Letters:
    return Letters(settings, clock)


def text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def of(template: e.Template) -> e.LetterRequested:
    params = {
        "code_id": made("code"),
        "expires_at": EXPIRES.isoformat(),
        "opened_with": made("credential"),
        "until": "",
    }
    return LETTER_REQUESTED.model_copy(update={"template": template, "params": params})


def on_paper(key: bytes, text: str) -> str:
    code = base64.b32encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode()[:12]
    code = code.translate(str.maketrans("IO", "89"))
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def test_a_provisional_code_is_the_one_that_identity_checks(letters: Letters) -> None:
    said = text(letters.pdf(of(e.Template.PROVISIONAL_CODE)))
    assert on_paper(LINK_KEY, f"provisional-code|{made('code')}|{int(EXPIRES.timestamp())}") in said
    assert "24 décembre 2026" in said


def test_a_code_that_has_expired_is_not_printed_any_more(letters: Letters, clock: HandClock) -> None:
    clock.move(30 * 86_400)
    with pytest.raises(Permanent):
        letters.pdf(of(e.Template.PROVISIONAL_CODE))


def test_the_letter_of_an_opened_account_has_the_code_that_locks_it(letters: Letters) -> None:
    said = text(letters.pdf(of(e.Template.ACCOUNT_CREATED)))
    assert on_paper(LINK_KEY, f"contest|{made('credential')}|") in said
    assert "ce code" in said
    before = of(e.Template.ACCOUNT_CREATED).model_copy(update={"params": {}})
    assert "ce code" not in text(letters.pdf(before)), "letters of the first days"


@pytest.mark.parametrize("template", LETTERS)
def test_a_letter_says_whom_it_is_for_what_it_is_about_and_whether_it_is_ours(
    letters: Letters, template: e.Template
) -> None:
    said = text(letters.pdf(of(template)))
    for words in (*LINES, "24 novembre 2026", "7KQ2-M4XD-9VTA", "04 94 16 36 00", "Mon compte en ligne", "Bonjour,"):
        assert words in said
    assert MEMBER not in said


def test_an_account_opened_by_a_stranger_can_be_contested(letters: Letters) -> None:
    said = text(letters.pdf(of(e.Template.ACCOUNT_CREATED)))
    assert "Ce n'est pas vous ?" in said
    assert "Nous fermerons ce compte" in said
    assert "compte.example/contester" in said


def test_its_code_to_scan_is_the_address_that_is_printed_and_holds_nothing_of_the_person(letters: Letters) -> None:
    assert scanned(letters.pdf(of(e.Template.ACCOUNT_CREATED))) == "https://compte.example/contester"


@pytest.mark.parametrize("template", [one for one in LETTERS if one is not e.Template.ACCOUNT_CREATED])
def test_a_letter_that_leads_nowhere_has_no_code_to_scan(letters: Letters, template: e.Template) -> None:
    with pytest.raises(ValueError, match="not enough values"):
        scanned(letters.pdf(of(template)))


def test_the_same_letter_has_the_same_bytes(letters: Letters) -> None:
    assert letters.pdf(LETTER_REQUESTED) == letters.pdf(LETTER_REQUESTED)


async def test_the_spool_holds_it_with_a_manifest_that_names_nobody(
    letters: Letters, settings: NotificationsSettings
) -> None:
    assert not await letters.lies_ready(ID)
    await letters.write(LETTER_REQUESTED, ID)
    assert await letters.lies_ready(ID)
    folder = settings.spool / "ready" / ID
    pdf = jwe.decrypt_compact((folder / "letter.pdf.jwe").read_bytes(), PRINTER).plaintext
    assert pdf == letters.pdf(LETTER_REQUESTED)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["id"], manifest["reference"]) == (ID, "7KQ2-M4XD-9VTA")
    assert manifest["sha256"] == hashlib.sha256(pdf or b"").hexdigest()
    assert not any(line in str(manifest) for line in (*LINES, MEMBER))


async def test_what_is_given_by_hand_goes_to_the_desk_s_printer(
    letters: Letters, settings: NotificationsSettings
) -> None:
    await letters.write(of(e.Template.PROVISIONAL_CODE_DESK), ID)
    await letters.write(LETTER_REQUESTED, made("another"))
    found = {
        path.parent.name: json.loads(path.read_text())["deliver"]
        for path in settings.spool.glob("ready/*/manifest.json")
    }
    assert found == {ID: "desk", made("another"): "post"}
    code = on_paper(LINK_KEY, f"provisional-code|{made('code')}|{int(EXPIRES.timestamp())}")
    assert code in text(letters.pdf(of(e.Template.PROVISIONAL_CODE_DESK)))


async def test_once_printed_it_is_forgotten(letters: Letters, settings: NotificationsSettings) -> None:
    event = PRINTED.model_copy(update={"sending_id": ID})
    await letters.write(LETTER_REQUESTED, ID)
    for _ in range(2):
        await letters.forget(event, made("effect"))
    assert list((settings.spool / "ready").iterdir()) == []


@pytest.mark.parametrize("to", [ERASED, ("\N{CJK UNIFIED IDEOGRAPH-5C71}", "83000 TOULON")])
def test_what_cannot_be_written_is_given_up(letters: Letters, to: object) -> None:
    with pytest.raises(Permanent):
        letters.pdf(LETTER_REQUESTED.model_copy(update={"to": to}))


@pytest.mark.connected
def test_every_letter_is_accessible(letters: Letters) -> None:
    compliant(*(letters.pdf(of(template)) for template in LETTERS))
