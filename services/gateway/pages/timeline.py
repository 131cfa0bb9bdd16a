"""The story of an order, past and to come, as the steps of a list."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from services.gateway.clients.cards import Stage, Tracking

TO_COME: Final = (Stage.REQUESTED, Stage.IN_PRODUCTION, Stage.SENT, Stage.DELIVERED)


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
    if not tracking.under_way:
        return []
    reached = {line.stage for line in tracking.timeline}
    following = [stage for stage in TO_COME if stage not in reached]
    if tracking.next in following:
        following = following[following.index(tracking.next) :]
    return [
        Step(stage, "todo", None, tracking.expected_from, tracking.expected_until)
        if stage is Stage.DELIVERED
        else Step(stage, "todo")
        for stage in following
    ]
