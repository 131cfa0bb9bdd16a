"""Screen « Mes messages »: what was I told, when, and did it reach me? One document per message."""

from typing import assert_never

from pydantic import AwareDatetime

from services.notifications.domain import events as e
from services.notifications.domain.ids import MemberId, MessageId, Reference
from services.notifications.domain.mailbox import Status
from shared.kernel import Projection, Value, members

MessageEvent = e.MessageHeld | e.MessageRequested | e.MessageSent | e.MessageFailed


class Message(Value):
    """One line of the screen; the words belong to the page."""

    member_id: MemberId
    message_id: MessageId
    template: e.Template
    at: AwareDatetime
    """When it became due."""
    status: Status
    reference: Reference


def evolve(message: Message | None, event: MessageEvent) -> Message:
    match event:
        case e.MessageHeld():
            return _new(event, Status.HELD)
        case e.MessageRequested():
            return _known(message, Status.REQUESTED) if message else _new(event, Status.REQUESTED)
        case e.MessageSent():
            return _known(message, Status.SENT)
        case e.MessageFailed():
            return _known(message, Status.FAILED)
        case _:
            assert_never(event)


def _new(event: e.MessageHeld | e.MessageRequested, status: Status) -> Message:
    facts = event.model_dump(include={"member_id", "message_id", "template", "at", "reference"})
    return Message(**facts, status=status)


def _known(message: Message | None, status: Status) -> Message:
    assert message is not None, "a message is due before it is sent"
    return message.model_copy(update={"status": status})


messages = Projection(
    name="notifications.messages",
    version=1,
    document=Message,
    handles=members(MessageEvent),
    key=lambda event: event.message_id,
    evolve=evolve,
    indexes=("member_id", "reference"),
)
