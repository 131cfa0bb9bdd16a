"""When a person's rights end: that day's end opposes the carte Vitale and ends the European card (L161-15-4)."""

import datetime as dt
import uuid

from services.cards.domain.days import midnight
from services.cards.domain.holder import HolderLearned
from shared.deadlines import Deadline, deadlines
from shared.kernel import Erased


def _ends(event: HolderLearned, category: str, command: str) -> Deadline | None:
    last = event.rights_to
    if last is None or isinstance(last, Erased):
        return None
    return Deadline(
        due_at=midnight(last + dt.timedelta(days=1)),
        stream=f"{category}:{event.person_id}",
        command=command,
        data={"person_id": event.person_id, "ended_on": last.isoformat()},
        cmd=str(uuid.uuid5(uuid.UUID(event.person_id), f"{command}|{last.isoformat()}")),
        person_id=event.person_id,
    )


def _of_person(event: HolderLearned) -> str:
    return event.person_id


vitale_rights_end = deadlines(
    "cards.vitale_rights_end",
    1,
    handles=(HolderLearned,),
    key=_of_person,
    evolve=lambda _, event: _ends(event, "vitale", "EndVitaleRights"),
)
ceam_rights_end = deadlines(
    "cards.ceam_rights_end",
    1,
    handles=(HolderLearned,),
    key=_of_person,
    evolve=lambda _, event: _ends(event, "ceam", "EndCeamRights"),
)
