"""Browsers in which somebody has signed in, known by a signed cookie that outlives every session."""

import hashlib
import hmac
import re
import secrets
from typing import Final

COOKIE: Final = "__Host-appareil"
LASTS: Final = 400 * 24 * 3600
"""Seconds; browsers keep no cookie longer."""
BYTES: Final = 16

_PROGRAMS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
_COOKIE: Final = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{64})")


class Devices:
    """Reads and makes the cookies."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def read(self, cookie: str | None) -> str | None:
        """The device of a cookie that we made."""
        found = _COOKIE.fullmatch(cookie or "")
        return found[1] if found and hmac.compare_digest(self._signature(found[1]), found[2]) else None

    def cookie(self, device_id: str) -> str:
        """What the browser keeps: nobody else can make it."""
        return f"{device_id}.{self._signature(device_id)}"

    def _signature(self, device_id: str) -> str:
        return hmac.new(self._key, b"device|" + device_id.encode(), hashlib.sha256).hexdigest()


def new_device() -> str:
    """An id that nobody can guess."""
    return secrets.token_hex(BYTES)


def device_name(user_agent: str) -> str:
    """What a member recognises a browser by: « Firefox sur Windows », no versions."""
    program = next((name for mark, name in _PROGRAMS if mark in user_agent), "Navigateur")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{program} sur {system}" if system else program
