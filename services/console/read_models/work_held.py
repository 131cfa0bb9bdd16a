"""Who has taken which item of the desk's work. One document per item that somebody holds."""

from typing import assert_never

from pydantic import AwareDatetime

from services.console.domain import work as w
from services.console.domain.ids import StaffId
from shared.kernel import Projection, Value, members


class WorkHeld(Value):
    """One item."""

    service: str
    kind: str
    item_id: str
    owner: StaffId
    since: AwareDatetime


def evolve(one: WorkHeld | None, event: w.WorkEvent) -> WorkHeld | None:
    match event:
        case w.WorkTaken():
            return WorkHeld.model_validate({**event.model_dump(exclude={"at"}), "since": event.at})
        case w.WorkReleased():
            return None
        case w.WorkDecided():
            return one
        case _:
            assert_never(event)


work_held = Projection(
    name="console.work_held",
    version=1,
    document=WorkHeld,
    handles=members(w.WorkEvent),
    key=lambda event: w.work_stream(event.service, event.kind, event.item_id),
    evolve=evolve,
    indexes=("owner",),
)
