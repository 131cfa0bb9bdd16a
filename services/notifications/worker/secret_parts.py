"""What a message holds that stands nowhere: links and codes, made when it is sent and again when identity checks."""

import base64
import datetime as dt
import hashlib
import hmac
from typing import Any, Final

from services.notifications.domain import events as e
from services.notifications.settings import NotificationsSettings
from services.notifications.worker.times import spoken
from shared.canonical import b64url
from shared.clock import Clock
from shared.effects import Permanent

LINKS: Final = {
    e.Template.EMAIL_VALIDATION: ("email-validation", "confirmer"),
    e.Template.EMAIL_CHANGE: ("email-validation", "confirmer"),
    e.Template.CODE_RESET: ("code-reset", "nouveau-code"),
    e.Template.BANK_CHANGE_REQUESTED: ("bank-cancel", "annuler-changement"),
    e.Template.BANK_CHANGE_TOLD_BEFORE: ("bank-cancel", "annuler-changement"),
    e.Template.ERASURE_REQUESTED: ("erasure-cancel", "annuler-effacement"),
    e.Template.SIGN_INS_LOCKED: ("sign-in-reopening", "autoriser-les-essais"),
}
"""Messages with a link: the purpose of its token, as identity reads it, and the page that it leads to."""


class SecretParts:
    """Knows the key that identity and notifications share."""

    def __init__(self, settings: NotificationsSettings, clock: Clock) -> None:
        self._public_url = settings.public_url.rstrip("/")
        self._key = settings.hash_key("link")[1]
        self._clock = clock

    def of(self, event: e.MessageRequested | e.LetterRequested) -> dict[str, Any]:
        """What the words of this message are given besides its reference.

        Raises:
            Permanent: it would come too late.
        """
        if event.template in LINKS:
            expires_at = self._in_time(event)
            link = self._link(event.template, event.params["link_id"], expires_at)
            return {"link": link, "expires": spoken(expires_at)}
        if event.template is e.Template.ONE_TIME_CODE:
            expires_at, purpose = self._in_time(event), event.params["purpose"]
            code = self._digits(purpose, event.params["challenge_id"], expires_at)
            return {"purpose": purpose, "code": code, "expires": spoken(expires_at)}
        if event.template in {e.Template.PROVISIONAL_CODE, e.Template.PROVISIONAL_CODE_DESK}:
            expires_at = self._in_time(event)
            text = f"provisional-code|{event.params['code_id']}|{int(expires_at.timestamp())}"
            return {"code": self._on_paper(text), "expires": spoken(expires_at)}
        if event.template is e.Template.ACCOUNT_CREATED:
            opened_with = event.params.get("opened_with")  # letters of the first days have none
            return {"code": self._on_paper(f"contest|{opened_with}|") if opened_with else None}
        return {}

    def _on_paper(self, text: str) -> str:
        """A code of twelve letters and digits that are read out well, in threes of four."""
        letters = base64.b32encode(self._keyed(text)).decode()[:12].translate(str.maketrans("IO", "89"))
        return "-".join(letters[start : start + 4] for start in (0, 4, 8))

    def _in_time(self, event: e.MessageRequested | e.LetterRequested) -> dt.datetime:
        """Until when what the message holds is good for something."""
        expires_at = dt.datetime.fromisoformat(event.params["expires_at"])
        if expires_at <= self._clock.now():
            raise Permanent("what it holds has expired before it could be sent")
        return expires_at

    def _digits(self, purpose: str, challenge_id: str, expires_at: dt.datetime) -> str:
        """A one-time code of six digits."""
        text = f"one-time-code {purpose}|{challenge_id}|{int(expires_at.timestamp())}"
        return f"{int.from_bytes(self._keyed(text), 'big') % 1_000_000:06d}"

    def _link(self, template: e.Template, link_id: str, expires_at: dt.datetime) -> str:
        purpose, path = LINKS[template]
        expiry = int(expires_at.timestamp())
        token = f"{link_id}.{expiry}.{b64url(self._keyed(f'{purpose}|{link_id}|{expiry}'))}"
        return f"{self._public_url}/{path}/{token}"

    def _keyed(self, text: str) -> bytes:
        return hmac.new(self._key, text.encode(), hashlib.sha256).digest()
