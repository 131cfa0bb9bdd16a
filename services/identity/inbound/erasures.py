"""The answers of all services to an erasure, this one's own included."""

import datetime as dt
from collections.abc import Callable
from typing import Final

from services.identity.domain import erasure_commands as c
from services.identity.domain.erasure_events import Dropped
from services.identity.domain.ids import ErasureId, PersonId
from services.identity.domain.retention import SERVICES
from shared.kernel import Issued
from shared.messaging import Delivered
from shared.reactions import Incoming, On, Reaction


class What(Incoming):
    """One line of an answer."""

    what: str
    count: int


class Completed(Incoming):
    """A service holds nothing of these classes any more."""

    person_id: PersonId
    erasure_id: ErasureId
    classes: tuple[str, ...]
    reached: tuple[What, ...] = ()


def _answer(service: str) -> Callable[[Completed, Delivered], list[Issued]]:
    def record(event: Completed, delivery: Delivered) -> list[Issued]:
        command = c.RecordErasureCompletion(
            at=delivery.recorded_at,
            person_id=event.person_id,
            erasure_id=event.erasure_id,
            service=service,
            classes=event.classes,
            reached=tuple(Dropped(what=one.what, count=one.count) for one in event.reached),
        )
        return [Issued(f"erasure:{event.person_id}", command)]

    return record


answers: Final = tuple(
    Reaction(
        name=f"identity.erasures-{service}",
        source=service,
        since=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        handles={"PersonErasureCompleted": On(Completed, _answer(service))},
    )
    for service in SERVICES
)
