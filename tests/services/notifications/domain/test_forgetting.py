"""A mailbox whose member is forgotten: nothing stands in it any more, and it begins anew if he comes back."""

from services.notifications.domain import commands as c
from services.notifications.domain import events as e
from services.notifications.domain.ids import MessageId
from services.notifications.domain.mailbox import AT_A_TIME, mailbox
from services.notifications.domain.mailbox_state import Mailbox
from services.notifications.read_models.contact import contact
from services.notifications.read_models.messages import messages
from services.notifications.read_models.payment_news import payment_news
from services.notifications.read_models.work_list import work_list
from shared.kernel import ERASED, Event
from shared.testing.spec import Spec
from tests.services.notifications.sample import (
    BOUNCED,
    HELD,
    LATER,
    LEARNED,
    MEMBER,
    NOTE_SENT,
    NOTED,
    POSTAL,
    REQUEST,
    REQUESTED,
    SENT,
    UNCONFIRMED,
    WANTED,
    learn,
    made,
)

EMPTY = c.EmptyMailbox(at=LATER, member_id=MEMBER)
BY_MAIL, BY_POST = (e.AddressForgotten(at=LATER, member_id=MEMBER, by_post=by_post) for by_post in (False, True))
GONE = e.MessageErased(at=LATER, member_id=MEMBER, message_id=REQUESTED.message_id)
nobody: Spec[Mailbox, c.MailboxCommand, e.MailboxEvent] = Spec(mailbox)
FULL = nobody.given(LEARNED, POSTAL, REQUESTED, SENT, NOTED)
EMPTIED = FULL.given(BY_MAIL, BY_POST, GONE)


def test_addresses_and_messages_are_forgotten() -> None:
    FULL.when(EMPTY).then(BY_MAIL, BY_POST, GONE)
    EMPTIED.when(EMPTY).nothing()
    nobody.when(EMPTY).nothing()


def test_also_where_nothing_can_be_read_any_more() -> None:
    erased = [event.model_copy(update={"email": ERASED}) for event in (LEARNED,)]
    nobody.given(*erased, REQUESTED.model_copy(update={"to": ERASED})).when(EMPTY).then(BY_MAIL, BY_POST, GONE)


def test_so_many_at_a_time() -> None:
    many = [
        REQUESTED.model_copy(update={"message_id": MessageId(made(str(number)))}) for number in range(AT_A_TIME + 1)
    ]
    state = mailbox.fold([LEARNED, *many])
    first = mailbox.decide(state, EMPTY)
    assert len(first) == AT_A_TIME + 2
    state = mailbox.fold(first, state)
    assert len(mailbox.decide(state, EMPTY)) == 3
    assert mailbox.fold(mailbox.decide(state, EMPTY), state).is_empty


def test_what_becomes_of_a_message_on_its_way_is_no_news() -> None:
    nobody.given(LEARNED, REQUESTED, BY_MAIL, BY_POST, GONE).when(NOTE_SENT).nothing()
    EMPTIED.when(REQUEST).nothing()


def test_whoever_comes_back_proves_his_address_anew() -> None:
    again = learn(confirmed=False)
    EMPTIED.when(again).then(UNCONFIRMED)


def shown(projection: object, *events: Event) -> dict[str, object]:
    found: dict[str, object] = {}
    for event in events:
        if isinstance(event, projection.handles):  # type: ignore[attr-defined]
            key = projection.key(event)  # type: ignore[attr-defined]
            found[key] = projection.evolve(found.get(key), event)  # type: ignore[attr-defined]
    return {key: document for key, document in found.items() if document is not None}


def test_no_screen_shows_anything_of_him() -> None:
    failed = e.MessageFailed(at=LATER, member_id=MEMBER, message_id=HELD.message_id)
    history = (LEARNED, POSTAL, e.MessageHeld(**WANTED), REQUESTED, BOUNCED, failed, NOTED)
    for projection in (messages, contact, payment_news, work_list):
        assert shown(projection, *history)
        assert shown(projection, *history, BY_MAIL, BY_POST, GONE) == {}
