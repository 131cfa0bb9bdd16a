"""After a declaration a new card is ordered, whatever happened to the old one."""

import uuid

from services.cards.domain import events as e
from services.cards.domain import order_commands as oc
from services.cards.domain.ids import OrderId
from shared.kernel import Issued, Process, members


def decide(_: None, event: e.VitaleReported) -> list[Issued]:
    order = oc.OrderVitaleReplacement(
        at=event.at,
        person_id=event.person_id,
        member_id=event.member_id,
        declaration_id=event.declaration_id,
        order_id=OrderId(str(uuid.uuid5(uuid.UUID(event.declaration_id), "order"))),
    )
    return [Issued(f"vitale:{event.person_id}", order)]


vitale_replacement: Process[None, e.VitaleReported] = Process(
    name="vitale-replacement",
    initial=None,
    handles=members(e.VitaleReported),
    key=lambda event: event.person_id,
    decide=decide,
    evolve=lambda state, _: state,
)
