"""Screen « Mes messages »: what was I told, when, and did it reach me? One document per message."""

from typing import assert_never

from pydantic import AwareDatetime

from services.notifications.domain import events as e
from services.notifications.domain.ids import MemberId, MessageId, Reference
from services.notifications.domain.kinds import KINDS, Channel
from services.notifications.domain.mailbox_state import Status, status_after
from shared.kernel import Projection, Value, members

MessageEvent = e.Wanted | e.Ended | e.MessageRead | e.MessageErased


class Message(Value):
    """One line of the screen; the words are those of its template."""

    member_id: MemberId
    message_id: MessageId
    template: e.Template
    channel: Channel
    params: dict[str, str]
    at: AwareDatetime
    """When it became due."""
    status: Status
    why_filed: e.Why | None = None
    read: bool = False
    reference: Reference


def evolve(message: Message | None, event: MessageEvent) -> Message | None:  # noqa: PLR0911 - one case per event
    match event:
        case e.MessageHeld():
            return _new(event, Status.HELD)
        case e.MessageRequested():
            return _known(message, status=Status.REQUESTED) if message else _new(event, Status.REQUESTED)
        case e.LetterRequested():
            # Also a message that usually goes by mail, to a member whose mail comes back.
            letter = message or _new(event, Status.REQUESTED)
            return letter.model_copy(update={"status": Status.REQUESTED, "channel": Channel.LETTER})
        case e.MessageFiled(why=why):
            filed = _known(message, status=Status.FILED) if message else _new(event, Status.FILED)
            return filed.model_copy(update={"why_filed": why})
        case e.MessageRead():
            return _known(message, read=True)
        case e.MessageErased():
            return None
        case (
            e.MessageSent()
            | e.MessageFailed()
            | e.MessageUncertain()
            | e.MessageBounced()
            | e.LetterSpooled()
            | e.LetterPrinted()
            | e.LetterReturned()
        ):
            return _known(message, status=status_after(event))
        case _:
            assert_never(event)


def _new(event: e.Wanted, status: Status) -> Message:
    facts = event.model_dump(include={"member_id", "message_id", "template", "params", "at", "reference"})
    kind = KINDS[event.template]
    # There is nothing to read here of a message that held a link or a code.
    return Message(**facts, channel=kind.channel, status=status, read=kind.secret)


def _known(message: Message | None, **changes: Status | bool) -> Message:
    assert message is not None, "a message is due before it is sent"
    return message.model_copy(update=changes)


messages = Projection(
    name="notifications.messages",
    screen="Mes messages",
    version=4,
    document=Message,
    handles=members(MessageEvent),
    key=lambda event: event.message_id,
    evolve=evolve,
    indexes=("member_id,at", "member_id,read", "reference"),
)
