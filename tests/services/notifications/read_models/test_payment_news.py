"""When a member is told that something was paid."""

from services.notifications.read_models.payment_news import evolve, payment_news
from tests.services.notifications.sample import AT, HELD, MEMBER, MESSAGE, NOTED, TOLD


def test_a_payment_sets_a_deadline_that_goes_once_it_is_told() -> None:
    deadline = evolve(None, NOTED)
    assert deadline is not None
    assert (deadline.due_at, deadline.stream, deadline.command) == (AT, f"mailbox:{MEMBER}", "TellPayments")
    assert deadline.data == {"member_id": MEMBER, "message_id": MESSAGE}
    assert evolve(deadline, HELD) == deadline
    assert evolve(deadline, TOLD) is None
    assert evolve(None, TOLD) is None
    assert {payment_news.key(event) for event in (NOTED, TOLD)} == {MEMBER}


def test_each_has_a_command_of_its_own() -> None:
    first, again = evolve(None, NOTED), evolve(None, NOTED)
    second = evolve(None, NOTED.model_copy(update={"message_id": MEMBER}))
    assert first is not None
    assert second is not None
    assert first == again
    assert first.cmd != second.cmd
