"""The rules of a mailbox, each with its refusals."""

from typing import Any

from services.notifications.domain import events as e
from services.notifications.domain.ids import MessageId
from services.notifications.domain.mailbox import mailbox
from shared.kernel import ERASED
from shared.testing.spec import Spec
from tests.services.notifications.sample import (
    EMAIL,
    FAILED,
    HELD,
    LATER,
    LEARNED,
    MEMBER,
    NOTE_FAILED,
    NOTE_SENT,
    OTHER_EMAIL,
    REQUEST,
    REQUESTED,
    SENT,
    UNCONFIRMED,
    WANTED,
    learn,
    made,
)

box: Spec[Any, Any, Any] = Spec(mailbox)


def learned(email: str, *, confirmed: bool = True) -> e.AddressLearned:
    return LEARNED.model_copy(update={"email": email, "confirmed": confirmed})


def test_an_address_is_learned_once() -> None:
    box.when(learn()).then(LEARNED)
    box.when(learn(confirmed=False)).then(UNCONFIRMED)
    box.given(LEARNED).when(learn()).nothing()
    box.given(UNCONFIRMED).when(learn(confirmed=False)).nothing()


def test_a_proof_of_the_same_address_is_news() -> None:
    box.given(UNCONFIRMED).when(learn()).then(LEARNED)


def test_what_is_not_proved_does_not_replace_what_is() -> None:
    box.given(LEARNED).when(learn(OTHER_EMAIL, confirmed=False)).nothing()
    box.given(LEARNED).when(learn(confirmed=False)).nothing()


def test_another_address_replaces_the_one_before() -> None:
    box.given(LEARNED).when(learn(OTHER_EMAIL)).then(learned(OTHER_EMAIL))
    box.given(UNCONFIRMED).when(learn(OTHER_EMAIL, confirmed=False)).then(learned(OTHER_EMAIL, confirmed=False))


def test_a_message_goes_to_the_address_of_that_moment() -> None:
    box.given(LEARNED).when(REQUEST).then(REQUESTED)
    box.given(LEARNED, learned(OTHER_EMAIL)).when(REQUEST).then(REQUESTED.model_copy(update={"to": OTHER_EMAIL}))


def test_a_message_may_name_its_own_address() -> None:
    mine = REQUEST.model_copy(update={"to": OTHER_EMAIL})
    box.given(LEARNED).when(mine).then(REQUESTED.model_copy(update={"to": OTHER_EMAIL}))
    box.when(mine).then(REQUESTED.model_copy(update={"to": OTHER_EMAIL}))


def test_without_an_address_a_message_waits_for_one() -> None:
    box.when(REQUEST).then(HELD)
    late = learn(at=LATER)
    then = (LEARNED.model_copy(update={"at": LATER}), REQUESTED.model_copy(update={"at": LATER}))
    box.given(HELD).when(late).then(*then)
    box.given(HELD, *then).when(learn(OTHER_EMAIL)).then(learned(OTHER_EMAIL))


def test_all_that_waits_goes_out_in_its_order() -> None:
    other = {**WANTED, "message_id": MessageId(made("second")), "template": e.Template.VITALE_DELIVERED}
    second, sent = e.MessageHeld(**other), e.MessageRequested(**other, to=EMAIL)
    box.given(HELD, second).when(learn()).then(LEARNED, REQUESTED, sent)


def test_a_message_is_requested_once() -> None:
    for history in ((LEARNED, REQUESTED), (HELD,), (LEARNED, REQUESTED, SENT), (LEARNED, REQUESTED, FAILED)):
        box.given(*history).when(REQUEST).nothing()


def test_nothing_goes_to_an_erased_member() -> None:
    gone = LEARNED.model_copy(update={"email": ERASED})
    box.given(gone).when(REQUEST).rejected("member-erased")


def test_a_message_ends_once_and_one_way() -> None:
    box.given(LEARNED, REQUESTED).when(NOTE_SENT).then(SENT)
    box.given(LEARNED, REQUESTED, SENT).when(NOTE_SENT).nothing()
    box.given(LEARNED, REQUESTED).when(NOTE_FAILED).then(FAILED)
    box.given(LEARNED, REQUESTED, FAILED).when(NOTE_FAILED).nothing()
    box.given(LEARNED, REQUESTED, SENT).when(NOTE_FAILED).rejected("message-not-under-way")
    box.given(LEARNED, REQUESTED, FAILED).when(NOTE_SENT).rejected("message-not-under-way")


def test_only_what_was_requested_is_sent() -> None:
    for note in (NOTE_SENT, NOTE_FAILED):
        box.when(note).rejected("message-unknown")
        box.given(HELD).when(note).rejected("message-not-under-way")


def test_every_event_is_the_members() -> None:
    for event in (LEARNED, HELD, REQUESTED, SENT, FAILED):
        assert event.member_id == MEMBER
