"""Mailbox of one member: every message is requested once, waits where no address is known, and ends one way."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, assert_never

from services.notifications.domain import commands as c
from services.notifications.domain import events as e
from services.notifications.domain.kinds import KINDS, Channel
from services.notifications.domain.mailbox_state import Mailbox, Status, evolve, status_after
from shared.kernel import Decider, Erased, require

ByMail = c.RecordMessageSent | c.RecordMessageUncertain | c.RecordMessageBounced
ByPost = c.RecordLetterSpooled | c.RecordLetterPrinted | c.RecordLetterReturned
Outcome = ByMail | ByPost | c.RecordMessageFailed

BETWEEN_PAYMENT_NEWS: Final = dt.timedelta(days=15)
AT_A_TIME: Final = 400
"""Messages that one commit forgets: it holds 500 events at most."""
UNDER_WAY: Final = frozenset({Status.REQUESTED})
STEPS: Final[Mapping[type[Outcome], tuple[type[e.Ended], frozenset[Status]]]] = {
    c.RecordMessageSent: (e.MessageSent, UNDER_WAY),
    c.RecordMessageFailed: (e.MessageFailed, UNDER_WAY),
    c.RecordMessageUncertain: (e.MessageUncertain, UNDER_WAY),
    c.RecordMessageBounced: (e.MessageBounced, frozenset({Status.REQUESTED, Status.SENT, Status.UNCERTAIN})),
    c.RecordLetterSpooled: (e.LetterSpooled, UNDER_WAY),
    c.RecordLetterPrinted: (e.LetterPrinted, frozenset({Status.SPOOLED})),
    c.RecordLetterReturned: (e.LetterReturned, frozenset({Status.SPOOLED, Status.PRINTED})),
}
"""What each outcome is as an event, and how far a message must be for it."""


def decide(mailbox: Mailbox, command: c.MailboxCommand) -> list[e.MailboxEvent]:  # noqa: C901, PLR0911, PLR0912 - one case per command
    match command:
        case c.LearnAddress():
            return _address(mailbox, command)

        case c.LearnPostalAddress(lines=lines):
            if lines == mailbox.postal:
                return []
            learned = e.PostalAddressLearned(**command.model_dump())
            return [learned, *_released(mailbox, command, postal=lines)]

        case c.ChoosePreferences(unwanted=unwanted):
            at, member_id = command.at, command.member_id
            return [
                e.PreferenceChanged(at=at, member_id=member_id, topic=topic, wanted=topic not in unwanted)
                for topic in sorted(mailbox.unwanted ^ unwanted)
            ]

        case c.RequestMessage(to=to):
            if command.message_id in mailbox.messages or command.message_id in mailbox.erased:
                return []
            return [_routed(mailbox, e.MessageHeld(**command.model_dump(exclude={"to"})), to)]

        case c.NotePayment(message_id=message_id):
            if mailbox.email is None or mailbox.payments is not None or message_id in mailbox.messages:
                return []  # without an account nobody is mailed; what was noted before tells of this one, too
            told_at = mailbox.payments_told_at
            due_at = max(command.at, told_at + BETWEEN_PAYMENT_NEWS) if told_at else command.at
            return [e.PaymentNoted(**command.model_dump(), due_at=due_at)]

        case c.TellPayments(message_id=message_id):
            noted = mailbox.payments
            if noted is None or noted.message_id != message_id:
                return []
            facts = noted.model_dump(exclude={"at", "due_at"})
            news = e.MessageHeld(at=command.at, template=e.Template.PAYMENT_INFORMATION, params={}, **facts)
            return [_routed(mailbox, news)]

        case c.RecordMessageBounced():
            return _bounced(mailbox, command)

        case (
            c.RecordMessageSent()
            | c.RecordMessageFailed()
            | c.RecordMessageUncertain()
            | c.RecordLetterSpooled()
            | c.RecordLetterPrinted()
            | c.RecordLetterReturned()
        ):
            return _ended(mailbox, command)

        case c.SettleFailure(message_id=message_id):
            if message_id in mailbox.settled:
                return []
            require(mailbox.messages.get(message_id) is Status.FAILED, otherwise="message-not-failed")
            return [e.FailureSettled(**command.model_dump())]

        case c.ReadMessages(message_ids=message_ids):
            require(mailbox.messages.keys() >= set(message_ids), otherwise="message-unknown")
            new = [one for one in dict.fromkeys(message_ids) if one not in mailbox.read]
            return [e.MessageRead(at=command.at, member_id=command.member_id, message_id=one) for one in new]

        case c.EmptyMailbox():
            return _emptied(mailbox, command)

        case _:
            assert_never(command)


def _emptied(mailbox: Mailbox, command: c.EmptyMailbox) -> list[e.MailboxEvent]:
    of = command.model_dump()
    if mailbox.is_empty:
        return []
    addresses = [e.AddressForgotten(**of, by_post=by_post) for by_post in (False, True)]
    return [*addresses, *(e.MessageErased(**of, message_id=one) for one in [*mailbox.messages][:AT_A_TIME])]


def _address(mailbox: Mailbox, command: c.LearnAddress) -> list[e.MailboxEvent]:
    """A proved address gives way to another proved one alone; proved again, it takes mail again."""
    email, confirmed = command.email, command.confirmed
    proved_again = mailbox.bounced and confirmed
    known = mailbox.email == email and mailbox.confirmed >= confirmed and not proved_again
    if known or mailbox.confirmed > confirmed:
        return []
    return [
        e.AddressLearned(**command.model_dump()),
        *_released(mailbox, command, email=email, bounced=False),
    ]


def _released(mailbox: Mailbox, command: c.LearnAddress | c.LearnPostalAddress, **known: Any) -> list[e.MailboxEvent]:
    """What waited for this address."""
    now = mailbox.model_copy(update=known)
    routed = [_routed(now, held.model_copy(update={"at": command.at})) for held in mailbox.held]
    return [one for one in routed if not isinstance(one, e.MessageHeld)]


def _routed(mailbox: Mailbox, message: e.MessageHeld, to: str | None = None) -> e.Wanted:
    """The way that a message takes now. Where no mail arrives, what the member must know goes by post.

    No mail arrives where it comes back, and where there is no account: nothing that he can do without waits there to
    be mailed years later.
    """
    kind, facts = KINDS[message.template], message.model_dump()
    address = to or mailbox.email
    require(not isinstance(address, Erased) and not isinstance(mailbox.postal, Erased), otherwise="member-erased")
    if kind.channel is Channel.LETTER:
        return _by_post(mailbox, facts) or message
    if to is None and kind.topic in mailbox.unwanted:
        return e.MessageFiled(**facts, why=e.Why.UNWANTED)
    if ((mailbox.bounced and to is None) or address is None) and not kind.secret:
        letter = _by_post(mailbox, facts) if kind.topic is None else None
        waits = address is None and kind.topic is None
        return letter or (message if waits else e.MessageFiled(**facts, why=e.Why.UNREACHABLE))
    return message if address is None else e.MessageRequested(**facts, to=address)


def _by_post(mailbox: Mailbox, facts: dict[str, Any]) -> e.LetterRequested | None:
    return e.LetterRequested(**facts, to=mailbox.postal) if mailbox.postal else None


def _bounced(mailbox: Mailbox, command: c.RecordMessageBounced) -> list[e.MailboxEvent]:
    """The address is marked if it is still the one that this mail went to."""
    events = _ended(mailbox, command)
    to = mailbox.recipients.get(command.message_id)
    if events and to == mailbox.email and to is not None and not mailbox.bounced:
        events.append(e.AddressBounced(at=command.at, member_id=command.member_id, email=to))
    return events


def _ended(mailbox: Mailbox, command: Outcome) -> list[e.MailboxEvent]:
    if command.message_id in mailbox.erased:
        return []
    require(command.message_id in mailbox.messages, otherwise="message-unknown")
    event, after = STEPS[type(command)]
    ended, status = event(**command.model_dump()), mailbox.messages[command.message_id]
    if status is status_after(ended):
        return []
    by_post = command.message_id not in mailbox.recipients
    other_way = isinstance(command, ByMail if by_post else ByPost)
    require(status in after and not other_way, otherwise="message-not-under-way")
    if isinstance(ended, e.LetterPrinted):
        return [ended.model_copy(update={"about": mailbox.about.get(ended.message_id)})]
    return [ended]


mailbox = Decider(category="mailbox", retention="messages", initial=Mailbox(), decide=decide, evolve=evolve)
