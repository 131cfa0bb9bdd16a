"""Legal holds: asked for by one agent, placed and lifted only with another; while one stands nothing is destroyed."""

from typing import Any, assert_never

from services.identity.domain import erasure_commands as c
from services.identity.domain import erasure_events as e
from services.identity.domain.erasure_state import Erasure, Hold, HoldStatus, Status
from services.identity.domain.ids import HoldId
from shared.kernel import require


def decide(erasure: Erasure, command: c.HoldCommand) -> list[e.HoldEvent]:  # noqa: PLR0911 - one for each command
    facts = command.model_dump()
    match command:
        case c.RequestLegalHold():
            return [] if command.hold_id in erasure.holds else [e.LegalHoldRequested(**facts)]

        case c.ApproveLegalHold(hold_id=hold_id):
            hold = _hold(erasure, hold_id)
            if hold.stands:
                return []
            _second(hold, command.agent_id)
            return [e.LegalHoldPlaced(**facts)]

        case c.WithdrawLegalHold(hold_id=hold_id):
            if hold_id in erasure.over:
                return []
            require(not _hold(erasure, hold_id).stands, otherwise="legal-hold-placed")
            return [e.LegalHoldWithdrawn(**facts)]

        case c.RequestLegalHoldLift(hold_id=hold_id):
            hold = _hold(erasure, hold_id)
            require(hold.stands, otherwise="legal-hold-not-placed")
            # asked for anew by another: whoever asked first, and was refused, may then agree
            asked = hold.status is HoldStatus.LIFT_REQUESTED and hold.agent_id == command.agent_id
            return [] if asked else [e.LegalHoldLiftRequested(**facts)]

        case c.ApproveLegalHoldLift(hold_id=hold_id):
            if hold_id in erasure.over:
                return []
            hold = _hold(erasure, hold_id)
            require(hold.status is HoldStatus.LIFT_REQUESTED, otherwise="legal-hold-lift-not-requested")
            _second(hold, command.agent_id)
            return [e.LegalHoldLifted(**facts, **_due(erasure, command))]

        case _:
            assert_never(command)


def _hold(erasure: Erasure, hold_id: HoldId) -> Hold:
    require(hold_id in erasure.holds, otherwise="legal-hold-unknown")
    return erasure.holds[hold_id]


def _second(hold: Hold, agent_id: str) -> None:
    require(agent_id != hold.agent_id, otherwise="second-person-needed")


def _due(erasure: Erasure, command: c.ApproveLegalHoldLift) -> dict[str, Any]:
    """What waited for this hold alone."""
    others = [hold for hold_id, hold in erasure.holds.items() if hold_id != command.hold_id and hold.stands]
    if others:
        return {"erasure_id": None, "due_at": None, "kept": ()}
    waits = erasure.status is Status.REQUESTED and erasure.due_at is not None
    return {
        "erasure_id": erasure.erasure_id,
        "due_at": max(erasure.due_at, command.at) if waits and erasure.due_at else None,
        "kept": erasure.kept if erasure.is_erased else (),
    }


def evolve(erasure: Erasure, event: e.HoldEvent) -> dict[str, Any]:
    """What changes in the state."""
    match event:
        case e.LegalHoldRequested(hold_id=hold_id, agent_id=agent_id):
            return {"holds": {**erasure.holds, hold_id: Hold(status=HoldStatus.REQUESTED, agent_id=agent_id)}}
        case e.LegalHoldPlaced(hold_id=hold_id, agent_id=agent_id):
            return {"holds": {**erasure.holds, hold_id: Hold(status=HoldStatus.PLACED, agent_id=agent_id)}}
        case e.LegalHoldLiftRequested(hold_id=hold_id, agent_id=agent_id):
            return {"holds": {**erasure.holds, hold_id: Hold(status=HoldStatus.LIFT_REQUESTED, agent_id=agent_id)}}
        case e.LegalHoldWithdrawn(hold_id=gone) | e.LegalHoldLifted(hold_id=gone):
            left = {hold_id: hold for hold_id, hold in erasure.holds.items() if hold_id != gone}
            return {"holds": left, "over": erasure.over | {gone}}
        case _:
            assert_never(event)
