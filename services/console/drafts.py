"""What a session of the staff remembers between two pages."""

import datetime as dt

from shared.web.states import SessionState


class State(SessionState):
    """All that is sealed."""

    console_session: str | None = None
    """What the account's stream calls this session."""
    invitation: str | None = None
    """The link's word, taken out of the address as soon as it was read."""
    person_id: str | None = None
    """Whose file lies open at the desk."""
    opened_at: dt.datetime | None = None

    @property
    def reference(self) -> str | None:
        """What the account's stream calls it."""
        return self.console_session
