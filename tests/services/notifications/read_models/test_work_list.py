"""What the desk has to do."""

from functools import reduce
from typing import Any

import pytest

from services.notifications.domain import events as e
from services.notifications.read_models.work_list import WorkItem, WorkKind, evolve, work_list
from tests.services.notifications.sample import (
    BOUNCED,
    EMAIL,
    FAILED,
    LATER,
    LEARNED,
    MEMBER,
    MESSAGE,
    POSTAL,
    RETURNED,
)

SETTLED = e.FailureSettled(at=LATER, member_id=MEMBER, message_id=MESSAGE)


def after(*events: Any) -> WorkItem | None:
    found: Any = reduce(evolve, events, None)
    return found


@pytest.mark.parametrize(
    ("opens", "closes", "kind"),
    [
        (BOUNCED, LEARNED, WorkKind.MAIL_COMES_BACK),
        (RETURNED, POSTAL, WorkKind.LETTER_CAME_BACK),
        (FAILED, SETTLED, WorkKind.MESSAGE_FAILED),
    ],
)
def test_it_is_there_until_it_is_done(opens: Any, closes: Any, kind: WorkKind) -> None:
    item = after(opens)
    assert item is not None
    assert (item.kind, item.member_id, item.since) == (kind, MEMBER, LATER)
    assert item.item_id == work_list.key(opens) == work_list.key(closes)
    assert after(opens, closes) is None
    assert after(closes) is None
    assert EMAIL not in item.model_dump_json()


def test_a_second_letter_that_comes_back_is_the_same_work() -> None:
    later = RETURNED.model_copy(update={"message_id": MEMBER})
    assert after(RETURNED, later) == after(RETURNED)


def test_three_kinds_do_not_meet() -> None:
    assert len({work_list.key(event) for event in (BOUNCED, RETURNED, FAILED)}) == 3
