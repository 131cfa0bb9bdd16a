"""« Mes messages »: one line for each thing a member was told."""

from functools import reduce
from typing import Any

import pytest

from services.notifications.domain import events as e
from services.notifications.domain.kinds import Channel
from services.notifications.domain.mailbox_state import Status
from services.notifications.read_models.messages import Message, evolve, messages
from tests.services.notifications.sample import (
    AT,
    EMAIL,
    FAILED,
    HELD,
    LATER,
    LETTER_HELD,
    LETTER_REQUESTED,
    MEMBER,
    MESSAGE,
    PRINTED,
    READ,
    REQUESTED,
    RETURNED,
    RETURNED_MAIL,
    SENT,
    SPOOLED,
    UNCERTAIN,
    WANTED,
)


def after(*events: Any) -> Message:
    message: Any = reduce(evolve, events, None)
    assert isinstance(message, Message)
    return message


def test_a_message_from_its_cause_to_the_relay() -> None:
    told = after(REQUESTED)
    assert (told.member_id, told.message_id, told.template, told.at) == (MEMBER, MESSAGE, REQUESTED.template, AT)
    assert (told.status, after(REQUESTED, SENT).status) == (Status.REQUESTED, Status.SENT)
    assert after(REQUESTED, FAILED).status is Status.FAILED


def test_a_message_that_waited_keeps_the_time_of_its_cause() -> None:
    late = REQUESTED.model_copy(update={"at": LATER})
    assert (after(HELD).status, after(HELD).at) == (Status.HELD, AT)
    assert (after(HELD, late).status, after(HELD, late).at) == (Status.REQUESTED, AT)


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (UNCERTAIN, Status.UNCERTAIN),
        (RETURNED_MAIL, Status.BOUNCED),
        (SPOOLED, Status.SPOOLED),
        (PRINTED, Status.PRINTED),
        (RETURNED, Status.RETURNED),
    ],
)
def test_every_end_is_told(event: Any, status: Status) -> None:
    assert after(REQUESTED, event).status is status


def test_a_letter_says_that_it_is_one() -> None:
    assert (after(LETTER_HELD).channel, after(LETTER_HELD, LETTER_REQUESTED).channel) == (Channel.LETTER,) * 2
    assert after(REQUESTED).channel is Channel.MAIL


def test_a_mail_that_goes_by_post_is_a_letter() -> None:
    by_post = e.LetterRequested(**WANTED, to=LETTER_REQUESTED.to)
    assert after(by_post).channel is after(HELD, by_post).channel is Channel.LETTER
    assert after(HELD).channel is Channel.MAIL


def test_what_stands_in_the_account_alone_says_why() -> None:
    filed = e.MessageFiled(**WANTED, why=e.Why.UNWANTED)
    for told in (after(filed), after(HELD, filed)):
        assert (told.status, told.why_filed) == (Status.FILED, e.Why.UNWANTED)


def test_reading_changes_nothing_else() -> None:
    assert not after(REQUESTED, SENT).read
    assert after(REQUESTED, READ, SENT) == after(REQUESTED, SENT, READ)
    assert after(REQUESTED, READ).read


def test_of_a_link_or_code_there_is_nothing_to_read() -> None:
    assert after(REQUESTED.model_copy(update={"template": e.Template.EMAIL_VALIDATION})).read


def test_one_document_per_message_found_by_member_and_reference() -> None:
    assert {messages.key(event) for event in (HELD, REQUESTED, SENT, FAILED)} == {MESSAGE}
    assert messages.indexes == ("member_id,at", "member_id,read", "reference")


def test_no_address_is_kept_here() -> None:
    assert EMAIL not in after(REQUESTED, SENT).model_dump_json()
