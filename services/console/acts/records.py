"""« Qui a vu quoi »: looks at members' files by month, person, role and part; going through them is recorded, too."""

import re
from collections.abc import AsyncIterator
from typing import Any, Final

from services.console.acts import reading
from services.console.acts.office import By, Office
from services.console.acts.reading import Household, Why
from services.console.domain.records import LookId, ReadAccessRecords
from services.console.domain.words import Part, Role
from services.console.read_models.file_reads import FileRead, file_reads
from services.console.read_models.records_read import RecordsRead, records_read
from shared.kernel import Value, require
from shared.projections.queries import Written

AT_ONCE: Final = 100
WINDOW: Final = 500
MOST: Final = 10_000
"""Looks that one answer goes through, at most; where more are left, it says where to go on."""
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


class Wanted(Value):
    """Which looks: of a month, or at a person's file, or both; then by role and part."""

    month: str = ""
    person_id: str = ""
    role: Role | None = None
    part: Part | None = None

    def has(self, one: FileRead) -> bool:
        """Whether a look is wanted; of a month whose key is destroyed nobody knows role and part."""
        return (
            (not self.month or one.period == self.month)
            and (self.role is None or one.role == self.role)
            and (self.part is None or one.part == self.part)
        )


class Found(Value):
    """The newest first; `more`: where the older ones begin. `looks`: who has gone through this month before."""

    items: tuple[FileRead, ...]
    more: str | None
    looks: tuple[RecordsRead, ...] = ()


async def record(
    office: Office, by: By, wanted: Wanted, why: Why, household: Household, *, exported: bool = False
) -> None:
    """Note that these records are looked at; once this has returned they may be shown, this look among them.

    Raises:
        Refused: `role-refused`, `own-file`. Rejected: `records-unbounded`, neither a month nor a person.
    """
    by.needs(Role.AUDITOR)
    require(bool(wanted.person_id or _MONTH.fullmatch(wanted.month)), otherwise="records-unbounded")
    if wanted.person_id:
        answer = await reading.read(office, by, wanted.person_id, Part.ACCESS, why, household)
        await office.queries.wait(file_reads, Written(answer.stream, answer.version))
        return
    asked = {name: str(value) for name, value in wanted.model_dump(mode="json").items() if value}
    facts: dict[str, Any] = {"asked": asked, "exported": exported, "reader": by.staff_id, "role": by.role}
    facts |= {"reason": why.reason, "ticket": why.ticket, "look_id": LookId(by.made("records"))}
    command = ReadAccessRecords(at=office.clock.now(), **facts)
    stream = f"records:{command.look_id}"
    answer = await office.service.handle(stream, command, cmd=by.cmd, meta=by.meta_of_records(command.look_id))
    await office.queries.wait(records_read, Written(answer.stream, answer.version))


async def page(office: Office, wanted: Wanted, after: str = "", at_once: int = AT_ONCE) -> Found:
    """Some of what is wanted, and where to go on."""
    items: list[FileRead] = []
    mark, read = _mark(after), 0
    while len(items) < at_once and read < MOST:
        window = await _window(office, wanted, mark)
        for one in window:
            mark, read = _place(one), read + 1
            if wanted.has(one):
                items.append(one)
            if len(items) == at_once:
                break
        if len(window) < WINDOW and len(items) < at_once:
            mark = None
            break
    looks = await office.queries.newest(records_read, "at", 20, period=wanted.month) if wanted.month else []
    return Found(items=tuple(items), more=" ".join(mark) if mark else None, looks=tuple(looks))


async def everything(office: Office, wanted: Wanted) -> AsyncIterator[FileRead]:
    """All that is wanted, the newest first, a window at a time."""
    mark = None
    while window := await _window(office, wanted, mark):
        for one in window:
            if wanted.has(one):
                yield one
        mark = _place(window[-1])


async def _window(office: Office, wanted: Wanted, mark: tuple[str, str] | None) -> list[FileRead]:
    equal = {"person_id": wanted.person_id} if wanted.person_id else {"period": wanted.month}
    return await office.queries.newest(file_reads, "at", WINDOW, mark, **equal)


def _place(one: FileRead) -> tuple[str, str]:
    return one.model_dump(mode="json")["at"], one.read_id


def _mark(text: str) -> tuple[str, str] | None:
    at, _, key = text.partition(" ")
    return (at, key) if key else None
