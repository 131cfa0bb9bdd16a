"""A requested message → the mail that goes out: the same bytes on every try."""

import datetime as dt
import hashlib
import hmac
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, Final

from services.notifications.domain import events as e
from services.notifications.settings import NotificationsSettings
from services.notifications.words import Renderer
from services.notifications.worker.times import spoken
from shared.canonical import b64url
from shared.clock import Clock
from shared.effects import Permanent
from shared.kernel import Erased

VALIDATION: Final = "email-validation"
"""Purpose of a link's token, as identity reads it."""


class Mails:
    """Knows the sender, and the key that makes the tokens of links."""

    def __init__(self, settings: NotificationsSettings, clock: Clock) -> None:
        self._settings = settings
        self._link_key = settings.hash_key("link")[1]
        self._clock = clock
        self._words = Renderer()

    def id_of(self, identity: str) -> str:
        """The Message-ID of a message, without its angle brackets."""
        return f"{identity}@{self._settings.mail_from.rpartition('@')[2]}"

    def mail(self, event: e.MessageRequested, identity: str) -> EmailMessage:
        """The mail of this message.

        Raises:
            Permanent: it can't be written, or would come too late.
        """
        words = self._words.render(event.template, self._context(event))
        mail = EmailMessage(policy=SMTP)
        mail["From"] = Address(self._settings.mail_from_name, addr_spec=self._settings.mail_from)
        mail["To"] = _recipient(event)
        mail["Subject"] = words.subject
        mail["Date"] = format_datetime(event.at)
        mail["Message-ID"] = f"<{self.id_of(identity)}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(words.text, cte="quoted-printable")
        mail.add_alternative(words.html, subtype="html", cte="quoted-printable")
        mail.set_boundary(f"={identity}=")
        mail["Content-Language"] = "fr"  # last: with the first part it would move there
        return mail

    def _context(self, event: e.MessageRequested) -> dict[str, Any]:
        context = {"reference": event.reference, "sender": self._settings.mail_from_name, "link": None}
        match event.template:
            case e.Template.EMAIL_VALIDATION:
                expires_at = self._in_time(event)
                link = self._link(event.params["link_id"], expires_at)
                return {**context, "link": link, "expires": spoken(expires_at)}
            case e.Template.ONE_TIME_CODE:
                expires_at = self._in_time(event)
                purpose = event.params["purpose"]
                code = self._digits(purpose, event.params["challenge_id"], expires_at)
                return {**context, "purpose": purpose, "code": code, "expires": spoken(expires_at)}
            case _:
                return context

    def _in_time(self, event: e.MessageRequested) -> dt.datetime:
        """Until when what the message holds is good for something."""
        expires_at = dt.datetime.fromisoformat(event.params["expires_at"])
        if expires_at <= self._clock.now():
            raise Permanent("what it holds has expired before it could be sent")
        return expires_at

    def _digits(self, purpose: str, challenge_id: str, expires_at: dt.datetime) -> str:
        """A one-time code of six digits, as identity reads it."""
        text = f"one-time-code {purpose}|{challenge_id}|{int(expires_at.timestamp())}"
        number = int.from_bytes(hmac.new(self._link_key, text.encode(), hashlib.sha256).digest(), "big")
        return f"{number % 1_000_000:06d}"

    def _link(self, link_id: str, expires_at: dt.datetime) -> str:
        expiry = int(expires_at.timestamp())
        code = hmac.new(self._link_key, f"{VALIDATION}|{link_id}|{expiry}".encode(), hashlib.sha256).digest()
        return f"{self._settings.public_url.rstrip('/')}/confirmer/{link_id}.{expiry}.{b64url(code)}"


def _recipient(event: e.MessageRequested) -> Address:
    if isinstance(event.to, Erased):
        raise Permanent("the address is erased")
    try:
        return Address(addr_spec=event.to)
    except (ValueError, IndexError, HeaderParseError):
        raise Permanent("no address that a mail can go to") from None
