"""Work list of the desk: changes of bank details whose holder the bank is not sure of; one document per change."""

from typing import assert_never

from pydantic import AwareDatetime

from services.identity.domain import bank_events as e
from services.identity.domain.ids import BankChangeId, PersonId
from shared.kernel import Projection, Value, members

Shown = e.BankDetailsChangeRequested | e.BankHolderConfirmed | e.BankDetailsChangeCancelled | e.BankDetailsChangeStopped


class BankWork(Value):
    """Read model: nothing personal; whoever decides opens the file."""

    kind: str = "bank-holder-doubt"
    request_id: BankChangeId
    person_id: PersonId
    since: AwareDatetime


def evolve(_: BankWork | None, event: Shown) -> BankWork | None:
    match event:
        case e.BankDetailsChangeRequested(holder=e.HolderVerdict.DOUBT):
            return BankWork(request_id=event.request_id, person_id=event.person_id, since=event.at)
        case (
            e.BankDetailsChangeRequested()
            | e.BankHolderConfirmed()
            | e.BankDetailsChangeCancelled()
            | e.BankDetailsChangeStopped()
        ):
            return None
        case _:
            assert_never(event)


bank_work = Projection(
    name="identity.bank_work",
    version=1,
    document=BankWork,
    handles=members(Shown),
    key=lambda event: event.request_id,
    evolve=evolve,
    indexes=("kind",),
)
