"""« Qui a vu quoi »: every look at a member's file, for auditors. One document per look."""

from pydantic import AwareDatetime

from services.console.domain import file_events as e
from services.console.domain.ids import InquiryId, PersonId, ReadId, StaffId
from services.console.domain.words import Access, Part, Purpose, Role
from shared.kernel import Projection, Value, members

Shown = e.MemberFileRead | e.ValuesUnmasked


class FileRead(Value):
    """Who, what and why are known as long as the month's key is."""

    read_id: ReadId
    person_id: PersonId
    period: str
    at: AwareDatetime
    reader: Access[StaffId]
    role: Access[Role]
    purpose: Access[Purpose]
    part: Access[Part]
    reason: Access[str]
    ticket: Access[str]
    inquiry_id: InquiryId | None


def evolve(_: FileRead | None, event: Shown) -> FileRead:
    facts = event.model_dump(exclude={"until"})
    return FileRead.model_validate({"part": Part.VALUES, **facts})


file_reads = Projection(
    name="console.file_reads",
    version=1,
    document=FileRead,
    handles=members(Shown),
    key=lambda event: event.read_id,
    evolve=evolve,
    indexes=("person_id", "period", "period,at", "person_id,at"),
)
