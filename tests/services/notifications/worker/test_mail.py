"""The mail of a message: its headers, its link, and the same bytes on every try."""

import datetime as dt
import hashlib
import hmac
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import pytest

from services.notifications.domain import events as e
from services.notifications.settings import NotificationsSettings
from services.notifications.worker.mail import Mails
from services.notifications.worker.secret_parts import LINKS
from services.notifications.worker.times import spoken
from shared.canonical import b64url
from shared.effects import Permanent
from shared.kernel import ERASED
from shared.testing.clock import HandClock
from tests.services.notifications.conftest import LINK_KEY
from tests.services.notifications.sample import AT, EMAIL, REQUESTED, made

IDENTITY = made("mail of an event")
EXPIRES = AT + dt.timedelta(hours=24)
LINK = made("link")
VALIDATION = REQUESTED.model_copy(
    update={
        "template": e.Template.EMAIL_VALIDATION,
        "params": {"link_id": LINK, "expires_at": EXPIRES.isoformat()},
    }
)


@pytest.fixture
def mails(settings: NotificationsSettings, clock: HandClock) -> Mails:
    return Mails(settings, clock)


def read(mail: EmailMessage) -> EmailMessage:
    """As the recipient's program reads it."""
    return message_from_bytes(mail.as_bytes(), policy=default)


def part(mail: EmailMessage, kind: str) -> str:
    found = read(mail).get_body((kind,))
    assert found is not None
    return str(cast("Any", found).get_content())


def test_a_mail_says_who_it_is_from_and_that_a_program_wrote_it(mails: Mails) -> None:
    mail = read(mails.mail(REQUESTED, IDENTITY))
    assert mail["From"] == "Mon compte en ligne <ne-pas-repondre@mon-compte.example>"
    assert mail["To"] == EMAIL
    assert mail["Subject"] == "Votre nouvelle carte Vitale est en route"
    assert mail["Message-ID"] == f"<{IDENTITY}@mon-compte.example>"
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "fr")
    assert mail["Date"].datetime == AT
    assert mail.get_content_type() == "multipart/alternative"
    assert [found.get_content_type() for found in mail.iter_parts()] == ["text/plain", "text/html"]


def test_the_log_is_asked_for_the_id_that_was_sent(mails: Mails) -> None:
    assert f"<{mails.id_of(IDENTITY)}>" == mails.mail(REQUESTED, IDENTITY)["Message-ID"]


def test_every_try_sends_the_same_bytes(mails: Mails, clock: HandClock) -> None:
    first = mails.mail(VALIDATION, IDENTITY).as_bytes()
    clock.move(3600)
    assert mails.mail(VALIDATION, IDENTITY).as_bytes() == first


def test_lines_are_short_and_in_ascii(mails: Mails) -> None:
    raw = mails.mail(VALIDATION, IDENTITY).as_bytes()
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_a_link_has_the_token_that_identity_checks(mails: Mails) -> None:
    expiry = int(EXPIRES.timestamp())
    code = hmac.new(LINK_KEY, f"email-validation|{LINK}|{expiry}".encode(), hashlib.sha256).digest()
    link = f"https://compte.example/confirmer/{LINK}.{expiry}.{b64url(code)}"
    mail = mails.mail(VALIDATION, IDENTITY)
    assert link in part(mail, "plain")
    assert f'href="{link}"' in part(mail, "html")
    assert "25 novembre 2026 à 10 h 30" in part(mail, "plain")


@pytest.mark.parametrize("template", [e.Template.BANK_CHANGE_REQUESTED, e.Template.BANK_CHANGE_TOLD_BEFORE])
def test_the_link_that_cancels_a_change_is_for_nothing_else(mails: Mails, template: e.Template) -> None:
    params = {"link_id": LINK, "expires_at": EXPIRES.isoformat()}
    asked = REQUESTED.model_copy(update={"template": template, "params": params})
    expiry = int(EXPIRES.timestamp())
    code = hmac.new(LINK_KEY, f"bank-cancel|{LINK}|{expiry}".encode(), hashlib.sha256).digest()
    link = f"https://compte.example/annuler-changement/{LINK}.{expiry}.{b64url(code)}"
    assert link in part(mails.mail(asked, IDENTITY), "plain")


ONE_TIME_CODE = REQUESTED.model_copy(
    update={
        "template": e.Template.ONE_TIME_CODE,
        "params": {
            "challenge_id": made("challenge"),
            "purpose": "sign-in",
            "expires_at": (AT + dt.timedelta(minutes=10)).isoformat(),
        },
    }
)


def test_a_one_time_code_is_the_one_that_identity_checks(mails: Mails) -> None:
    expiry = int((AT + dt.timedelta(minutes=10)).timestamp())
    text = f"one-time-code sign-in|{made('challenge')}|{expiry}"
    number = int.from_bytes(hmac.new(LINK_KEY, text.encode(), hashlib.sha256).digest(), "big")
    words = part(mails.mail(ONE_TIME_CODE, IDENTITY), "plain")
    assert f"{number % 1_000_000:06d}" in words.splitlines()
    assert "24 novembre 2026 à 10 h 40" in words
    assert "nous ne connaissons pas encore" in " ".join(words.split())


def test_a_code_that_has_expired_is_not_sent_any_more(mails: Mails, clock: HandClock) -> None:
    clock.move(600)
    with pytest.raises(Permanent):
        mails.mail(ONE_TIME_CODE, IDENTITY)


@pytest.mark.parametrize(("template", "purpose", "page"), [(template, *found) for template, found in LINKS.items()])
def test_each_link_leads_to_its_page_by_a_token_for_its_purpose(
    mails: Mails, template: e.Template, purpose: str, page: str
) -> None:
    expiry = int(EXPIRES.timestamp())
    code = hmac.new(LINK_KEY, f"{purpose}|{LINK}|{expiry}".encode(), hashlib.sha256).digest()
    mail = mails.mail(VALIDATION.model_copy(update={"template": template}), IDENTITY)
    assert f"https://compte.example/{page}/{LINK}.{expiry}.{b64url(code)}" in part(mail, "plain")


def test_other_messages_have_no_link_whatever_their_params(mails: Mails) -> None:
    sly = REQUESTED.model_copy(update={"params": VALIDATION.params})
    assert "https:" not in part(mails.mail(sly, IDENTITY), "plain")


def test_a_link_that_has_expired_is_not_sent_any_more(mails: Mails, clock: HandClock) -> None:
    clock.move(24 * 3600)
    with pytest.raises(Permanent):
        mails.mail(VALIDATION, IDENTITY)


@pytest.mark.parametrize(
    "address",
    [
        ERASED,
        "",
        "nobody",
        "a@b\r\nBcc: all@example.org",
        "a b@example.org",
        "<jeanne@example.org>",
        "@",
        "jérôme@example.org",
    ],
)
def test_a_mail_that_can_go_nowhere_ends_there(mails: Mails, address: Any) -> None:
    with pytest.raises(Permanent) as refusal:
        mails.mail(REQUESTED.model_copy(update={"to": address}), IDENTITY)
    assert "example" not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (dt.datetime(2026, 11, 24, 9, 5, tzinfo=dt.UTC), "24 novembre 2026 à 10 h 05"),
        (dt.datetime(2026, 7, 31, 22, 30, tzinfo=dt.UTC), "1 août 2026 à 0 h 30"),
    ],
)
def test_times_are_spoken_as_in_paris(time: dt.datetime, words: str) -> None:
    assert spoken(time) == words
