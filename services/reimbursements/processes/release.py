"""Lots that came in the wrong order go on, commit after commit, once the one they waited for is there."""

from services.reimbursements.domain import commands as c
from services.reimbursements.domain import events as e
from shared.kernel import Issued, Process


def decide(_: None, event: e.LotsReleasable) -> list[Issued]:
    command = c.ReleaseLots(at=event.at, household_id=event.household_id)
    return [Issued(f"household:{event.household_id}", command)]


release: Process[None, e.LotsReleasable] = Process(
    name="lot-release",
    initial=None,
    handles=(e.LotsReleasable,),
    key=lambda event: event.household_id,
    decide=decide,
    evolve=lambda state, _: state,
)
