"""The one file that lies open in a session: whose, why, and for how long."""

import datetime as dt
from typing import Final

from services.console.acts.reading import Why
from services.console.drafts import OpenFile
from services.console.pages.visit import Visit
from shared.problems import Refused

STAYS_OPEN: Final = dt.timedelta(minutes=15)


def lay_open(visit: Visit, person_id: str, why: Why) -> None:
    """From now on, instead of any other."""
    now = visit.site.clock.now()
    visit.session.change(open_file=OpenFile(person_id=person_id, opened_at=now, **why.model_dump()))


def opened_by(visit: Visit) -> OpenFile:
    """The file that lies open.

    Raises:
        Refused: `file-not-open`, also when it has lain open for too long.
    """
    opened = visit.session.state.open_file
    if opened is None or visit.site.clock.now() >= opened.opened_at + STAYS_OPEN:
        raise Refused("file-not-open")
    return opened


def why_of(opened: OpenFile) -> Why:
    """Why it was opened."""
    return Why(purpose=opened.purpose, reason=opened.reason, ticket=opened.ticket)
