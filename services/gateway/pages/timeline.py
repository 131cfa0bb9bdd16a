"""The story of an order, past and to come, as the steps of a list."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from services.gateway.clients.cards import Stage, Tracking

FOLLOWING: Final[Mapping[Stage, Stage]] = {
    Stage.REQUESTED: Stage.DOCUMENTS_RECEIVED,
    Stage.DOCUMENTS_RECEIVED: Stage.VALIDATED,
    Stage.PHOTO_RESUBMITTED: Stage.VALIDATED,
    Stage.VALIDATED: Stage.IN_PRODUCTION,
    Stage.IN_PRODUCTION: Stage.SENT,
    Stage.SENT: Stage.DELIVERED,
    Stage.ADDRESS_CHECKED: Stage.RESENT,
    Stage.RESENT: Stage.DELIVERED,
}


@dataclass(frozen=True)
class Step:
    """One step: done, the one we are at, or to come."""

    stage: Stage
    state: Literal["done", "now", "todo"]
    at: dt.datetime | None = None
    expected_from: dt.date | None = None
    expected_until: dt.date | None = None


def timeline(tracking: Tracking) -> tuple[Step, ...]:
    """What happened in the order of time, then what is still to come."""
    passed = sorted(tracking.timeline, key=lambda line: line.at)
    done = [Step(line.stage, "done", line.at) for line in passed]
    if done and tracking.under_way:
        done[-1] = Step(done[-1].stage, "now", done[-1].at)
    return (*done, *_to_come(tracking))


def _to_come(tracking: Tracking) -> list[Step]:
    steps: list[Step] = []
    stage = tracking.next if tracking.under_way else None
    while stage is not None:
        last = stage is Stage.DELIVERED
        expected = (tracking.expected_from, tracking.expected_until) if last else (None, None)
        steps.append(Step(stage, "todo", None, *expected))
        stage = FOLLOWING.get(stage)
    return steps
