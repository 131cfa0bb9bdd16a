"""« Mes messages »: one line for each thing a member was told."""

from functools import reduce
from typing import Any

from services.notifications.domain.mailbox import Status
from services.notifications.read_models.messages import Message, evolve, messages
from tests.services.notifications.sample import AT, EMAIL, FAILED, HELD, LATER, MEMBER, MESSAGE, REQUESTED, SENT


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


def test_one_document_per_message_found_by_member_and_reference() -> None:
    assert {messages.key(event) for event in (HELD, REQUESTED, SENT, FAILED)} == {MESSAGE}
    assert messages.indexes == ("member_id", "reference")


def test_no_address_is_kept_here() -> None:
    assert EMAIL not in after(REQUESTED, SENT).model_dump_json()
