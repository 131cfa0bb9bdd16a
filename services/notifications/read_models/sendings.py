"""Whose mail or letter is this? What relay, printer and post know it by, one document each."""

from services.notifications.domain import events as e
from services.notifications.domain.ids import MemberId, MessageId, SendingId
from shared.kernel import Projection, Value, members

Handed = e.MessageSent | e.LetterSpooled


class Sending(Value):
    """A message on its way."""

    sending_id: SendingId
    member_id: MemberId
    message_id: MessageId


def evolve(_: Sending | None, event: Handed) -> Sending:
    assert event.sending_id is not None, "an event without its name has no key"
    return Sending(sending_id=event.sending_id, member_id=event.member_id, message_id=event.message_id)


sendings = Projection(
    name="notifications.sendings",
    version=1,
    document=Sending,
    handles=members(Handed),
    key=lambda event: event.sending_id,
    evolve=evolve,
)
