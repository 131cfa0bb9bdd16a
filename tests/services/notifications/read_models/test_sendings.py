"""What relay, printer and post call a message."""

from services.notifications.read_models.sendings import evolve, sendings
from tests.services.notifications.sample import MEMBER, MESSAGE, SENDING, SENT, SPOOLED


def test_a_sending_leads_to_its_message() -> None:
    for event in (SENT, SPOOLED):
        assert sendings.key(event) == SENDING
        found = evolve(None, event)
        assert (found.sending_id, found.member_id, found.message_id) == (SENDING, MEMBER, MESSAGE)


def test_a_mail_of_the_first_days_has_no_name() -> None:
    assert sendings.key(SENT.model_copy(update={"sending_id": None})) is None
