"""A requested letter → the PDF that is printed: the same bytes on every try."""

import datetime as dt
import hashlib
from typing import Any, Final

from services.notifications.domain import events as e
from services.notifications.settings import NotificationsSettings
from services.notifications.words import FOLDER, Plain, Renderer
from services.notifications.worker.secret_parts import SecretParts
from services.notifications.worker.spool import Spool
from services.notifications.worker.times import PARIS
from shared import documents
from shared.canonical import iso
from shared.clock import Clock
from shared.documents.qr import svg
from shared.effects import Permanent
from shared.kernel import Erased

TEMPLATE: Final = "letter"
VERSION: Final = 2
DOCUMENT: Final = f"{TEMPLATE}.v{VERSION}"
AT_THE_DESK: Final = frozenset({e.Template.PROVISIONAL_CODE_DESK})
"""Given by hand: the printer of the desk takes them out of the spool, the one of the post leaves them there."""
PAGES: Final = {e.Template.ACCOUNT_CREATED: ("contester", "Ce compte n'est pas de vous ? Bloquez-le ici :")}
"""Letters that lead to a page of the site, and what it is for. The address is everybody's: it holds no secret."""


class Letters:
    """Knows the sender, the words, and the printer's spool."""

    def __init__(self, settings: NotificationsSettings, clock: Clock) -> None:
        self._settings = settings
        self._secrets = SecretParts(settings, clock)
        self._words = Renderer()
        self._documents = documents.Renderer(FOLDER / "letters")
        self._spool = Spool(settings.spool, settings.printer_key())
        self._site = settings.public_url.rstrip("/")

    async def write(self, event: e.LetterRequested, sending_id: str) -> None:
        """Leave it to the printer.

        Raises:
            Permanent: it can't be written.
            OSError: the spool does not take it.
        """
        pdf = self.pdf(event)
        manifest = {
            "id": sending_id,
            "made_at": iso(event.at),
            "reference": event.reference,
            "sha256": hashlib.sha256(pdf).hexdigest(),
            "envelope": "none" if event.template in AT_THE_DESK else "window right, DL",
            "deliver": "desk" if event.template in AT_THE_DESK else "post",
            "document": DOCUMENT,
        }
        self._spool.put(sending_id, pdf, manifest)

    async def lies_ready(self, sending_id: str) -> bool:
        """Whether the spool has it."""
        return self._spool.has(sending_id)

    async def forget(self, event: e.LetterPrinted, _: str) -> None:
        """The printer has given it to the post."""
        self._spool.remove(event.sending_id)

    def pdf(self, event: e.LetterRequested) -> bytes:
        """The letter.

        Raises:
            Permanent: the address is erased, or holds a letter that no font has; what it holds has expired.
        """
        if isinstance(event.to, Erased):
            raise Permanent("the address is erased")
        words = self._words.plain(event.template, {**event.params, **self._secrets.of(event)})
        try:
            return self._documents.render(TEMPLATE, VERSION, self._data(event, event.to, words))
        except documents.RenderingFailed:
            raise Permanent("the letter can't be made") from None

    def _data(self, event: e.LetterRequested, to: tuple[str, ...], words: Plain) -> dict[str, Any]:
        return {
            "created_at": iso(event.at),
            "day": day(event.at),
            "to": list(to),
            "title": words.subject,
            "paragraphs": list(words.paragraphs),
            "link": self._link(event.template),
            "reference": event.reference,
            "phone": self._settings.contact_phone,
            "hours": self._settings.contact_hours,
            "address": list(self._settings.contact_address),
        }

    def _link(self, template: e.Template) -> dict[str, str] | None:
        """An address short enough to type, and the same as a code to scan."""
        if template not in PAGES or not self._site:
            return None
        page, what = PAGES[template]
        url = f"{self._site}/{page}"
        return {"address": url.partition("://")[2], "qr": svg(url), "what": what}


def day(time: dt.datetime) -> str:
    """`2026-11-25`, in Paris."""
    return time.astimezone(PARIS).date().isoformat()
