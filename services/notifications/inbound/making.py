"""How an event of another service becomes a message. For a new one: see services/notifications/domain/kinds.py.

`telling` is all that a notice needs which says no more than that there is news; `message` takes what it says besides.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any, Final

from services.notifications.domain import commands as c
from services.notifications.domain.events import Template
from services.notifications.domain.ids import MemberId, MessageId, Reference
from shared.kernel import Issued
from shared.messaging import Delivered
from shared.numbers import spelled
from shared.reactions import Incoming

SINCE: Final = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
"""There was nothing before: the first reactions are as old as the services."""


class OfMember(Incoming):
    """Something happened in a member's account."""

    member_id: MemberId


def telling(template: Template) -> Callable[[OfMember, Delivered], list[Issued]]:
    """A notice that says no more than that there is news."""
    return lambda event, delivery: [message(event.member_id, template, delivery)]


def message(
    member_id: MemberId,
    template: Template,
    delivery: Delivered,
    params: dict[str, str] | None = None,
    to: str | None = None,
    copy: str = "",
) -> Issued:
    """A message about one event; its ids are made from the event's, and from what tells a copy from the first."""
    named = ids(template, delivery, copy)
    whose: dict[str, Any] = {"at": delivery.recorded_at, "member_id": member_id, "to": to}
    command = c.RequestMessage(**whose, **named, template=template, params=params or {})
    return Issued(f"mailbox:{member_id}", command)


def ids(template: Template, delivery: Delivered, copy: str = "") -> dict[str, Any]:
    """`message_id`, `cause_event_id` and `reference` of a message, the same however often its event is delivered."""
    cause = delivery.stored["id"]
    message_id = MessageId(str(uuid.uuid5(uuid.UUID(cause), f"{template}{copy}")))
    return {"message_id": message_id, "cause_event_id": cause, "reference": reference(cause, f"{template}{copy}")}


def reference(cause: str, template: str) -> Reference:
    """What nobody can guess without the event's id."""
    return Reference(spelled(uuid.uuid5(uuid.UUID(cause), f"reference|{template}").bytes))
