"""Deadlines: when a new address that the member gave receives letters with codes and cards."""

from typing import assert_never

from services.identity.domain import events as e
from shared.deadlines import Deadline, deadlines
from shared.kernel import members

Shown = e.AddressChanged | e.PostalAddressChanged


def evolve(_: Deadline | None, event: Shown) -> Deadline | None:
    match event:
        case e.AddressChanged():
            return Deadline(
                due_at=event.post_from,
                stream=f"person:{event.person_id}",
                command="ConfirmAddress",
                data={"person_id": event.person_id, "change_id": event.change_id},
                cmd=event.change_id,
                person_id=event.person_id,
            )
        case e.PostalAddressChanged():
            return None
        case _:
            assert_never(event)


address_holds = deadlines(
    "identity.address_holds", 1, handles=members(Shown), key=lambda event: event.person_id, evolve=evolve
)
