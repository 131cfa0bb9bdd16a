"""What a session of the staff remembers between two pages."""

import datetime as dt

from services.console.domain.words import Part, Purpose
from shared.kernel import Value
from shared.web.states import SessionState


class OpenFile(Value):
    """A file at the desk: whose, why, and which parts of it were asked for."""

    person_id: str
    opened_at: dt.datetime
    purpose: Purpose
    reason: str
    ticket: str = ""
    parts: tuple[Part, ...] = ()


class State(SessionState):
    """All that is sealed."""

    console_session: str | None = None
    """What the account's stream calls this session."""
    invitation: str | None = None
    """The link's word, taken out of the address as soon as it was read."""
    open_file: OpenFile | None = None
    """Which file lies open at the desk."""

    @property
    def reference(self) -> str | None:
        """What the account's stream calls it."""
        return self.console_session
