"""What a session remembers between two pages. It is sealed with the cookie: the database alone does not open it."""

import datetime as dt
from collections.abc import Mapping

from pydantic import Field

from shared.kernel import Value


class Write(Value):
    """A command that a service answered: its next queries wait for this version of this stream."""

    stream: str
    version: int
    until: dt.datetime


class Held(Value):
    """A form that could not be taken before something else was done: its page shows it again."""

    path: str
    fields: Mapping[str, str]
    holder: str | None = None
    """Whose it is, where he has to sign in again: shown to nobody else."""
    until: dt.datetime | None = None


class SessionState(Value):
    """What every site's sessions hold; a site adds its own."""

    writes: Mapping[str, Write] = Field(default_factory=dict)
    notice: str | None = None
    """Code of a sentence that the next page says once."""
    held: Held | None = None
    signed_in_at: dt.datetime | None = None

    @property
    def reference(self) -> str | None:
        """What others call the session, where they do."""
        return None
