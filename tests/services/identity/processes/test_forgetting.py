"""What follows when somebody dies or is forgotten, and how the register moves the end of what is kept."""

import datetime as dt

from services.identity.domain import account_commands as standing
from services.identity.domain import erasure_commands as c
from services.identity.domain import erasure_events as e
from services.identity.domain import events as p
from services.identity.domain.account_events import CloseReason
from services.identity.processes.forgetting import AFTER_DEATH, Forgotten, Heard, forgetting
from shared.kernel import Issued
from tests.services.identity.erasure_examples import BACK, CANCELLED, DUE, ENDS, ERASED, OF
from tests.services.identity.examples import CLAIRE, NOW, updated

DIED = p.PersonDied(at=NOW, person_id=CLAIRE, died_on=NOW.date())
CLOSE = standing.CloseAccount(at=DUE, reason=CloseReason.ERASURE)


def after(*events: Heard) -> Forgotten:
    state = forgetting.initial
    for event in events:
        state = forgetting.evolve(state, event)
    return state


def follows(event: Heard, *before: Heard) -> list[Issued]:
    return forgetting.decide(after(*before), event)


def cover(until: dt.date | None, at: dt.datetime = NOW) -> Issued:
    return Issued(f"erasure:{CLAIRE}", c.RecordCover(at=at, person_id=CLAIRE, covered_until=until))


def test_the_account_of_whoever_is_forgotten_is_closed() -> None:
    assert follows(ERASED) == [Issued(f"account:{CLAIRE}", CLOSE)]


def test_what_the_register_has_said_since_the_request_counts() -> None:
    news = updated(rights_to=ENDS)
    assert follows(ERASED, news) == [Issued(f"account:{CLAIRE}", CLOSE), cover(ENDS, DUE)]


def test_the_register_moves_the_end_of_what_is_kept() -> None:
    news = updated(rights_to=ENDS)
    assert follows(news, ERASED) == [cover(ENDS)]
    assert follows(updated(), ERASED) == [cover(None)]
    assert follows(news) == []
    assert follows(news, ERASED, BACK) == []


def test_the_dead_are_forgotten_once_heirs_can_claim_no_more() -> None:
    [issued] = follows(DIED)
    command = issued.command
    assert isinstance(command, c.RequestErasure)
    assert (command.by, command.due_at, command.covered_until) == (e.RequestedBy.DEATH, NOW + AFTER_DEATH, NOW.date())
    assert follows(DIED) == [issued]  # told twice it is one request


def test_taken_back_by_the_link_all_sessions_end() -> None:
    by_link = e.ErasureCancelled(at=NOW, **OF, by=e.CancelledBy.LINK)
    assert follows(by_link) == [Issued(f"account:{CLAIRE}", standing.EndSessions(at=NOW))]
    assert follows(CANCELLED) == []
