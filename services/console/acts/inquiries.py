"""Frauds that are looked into: the member learns of the looks at his file when the inquiry is closed."""

import datetime as dt

from services.console.acts import reading
from services.console.acts.finding import found_by_number, household
from services.console.acts.office import By, Office
from services.console.acts.reading import Why
from services.console.clients.lines import Lines
from services.console.domain.words import Part, Purpose, Role
from services.console.read_models.open_inquiries import OpenInquiry, open_inquiries
from shared.command_handler import Answer
from shared.kernel import Rejected


async def open_by_number(
    office: Office, lines: Lines, by: By, nir: str, birth_date: dt.date, reason: str, ticket: str
) -> Answer:
    """Begin to look into a fraud; who it is about is found as at the desk, and learns nothing of it yet.

    Raises:
        Rejected: `nobody-found`, `inquiry-open`. Refused: `role-refused`, `own-file`. channel.Refused: it is no number.
    """
    by.needs(Role.SUPERVISOR)
    person_id, close = await found_by_number(lines, by, nir, birth_date)
    await reading.not_his_own(office, by, person_id, close)
    return await reading.open_inquiry(office, by, person_id, reason, ticket)


async def still_open(office: Office) -> list[OpenInquiry]:
    """The oldest first."""
    return sorted(await office.queries.find(open_inquiries), key=lambda one: one.opened_at)


async def close(office: Office, by: By, inquiry_id: str, reason: str, ticket: str) -> Answer:
    """It is over: the member may know.

    Raises:
        Rejected: `inquiry-unknown`. Refused: `role-refused`.
    """
    by.needs(Role.SUPERVISOR)
    found = await _one(office, inquiry_id)
    return await reading.close_inquiry(office, by, found.person_id, reason, ticket)


async def open_file(office: Office, lines: Lines, by: By, inquiry_id: str) -> tuple[str, Why]:
    """Whose file it is about, and what for; recorded as looked at.

    Raises:
        Rejected: `inquiry-unknown`. Refused: `role-refused`, `own-file`.
    """
    by.needs(Role.SUPERVISOR)
    found = await _one(office, inquiry_id)
    why = Why(purpose=Purpose.FRAUD, reason=f"inquiry {inquiry_id}")
    await reading.read(office, by, found.person_id, Part.ACCOUNT, why, household(lines))
    return found.person_id, why


async def _one(office: Office, inquiry_id: str) -> OpenInquiry:
    found = await office.queries.get(open_inquiries, inquiry_id)
    if found is None:
        raise Rejected("inquiry-unknown")
    return found
