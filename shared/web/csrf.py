"""Forms are accepted from our own pages only: Fetch-Metadata, else Origin, and a signed token of the session."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

FIELD: Final = "jeton"
_OURS: Final = frozenset({"same-origin", "none"})


class CrossSite(Exception):  # noqa: N818 - what it is
    """Another site sent this form."""


class FormExpired(Exception):  # noqa: N818 - what it is
    """The form was made for a session that is no longer this browser's."""


class Csrf:
    """Makes and checks the tokens of forms."""

    def __init__(self, key: bytes, origin: str) -> None:
        self._key = key
        self._origin = origin

    def token(self, session: bytes) -> str:
        """The token of a session's forms: who does not know the cookie and our key cannot make it."""
        return hmac.new(self._key, b"form|" + session, hashlib.sha256).hexdigest()

    def check(self, headers: Mapping[str, str], session: bytes | None, token: str) -> None:
        """Let a form pass.

        Raises:
            CrossSite: the browser says that another site sent it, or says nothing at all.
            FormExpired: the token is not this session's.
        """
        site = headers.get("sec-fetch-site")
        if site not in _OURS if site is not None else headers.get("origin") != self._origin:
            raise CrossSite
        if session is None or not hmac.compare_digest(self.token(session).encode(), token.encode()):
            raise FormExpired
