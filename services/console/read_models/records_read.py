"""Who has gone through the records of who has looked. One document per look."""

from pydantic import AwareDatetime

from services.console.domain.ids import StaffId
from services.console.domain.records import AccessRecordsRead, LookId
from services.console.domain.words import Access
from shared.kernel import Projection, Value


class RecordsRead(Value):
    """One look; who and why are known as long as the month's key is."""

    look_id: LookId
    period: str
    at: AwareDatetime
    asked: dict[str, str]
    exported: bool
    reader: Access[StaffId]
    reason: Access[str]
    ticket: Access[str]


def evolve(_: RecordsRead | None, event: AccessRecordsRead) -> RecordsRead:
    return RecordsRead(**event.model_dump())


records_read = Projection(
    name="console.records_read",
    version=1,
    document=RecordsRead,
    handles=(AccessRecordsRead,),
    key=lambda event: event.look_id,
    evolve=evolve,
    indexes=("period,at",),
)
