"""Looking at a member's file: recorded first, shown then. Nobody looks at his own file, or at his relatives'."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Final

from services.console.acts.office import By, Office
from services.console.domain import file_commands as c
from services.console.domain.file import File
from services.console.domain.ids import InquiryId, PersonId, ReadId
from services.console.domain.staff_commands import ExhaustLookUps
from services.console.domain.words import Part, Purpose, Role
from shared.command_handler import Answer
from shared.kernel import Value
from shared.problems import Refused
from shared.sign_in.gates import TooMany

Household = Callable[[By, str], Awaitable[frozenset[str]]]
"""Asks identity who sees a person or is seen by him; himself included."""
LOOK_UPS: Final = "look-ups"


class Why(Value):
    """What is said before anything is shown."""

    purpose: Purpose
    reason: str
    ticket: str = ""


async def read(office: Office, by: By, person_id: str, part: Part, why: Why, household: Household) -> Answer:
    """Record a look. Once this has returned, and not before, the part may be fetched and shown.

    Raises:
        Refused: `own-file`. Rejected: `purpose-refused`, `inquiry-unknown`.
        TooMany: this account has looked up as many files as one may in a day.
    """
    await not_his_own(office, by, person_id, household)
    command = c.ReadFile(
        at=office.clock.now(),
        person_id=PersonId(person_id),
        reader=by.staff_id,
        role=by.role,
        read_id=ReadId(by.made("read")),
        part=part,
        **why.model_dump(),
    )
    return await handle(office, by, command)


async def unmask(office: Office, by: By, person_id: str, why: Why, household: Household) -> Answer:
    """Let this reader be shown values of this person for a quarter of an hour; the member learns of it.

    Raises:
        Refused: `own-file`. Rejected: `role-refused`, `purpose-refused`.
    """
    await not_his_own(office, by, person_id, household)
    command = c.UnmaskValues(
        at=office.clock.now(),
        person_id=PersonId(person_id),
        reader=by.staff_id,
        role=by.role,
        read_id=ReadId(by.made("read")),
        **why.model_dump(),
    )
    return await handle(office, by, command)


async def shows_values(office: Office, by: By, person_id: str) -> bool:
    """Whether this reader is shown values of this person now."""
    state: File = (await office.service.state(f"file:{person_id}"))[0]
    return state.shows_values(by.staff_id, office.clock.now())


async def open_inquiry(office: Office, by: By, person_id: str, reason: str, ticket: str) -> Answer:
    """Look into a fraud: the member learns of the looks at his file when it is closed."""
    facts: dict[str, Any] = {"person_id": PersonId(person_id), "reader": by.staff_id, "role": by.role, "reason": reason}
    inquiry_id = InquiryId(by.made("inquiry"))
    command = c.OpenInquiry(at=office.clock.now(), ticket=ticket, inquiry_id=inquiry_id, **facts)
    return await handle(office, by, command)


async def close_inquiry(office: Office, by: By, person_id: str, reason: str, ticket: str) -> Answer:
    """It is over."""
    facts: dict[str, Any] = {"person_id": PersonId(person_id), "reader": by.staff_id, "role": by.role, "reason": reason}
    return await handle(office, by, c.CloseInquiry(at=office.clock.now(), ticket=ticket, **facts))


async def not_his_own(office: Office, by: By, person_id: str, household: Household) -> None:
    """Refuse the files of himself and his relatives.

    Raises:
        Refused: `own-file`.
    """
    own = (await office.account(by.staff_id)).persons
    if own and (await household(by, person_id) | {person_id}) & set(own):
        raise Refused("own-file")


async def count_look_up(office: Office, by: By) -> None:
    """One more file that this account looks up; at the day's limit supervisors are shown it.

    Raises:
        TooMany: no more today.
    """
    if by.role is not Role.AGENT:
        return
    try:
        await office.gates.enter(f"{LOOK_UPS}|{by.staff_id}", office.settings.look_ups())
    except TooMany:
        await _alert(office, by)
        raise


async def _alert(office: Office, by: By) -> None:
    day = office.clock.now().date().isoformat()
    command = ExhaustLookUps(at=office.clock.now(), staff_id=by.staff_id, limit=office.settings.look_ups_per_day)
    cmd = str(uuid.uuid5(uuid.UUID(by.staff_id), f"look-ups|{day}"))  # once a day
    await office.service.handle(f"staff:{by.staff_id}", command, cmd=cmd, meta=by.meta(by.staff_id))


async def handle(office: Office, by: By, command: c.FileCommand) -> Answer:
    """Record what was done with a file."""
    person_id = command.person_id
    return await office.service.handle(f"file:{person_id}", command, cmd=by.cmd, meta=by.meta_of_file(person_id))
