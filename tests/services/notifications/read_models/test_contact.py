"""How a member is written to."""

from functools import reduce
from typing import Any

from services.notifications.domain import events as e
from services.notifications.read_models.contact import Contact, contact, evolve
from tests.services.notifications.sample import BOUNCED, EMAIL, LATER, LEARNED, MEMBER

NONE = e.PreferenceChanged(at=LATER, member_id=MEMBER, topic=e.Topic.VITALE, wanted=False)
AGAIN = NONE.model_copy(update={"wanted": True})


def after(*events: Any) -> Contact:
    found: Any = reduce(evolve, events, None)
    assert isinstance(found, Contact)
    return found


def test_mail_that_comes_back_is_said_until_there_is_another_address() -> None:
    assert not after(LEARNED).bounced
    assert after(LEARNED, BOUNCED).bounced
    assert not after(LEARNED, BOUNCED, LEARNED).bounced


def test_what_a_member_does_without() -> None:
    assert after(NONE).unwanted == (e.Topic.VITALE,)
    assert after(NONE, NONE) == after(NONE)
    assert after(NONE, AGAIN).unwanted == ()
    assert after(BOUNCED, NONE) == after(NONE, BOUNCED)


def test_it_is_the_members_and_holds_no_address() -> None:
    assert {contact.key(event) for event in (LEARNED, BOUNCED, NONE)} == {MEMBER}
    assert EMAIL not in after(LEARNED, BOUNCED).model_dump_json()
