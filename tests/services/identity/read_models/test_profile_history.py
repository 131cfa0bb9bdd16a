"""Who changed what, and when: the same whatever the order in which two streams are read."""

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain import bank_events as b
from services.identity.domain import events as e
from services.identity.domain.dependants import ViewReason
from services.identity.domain.ids import AddressChangeId
from services.identity.domain.register import Doctor
from services.identity.read_models import address_holds, seen_persons
from services.identity.read_models.profile_history import By, Change, ProfileHistory, Shown, evolve
from shared.kernel import ERASED
from shared.personal_data import personal_fields
from tests.services.identity.bank_examples import cancelled, changed, completed, requested, stopped
from tests.services.identity.examples import AS_OF, CLAIRE, DAY, NOW, PAUL, after, facts, posted, registered

UPDATED = e.PersonUpdated(
    at=after(hours=1), **facts(as_of=AS_OF + DAY, surname="MARTIN", doctor=Doctor(name="Dr Satie", rpps=None))
)
MOVED = e.AddressChanged(
    at=after(hours=2),
    person_id=CLAIRE,
    change_id=AddressChangeId("66666666-6666-4666-8666-666666666666"),
    address=facts()["address"],
    previous=facts()["address"],
    since=NOW.date(),
    post_from=after(days=15),
)
CONFIRMED = posted().model_copy(update={"at": after(days=15), "source": e.AddressSource.MEMBER})
GRANTED = e.ViewGranted(at=after(hours=3), viewer_id=PAUL, person_id=CLAIRE, reason=ViewReason.PARENT)
ENDED = e.ViewEnded(at=after(hours=4), viewer_id=PAUL, person_id=CLAIRE, reason=ViewReason.MAJORITY)
OF_PERSON: list[Shown] = [registered(), UPDATED, MOVED, GRANTED, ENDED, CONFIRMED]
OF_BANK: list[Shown] = [changed(), requested(), completed()]


def fold(events: list[Shown]) -> ProfileHistory | None:
    history = None
    for event in events:
        history = evolve(history, event)
    return history


def told(event: Shown) -> tuple[str, By]:
    [change] = evolve(None, event).changes
    return change.what, change.by


def test_an_update_says_what_it_changes_and_no_value() -> None:
    history = fold([registered(), UPDATED])
    assert history is not None
    assert history.changes == (
        Change(what="doctor", at=UPDATED.at, by=By.REGISTER),
        Change(what="civil-status", at=UPDATED.at, by=By.REGISTER),
        Change(what="registered", at=NOW, by=By.REGISTER),
    )
    assert set(personal_fields(ProfileHistory)) == {"known", "posted"}


def test_by_whose_act() -> None:
    assert told(MOVED) == ("address", By.MEMBER)
    assert told(CONFIRMED) == ("address-confirmed", By.TIME)
    assert told(posted()) == ("address-confirmed", By.REGISTER)
    assert told(ENDED) == ("view-ended-majority", By.TIME)
    assert told(ENDED.model_copy(update={"reason": ViewReason.LINK_ENDED})) == ("view-ended-link-ended", By.REGISTER)
    assert told(requested()) == ("bank-change-requested", By.MEMBER)
    assert told(cancelled()) == ("bank-change-cancelled", By.LINK)
    assert told(cancelled(b.CancelledBy.ACCOUNT)) == ("bank-change-cancelled", By.MEMBER)
    assert told(stopped(b.StoppedBy.DESK)) == ("bank-change-stopped", By.DESK)
    assert told(stopped(b.StoppedBy.REGISTER)) == ("bank-change-stopped", By.REGISTER)
    assert told(changed()) == ("bank-details", By.REGISTER)
    request_id, whose = requested().request_id, {"at": NOW, "person_id": CLAIRE}
    assert told(b.BankHolderConfirmed(**whose, request_id=request_id)) == ("bank-holder-confirmed", By.DESK)
    assert told(b.BankChangesUnblocked(**whose, by=b.UnblockedBy.DESK)) == ("bank-changes-unblocked", By.DESK)
    assert told(b.BankChangesUnblocked(**whose, by=b.UnblockedBy.LETTER)) == ("bank-changes-unblocked", By.MEMBER)
    assert told(completed()) == ("bank-details", By.MEMBER)


def test_of_an_erased_person_nothing_is_compared() -> None:
    history = evolve(None, registered()).model_copy(update={"known": ERASED})
    assert evolve(history, UPDATED).changes[0].what == "registered"


@given(st.lists(st.booleans(), min_size=len(OF_PERSON) + len(OF_BANK), max_size=len(OF_PERSON) + len(OF_BANK)))
def test_two_streams_in_any_interleaving(choices: list[bool]) -> None:
    person, bank = iter(OF_PERSON), iter(OF_BANK)
    mixed: list[Shown] = []
    for first in choices:
        event = next(person if first else bank, None) or next(bank if first else person)
        mixed.append(event)
    history = fold(mixed)
    assert history == fold([*OF_PERSON, *OF_BANK])
    assert history is not None
    assert all(one.at >= other.at for one, other in pairwise(history.changes))


def test_pairs_come_and_go() -> None:
    pair = seen_persons.evolve(None, GRANTED)
    assert pair is not None
    assert seen_persons.seen_persons.key(GRANTED) == seen_persons.pair(pair.viewer_id, pair.person_id)
    assert seen_persons.evolve(pair, ENDED) is None


def test_the_deadline_of_a_new_address() -> None:
    deadline = address_holds.evolve(None, MOVED)
    assert deadline is not None
    assert (deadline.due_at, deadline.cmd) == (NOW + dt.timedelta(days=15), MOVED.change_id)
    assert address_holds.evolve(deadline, CONFIRMED) is None
