"""What the console is told by its environment, on top of what every service is told."""

import datetime as dt
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from shared.settings import BaseServiceSettings
from shared.sign_in.tries import Policy


class ConsoleSettings(BaseServiceSettings):
    """One process of the console."""

    public_url: str
    """Where the staff finds the console: links and the Origin check use it, never a Host header."""

    session_idle: dt.timedelta = dt.timedelta(minutes=15)
    session_absolute: dt.timedelta = dt.timedelta(hours=8)
    draft_idle: dt.timedelta = dt.timedelta(minutes=15)
    service_timeout: float = 10.0
    """Seconds."""
    trusted_proxies: int = 0
    posts_per_10_minutes: int = 60
    """From one address prefix, for each kind of form that needs no session."""

    invitation_hours: int = 72
    shortest_code: int = 14
    """Characters of a staff code; a passphrase is as good as signs."""
    sign_in_failures: int = 5
    look_ups_per_day: int = 60
    """Files that one agent may look up in a day; the last but one fifth is told to him, the limit to supervisors."""
    wrong_look_ups_per_day: int = 10
    caller_tries_per_day: int = 3
    """Wrong answers of somebody on the telephone, for one person."""
    access_months: Annotated[int, Field(ge=6, le=36)] = 12
    """How long it is known who looked at what (CNIL: six months to a year, three where internal control says so)."""
    answer_seconds: float = 0.25

    argon2_memory_kib: int = 47_104
    hashes_at_once: int = 2
    hashes_waiting: int = 16

    def sign_ins(self) -> Policy:
        """Tries to sign in with one login."""
        return Policy(failures=self.sign_in_failures, window=dt.timedelta(hours=1), delays_from=3)

    def look_ups(self) -> Policy:
        """Files one agent may look up."""
        return Policy(failures=self.look_ups_per_day, window=dt.timedelta(days=1))

    def wrong_look_ups(self) -> Policy:
        """Look-ups of one agent that found nobody."""
        return Policy(failures=self.wrong_look_ups_per_day, window=dt.timedelta(days=1))

    def callers(self) -> Policy:
        """Wrong answers on the telephone for one person."""
        return Policy(failures=self.caller_tries_per_day, window=dt.timedelta(days=1))

    @property
    def origin(self) -> str:
        """Scheme and authority of the public address."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")
