"""The console's events: each look of the staff at a member's file."""

import datetime as dt
from typing import Final

from pydantic import AwareDatetime

from services.identity.domain import file_reads as f
from services.identity.domain.ids import PersonId
from shared.kernel import Erased, Issued
from shared.messaging import Delivered
from shared.reactions import Incoming, On, Reaction

VALUES: Final = "values"


class Look(Incoming):
    """Of the whole event what the member may know."""

    at: AwareDatetime
    person_id: PersonId
    read_id: str
    period: str
    role: str | Erased
    purpose: str | Erased
    part: str | Erased = VALUES
    inquiry_id: str | None = None


class Inquiry(Incoming):
    """One that is over."""

    person_id: PersonId
    inquiry_id: str


def looked(look: Look, _: Delivered) -> list[Issued]:
    """The member may see it; one whose month's key is destroyed is told to nobody any more."""
    facts = look.model_dump()
    if any(isinstance(value, Erased) for value in facts.values()):
        return []
    return [Issued(f"reads:{look.person_id}", f.RecordFileRead.model_validate(facts))]


def closed(inquiry: Inquiry, delivery: Delivered) -> list[Issued]:
    """The looks that belong to it show from now on."""
    command = f.RevealFileReads(at=delivery.recorded_at, **inquiry.model_dump())
    return [Issued(f"reads:{inquiry.person_id}", command)]


looks: Final = Reaction(
    name="identity.looks",
    source="console",
    since=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    handles={
        "MemberFileRead": On(Look, looked),
        "ValuesUnmasked": On(Look, looked),
        "InquiryClosed": On(Inquiry, closed),
    },
)
