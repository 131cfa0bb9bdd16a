"""A requested message → the mail that goes out: the same bytes on every try."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from services.notifications.domain import events as e
from services.notifications.settings import NotificationsSettings
from services.notifications.words import Renderer
from services.notifications.worker.secret_parts import SecretParts
from shared.clock import Clock
from shared.effects import Permanent
from shared.kernel import Erased


class Mails:
    """Knows the sender, the words, and what a mail holds that stands nowhere."""

    def __init__(self, settings: NotificationsSettings, clock: Clock) -> None:
        self._settings = settings
        self._secrets = SecretParts(settings, clock)
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
        frame = {"reference": event.reference, "sender": self._settings.mail_from_name, "link": None}
        return {**frame, "until": event.params.get("until", ""), **self._secrets.of(event)}


def _recipient(event: e.MessageRequested) -> Address:
    if isinstance(event.to, Erased):
        raise Permanent("the address is erased")
    try:
        return Address(addr_spec=event.to)
    except (ValueError, IndexError, HeaderParseError):
        raise Permanent("no address that a mail can go to") from None
