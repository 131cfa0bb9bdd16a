"""Screen « Qui a consulté mon dossier »: one document per look."""

from pydantic import AwareDatetime

from services.identity.domain.file_reads import Access, FileReadRecorded
from services.identity.domain.ids import PersonId
from shared.kernel import Projection, Value


class FileReadShown(Value):
    """Read model: when, in which role, what for, which part; never who it was by name."""

    read_id: str
    person_id: PersonId
    period: str
    at: AwareDatetime
    role: Access[str]
    purpose: Access[str]
    part: Access[str]
    inquiry_id: str | None


def evolve(_: FileReadShown | None, event: FileReadRecorded) -> FileReadShown:
    return FileReadShown.model_validate(event.model_dump())


file_reads_shown = Projection(
    name="identity.file_reads",
    version=1,
    document=FileReadShown,
    handles=(FileReadRecorded,),
    key=lambda event: event.read_id,
    evolve=evolve,
    indexes=("person_id",),
)
