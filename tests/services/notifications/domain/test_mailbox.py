"""The rules of a mailbox, each with its refusals."""

import datetime as dt
from typing import Any

from services.notifications.domain import commands as c
from services.notifications.domain import events as e
from services.notifications.domain.ids import MessageId
from services.notifications.domain.mailbox import mailbox
from shared.kernel import ERASED
from shared.testing.spec import Spec
from tests.services.notifications.sample import (
    BOUNCED,
    EMAIL,
    FAILED,
    HELD,
    LATER,
    LEARNED,
    LETTER_HELD,
    LETTER_REQUESTED,
    MEMBER,
    MESSAGE,
    NOTE_BOUNCED,
    NOTE_FAILED,
    NOTE_PAYMENT,
    NOTE_PRINTED,
    NOTE_RETURNED,
    NOTE_SENT,
    NOTE_SPOOLED,
    NOTE_UNCERTAIN,
    NOTED,
    OTHER_EMAIL,
    POSTAL,
    PRINTED,
    READ,
    REQUEST,
    REQUEST_LETTER,
    REQUESTED,
    RETURNED,
    RETURNED_MAIL,
    SENT,
    SPOOLED,
    TELL_PAYMENTS,
    TOLD,
    UNCERTAIN,
    UNCONFIRMED,
    WANTED,
    choose,
    learn,
    learn_postal,
    made,
    read_messages,
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


def test_who_has_no_account_is_told_by_post_what_he_must_know_and_the_rest_waits_for_nothing() -> None:
    letter = e.LetterRequested(**WANTED, to=POSTAL.lines)
    box.given(POSTAL).when(REQUEST).then(letter)
    late = {"at": LATER}
    box.given(HELD).when(learn_postal(at=LATER)).then(POSTAL.model_copy(update=late), letter.model_copy(update=late))
    for template in (e.Template.VITALE_UPDATE, e.Template.CEAM_EXPIRING, e.Template.VITALE_ORDERED):
        wanted = {**WANTED, "template": template}
        filed = e.MessageFiled(**wanted, why=e.Why.UNREACHABLE)
        box.when(c.RequestMessage(**wanted)).then(filed)
        box.given(POSTAL).when(c.RequestMessage(**wanted)).then(filed)
        box.given(POSTAL, filed).when(learn()).then(LEARNED)


def test_a_link_or_a_code_waits_for_a_mailbox() -> None:
    secret = {**WANTED, "template": e.Template.EMAIL_VALIDATION}
    box.given(POSTAL).when(c.RequestMessage(**secret)).then(e.MessageHeld(**secret))


def test_all_that_waits_goes_out_in_its_order() -> None:
    other = {**WANTED, "message_id": MessageId(made("second")), "template": e.Template.VITALE_RETURNED}
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


def test_what_nobody_knows_is_said_and_does_not_go_again() -> None:
    box.given(LEARNED, REQUESTED).when(NOTE_UNCERTAIN).then(UNCERTAIN)
    box.given(LEARNED, REQUESTED, UNCERTAIN).when(NOTE_UNCERTAIN).nothing()
    box.given(LEARNED, REQUESTED, UNCERTAIN).when(NOTE_SENT).rejected("message-not-under-way")


def test_a_letter_goes_where_the_register_says() -> None:
    box.given(POSTAL).when(REQUEST_LETTER).then(LETTER_REQUESTED)
    box.given(POSTAL).when(learn_postal()).nothing()


def test_a_letter_waits_for_an_address_of_its_own_kind() -> None:
    box.given(LEARNED).when(REQUEST_LETTER).then(LETTER_HELD)
    box.given(LETTER_HELD).when(learn()).then(LEARNED)
    late = {"at": LATER}
    letter = LETTER_REQUESTED.model_copy(update=late)
    secret = HELD.model_copy(update={"message_id": MessageId(made("mail")), "template": e.Template.EMAIL_VALIDATION})
    box.given(LETTER_HELD, secret).when(learn_postal(at=LATER)).then(POSTAL.model_copy(update=late), letter)


def test_a_letter_is_spooled_printed_and_perhaps_returned() -> None:
    spooled = (POSTAL, LETTER_REQUESTED, SPOOLED)
    box.given(POSTAL, LETTER_REQUESTED).when(NOTE_SPOOLED).then(SPOOLED)
    box.given(*spooled).when(NOTE_SPOOLED).nothing()
    box.given(*spooled).when(NOTE_PRINTED).then(PRINTED)
    box.given(*spooled, PRINTED).when(NOTE_PRINTED).nothing()
    for before in (spooled, (*spooled, PRINTED)):
        box.given(*before).when(NOTE_RETURNED).then(RETURNED)
    box.given(*spooled, PRINTED, RETURNED).when(NOTE_RETURNED).nothing()


def test_a_printed_letter_says_which_code_it_carries() -> None:
    wanted = LETTER_REQUESTED.model_copy(update={"params": {"code_id": made("code"), "expires_at": "2027"}})
    spooled = box.given(POSTAL, wanted, SPOOLED)
    spooled.when(NOTE_PRINTED).then(PRINTED.model_copy(update={"about": made("code")}))


def test_what_the_printer_does_not_have_he_can_neither_print_nor_return() -> None:
    for note in (NOTE_PRINTED, NOTE_RETURNED):
        box.given(POSTAL, LETTER_REQUESTED).when(note).rejected("message-not-under-way")
        box.when(note).rejected("message-unknown")
    box.given(POSTAL, LETTER_REQUESTED, SPOOLED, RETURNED).when(NOTE_PRINTED).rejected("message-not-under-way")


def test_a_letter_is_not_mailed_and_a_mail_is_not_printed() -> None:
    for note in (NOTE_SENT, NOTE_UNCERTAIN, NOTE_BOUNCED):
        box.given(POSTAL, LETTER_REQUESTED).when(note).rejected("message-not-under-way")
    box.given(LEARNED, REQUESTED).when(NOTE_SPOOLED).rejected("message-not-under-way")
    box.given(POSTAL, LETTER_REQUESTED).when(NOTE_FAILED).then(FAILED)


def test_a_letter_to_somebody_erased_is_not_written() -> None:
    box.given(POSTAL.model_copy(update={"lines": ERASED})).when(REQUEST_LETTER).rejected("member-erased")


def test_a_mail_that_comes_back_marks_its_address() -> None:
    for before in ((LEARNED, REQUESTED), (LEARNED, REQUESTED, SENT), (LEARNED, REQUESTED, UNCERTAIN)):
        box.given(*before).when(NOTE_BOUNCED).then(RETURNED_MAIL, BOUNCED)
    box.given(LEARNED, REQUESTED, SENT, RETURNED_MAIL, BOUNCED).when(NOTE_BOUNCED).nothing()
    box.given(LEARNED, REQUESTED, FAILED).when(NOTE_BOUNCED).rejected("message-not-under-way")


def test_a_mail_to_an_address_of_before_marks_nothing() -> None:
    box.given(LEARNED, REQUESTED, SENT, learned(OTHER_EMAIL)).when(NOTE_BOUNCED).then(RETURNED_MAIL)


OTHER: dict[str, Any] = {**WANTED, "message_id": MessageId(made("second"))}


def test_where_mail_comes_back_what_must_be_known_goes_by_post() -> None:
    letter = e.LetterRequested(**OTHER, to=POSTAL.lines)
    box.given(LEARNED, POSTAL, BOUNCED).when(c.RequestMessage(**OTHER)).then(letter)


def test_what_a_member_may_do_without_then_stands_in_the_account_alone() -> None:
    step = {**OTHER, "template": e.Template.VITALE_ORDERED}
    filed = e.MessageFiled(**step, why=e.Why.UNREACHABLE)
    box.given(LEARNED, POSTAL, BOUNCED).when(c.RequestMessage(**step)).then(filed)
    nowhere = e.MessageFiled(**OTHER, why=e.Why.UNREACHABLE)
    box.given(LEARNED, BOUNCED).when(c.RequestMessage(**OTHER)).then(nowhere)


def test_codes_and_addresses_of_their_own_are_tried_all_the_same() -> None:
    code = {**OTHER, "template": e.Template.EMAIL_VALIDATION}
    box.given(LEARNED, POSTAL, BOUNCED).when(c.RequestMessage(**code)).then(e.MessageRequested(**code, to=EMAIL))
    to = {**OTHER, "to": OTHER_EMAIL}
    box.given(LEARNED, POSTAL, BOUNCED).when(c.RequestMessage(**to)).then(e.MessageRequested(**to))


def test_an_address_takes_mail_again_once_it_is_proved_again() -> None:
    box.given(LEARNED, BOUNCED).when(learn(confirmed=False)).nothing()
    box.given(LEARNED, BOUNCED).when(learn()).then(LEARNED)
    box.given(LEARNED, BOUNCED).when(learn(OTHER_EMAIL)).then(learned(OTHER_EMAIL))
    box.given(LEARNED, BOUNCED, LEARNED).when(REQUEST).then(REQUESTED)
    box.given(LEARNED, BOUNCED, LEARNED).when(learn()).nothing()


ORDERED = {**WANTED, "template": e.Template.VITALE_ORDERED}
NO_STEPS = e.PreferenceChanged(at=LATER, member_id=MEMBER, topic=e.Topic.VITALE, wanted=False)


def test_a_member_may_do_without_mails_of_a_topic() -> None:
    box.given(LEARNED).when(choose(e.Topic.VITALE)).then(NO_STEPS)
    box.given(NO_STEPS).when(choose(e.Topic.VITALE)).nothing()
    box.given(NO_STEPS).when(choose()).then(NO_STEPS.model_copy(update={"wanted": True}))
    filed = e.MessageFiled(**ORDERED, why=e.Why.UNWANTED)
    box.given(LEARNED, NO_STEPS).when(c.RequestMessage(**ORDERED)).then(filed)
    box.given(NO_STEPS).when(c.RequestMessage(**ORDERED)).then(filed)


def test_what_has_no_topic_cannot_be_switched_off() -> None:
    box.given(LEARNED, NO_STEPS).when(REQUEST).then(REQUESTED)


def test_a_message_is_read_once() -> None:
    box.given(LEARNED, REQUESTED).when(read_messages(MESSAGE)).then(READ)
    box.given(LEARNED, REQUESTED, READ).when(read_messages(MESSAGE, MESSAGE)).nothing()
    box.given(LEARNED, REQUESTED).when(read_messages(MESSAGE, MessageId("?"))).rejected("message-unknown")
    box.when(read_messages()).nothing()


def test_the_first_payment_is_told_at_once_and_those_that_follow_with_it() -> None:
    box.given(LEARNED).when(NOTE_PAYMENT).then(NOTED)
    second = NOTE_PAYMENT.model_copy(update={"message_id": MessageId(made("second"))})
    box.given(LEARNED, NOTED).when(second).nothing()
    box.given(LEARNED, NOTED).when(TELL_PAYMENTS).then(TOLD)


def test_news_of_payments_come_every_fifteen_days_at_most() -> None:
    later = {"message_id": MessageId(made("second")), "at": LATER + dt.timedelta(days=3)}
    noted = NOTED.model_copy(update={**later, "due_at": LATER + dt.timedelta(days=15)})
    box.given(LEARNED, NOTED, TOLD).when(NOTE_PAYMENT.model_copy(update=later)).then(noted)
    much_later = {**later, "at": LATER + dt.timedelta(days=40)}
    at_once = NOTED.model_copy(update={**much_later, "due_at": much_later["at"]})
    box.given(LEARNED, NOTED, TOLD).when(NOTE_PAYMENT.model_copy(update=much_later)).then(at_once)


def test_without_an_account_nobody_hears_of_payments() -> None:
    box.when(NOTE_PAYMENT).nothing()
    box.given(POSTAL).when(NOTE_PAYMENT).nothing()


def test_what_was_told_is_not_told_again() -> None:
    box.given(LEARNED).when(TELL_PAYMENTS).nothing()
    box.given(LEARNED, NOTED, TOLD).when(TELL_PAYMENTS).nothing()
    other = NOTED.model_copy(update={"message_id": MessageId(made("second"))})
    box.given(LEARNED, NOTED, TOLD, other).when(TELL_PAYMENTS).nothing()


def test_a_payment_that_was_told_is_not_noted_again() -> None:
    box.given(LEARNED, NOTED, TOLD).when(NOTE_PAYMENT).nothing()


def test_news_of_payments_may_be_switched_off() -> None:
    off = NO_STEPS.model_copy(update={"topic": e.Topic.PAYMENTS})
    facts = TOLD.model_dump(exclude={"to"})
    box.given(LEARNED, off, NOTED).when(TELL_PAYMENTS).then(e.MessageFiled(**facts, why=e.Why.UNWANTED))


SETTLE = c.SettleFailure(at=LATER, member_id=MEMBER, message_id=MESSAGE)
SETTLED = e.FailureSettled(at=LATER, member_id=MEMBER, message_id=MESSAGE)


def test_an_agent_sees_to_what_failed() -> None:
    box.given(LEARNED, REQUESTED, FAILED).when(SETTLE).then(SETTLED)
    box.given(LEARNED, REQUESTED, FAILED, SETTLED).when(SETTLE).nothing()
    for history in ((), (LEARNED, REQUESTED), (LEARNED, REQUESTED, SENT)):
        box.given(*history).when(SETTLE).rejected("message-not-failed")
