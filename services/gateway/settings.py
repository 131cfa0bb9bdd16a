"""What the members' edge is told by its environment, on top of what every service is told."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from shared.kernel import Value
from shared.settings import BaseServiceSettings


class Contact(Value):
    """How to reach the fund, as every page says it: texts, for hours and desks change."""

    phone: str = "04 94 16 36 00"
    hours: str = "du lundi au jeudi de 8 h à 17 h, le vendredi de 8 h à 12 h"
    address: tuple[str, ...] = ("247 avenue Jacques Cartier", "83090 TOULON CEDEX 9")
    desk: str = "au siège de Toulon, uniquement sur rendez-vous"


class Application(Value):
    """A program of the fund's own that may act for a member who lets it in: a public client (RFC 8252)."""

    name: str
    redirects: tuple[str, ...]
    """Where a code may go; of a loopback address the port is free."""


PHONE: Final = Application(
    name="l'application mobile de la caisse", redirects=("fr.exemple.moncompte:/retour", "http://127.0.0.1/retour")
)


class GatewaySettings(BaseServiceSettings):
    """One process of the gateway."""

    kafka_bootstrap: str = ""
    """Unused: the gateway reads and writes no topic."""

    public_url: str
    """Where members find the site: links and the Origin check use it, never a Host header."""

    session_idle: dt.timedelta = dt.timedelta(minutes=15)
    session_absolute: dt.timedelta = dt.timedelta(hours=4)
    draft_idle: dt.timedelta = dt.timedelta(minutes=30)
    """How long a half-filled form of a visitor is kept."""

    service_timeout: float = 6.0
    """Seconds; a query that waits for the caller's own write takes up to 2."""

    trusted_proxies: int = 0
    """How many proxies stand before us and append to X-Forwarded-For."""

    posts_per_10_minutes: int = 60
    """From one address prefix, for each kind of public form."""

    fund_contact: Contact = Contact()

    works_file: Path | None = None
    """As long as this file is there the site is closed for works; its first line says until when."""

    ign_tiles: bool = False
    """Whether the map of places may show the IGN's tiles, to those who agree to fetch them from there."""

    applications: Mapping[str, Application] = {"mobile": PHONE}
    """By client id."""

    api_calls_per_10_minutes: int = 1200
    """From one session of an application."""

    @property
    def origin(self) -> str:
        """Scheme and authority of the public address."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")
