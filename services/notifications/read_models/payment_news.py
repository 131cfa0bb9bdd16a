"""Deadlines: when a member is told that something was paid; one per member, gone once he is told."""

import uuid
from typing import assert_never

from services.notifications.domain import events as e
from shared.deadlines import Deadline, deadlines
from shared.kernel import members

News = e.PaymentNoted | e.Wanted | e.AddressForgotten


def evolve(before: Deadline | None, event: News) -> Deadline | None:
    match event:
        case e.PaymentNoted(member_id=member_id, message_id=message_id, due_at=due_at):
            return Deadline(
                due_at=due_at,
                stream=f"mailbox:{member_id}",
                command="TellPayments",
                data={"member_id": member_id, "message_id": message_id},
                cmd=str(uuid.uuid5(uuid.UUID(message_id), "tell")),
                person_id=member_id,
                member_id=member_id,
            )
        case e.MessageHeld() | e.MessageFiled() | e.MessageRequested() | e.LetterRequested():
            return None if event.template is e.Template.PAYMENT_INFORMATION else before
        case e.AddressForgotten():
            return None
        case _:
            assert_never(event)


payment_news = deadlines(
    "notifications.payment_news",
    2,
    handles=members(News),
    key=lambda event: event.member_id,
    evolve=evolve,
)
