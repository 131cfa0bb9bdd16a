"""What is sent by mail and kept nowhere, for it is made when sending and again when checking.

Tokens of links, `<id>.<expiry>.<code>`, one-time codes of six digits, and codes on paper.
"""

import base64
import datetime as dt
import hashlib
import hmac

from services.identity.domain.ids import ChallengeId, LinkId
from shared.canonical import b64url
from shared.kernel import Rejected, require

VALIDATION = "email-validation"
RESET = "code-reset"
PROVISIONAL = "provisional-code"
CONTEST = "contest"
LETTERS = 12
"""Of a code on paper: sixty bits, in letters that are read out well."""
REOPENING = "sign-in-reopening"
DIGITS = 6


class LinkTokens:
    """Knows the key that identity and notifications share."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, purpose: str, link_id: LinkId, expires_at: dt.datetime) -> str:
        """What stands in the link; expiry in whole seconds."""
        expiry = str(int(expires_at.timestamp()))
        return f"{link_id}.{expiry}.{self._code(purpose, link_id, expiry)}"

    def read(self, purpose: str, token: str, now: dt.datetime) -> LinkId:
        """The id in a token that we made.

        Raises:
            Rejected: `link-invalid`, or `link-expired` for one that was good.
        """
        link_id, _, rest = token.partition(".")
        expiry, _, code = rest.partition(".")
        genuine = hmac.compare_digest(self._code(purpose, link_id, expiry).encode(), code.encode())
        if not (genuine and expiry.isdecimal()):
            raise Rejected("link-invalid")
        require(now.timestamp() < int(expiry), otherwise="link-expired")
        return LinkId(link_id)

    def digits(self, purpose: str, challenge_id: ChallengeId, expires_at: dt.datetime) -> str:
        """The one-time code of a challenge; expiry in whole seconds."""
        text = f"one-time-code {purpose}|{challenge_id}|{int(expires_at.timestamp())}"
        number = int.from_bytes(hmac.new(self._key, text.encode(), hashlib.sha256).digest(), "big")
        return f"{number % 10**DIGITS:0{DIGITS}d}"

    def letter_code(self, purpose: str, of: str, expires_at: dt.datetime | None = None) -> str:
        """A code on paper, without its spaces; expiry in whole seconds."""
        text = f"{purpose}|{of}|{int(expires_at.timestamp()) if expires_at else ''}"
        letters = base64.b32encode(hmac.new(self._key, text.encode(), hashlib.sha256).digest()).decode()
        return letters[:LETTERS].translate(str.maketrans("IO", "89"))

    def _code(self, purpose: str, link_id: str, expiry: str) -> str:
        text = f"{purpose}|{link_id}|{expiry}"
        return b64url(hmac.new(self._key, text.encode(), hashlib.sha256).digest())
