"""The account a person is paid to: given what was known, when something is asked, then …"""

from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain import bank_commands as c
from services.identity.domain import bank_events as e
from services.identity.domain.bank_details import BankDetails, bank_details
from services.identity.domain.iban import masked_iban, short_mask
from shared.kernel import ERASED, Rejected
from shared.testing.spec import Spec
from tests.services.identity.bank_examples import (
    DOUBT,
    HOLD,
    NEW,
    NEXT_REQUEST,
    OLD,
    REQUEST,
    THIRD,
    UNBLOCKED,
    cancel,
    cancelled,
    changed,
    complete,
    completed,
    request,
    requested,
    stopped,
    told,
    unblock,
)
from tests.services.identity.examples import AS_OF, CLAIRE, DAY, NOW, after

nobody: Spec[BankDetails, c.BankCommand, e.BankEvent] = Spec(bank_details)
PAID = nobody.given(changed())
HELD = PAID.given(requested())
BLOCKED = HELD.given(cancelled())
OVER = NOW + HOLD


def test_the_account_of_the_register() -> None:
    nobody.when(told()).then(changed())
    PAID.when(told()).nothing()


def test_without_a_day_it_holds_since_the_register_names_it() -> None:
    nobody.when(told(since=None)).then(changed(since=AS_OF.date()))


def test_a_change_is_held() -> None:
    PAID.when(request()).then(requested())


def test_the_one_on_file_is_no_change() -> None:
    PAID.when(request(OLD)).rejected("iban-unchanged")


def test_one_change_at_a_time() -> None:
    HELD.when(request(THIRD, request_id=NEXT_REQUEST)).rejected("bank-change-pending")


def test_none_so_soon_after_a_change_of_hands() -> None:
    PAID.when(request(refused_until=after(seconds=1))).rejected("bank-change-too-soon")
    PAID.when(request(refused_until=NOW)).then(requested())


def test_somebody_elses_account_is_refused() -> None:
    PAID.when(request(holder=e.HolderVerdict.MISMATCH)).rejected("iban-holder-mismatch")


def test_after_the_hold_payments_go_there_and_not_before() -> None:
    HELD.when(complete(OVER - DAY)).rejected("bank-hold-not-over")
    HELD.when(complete(OVER)).then(completed())
    HELD.given(completed()).when(complete(OVER)).nothing()


def test_a_hold_that_was_cancelled_ends_in_nothing() -> None:
    BLOCKED.when(complete(OVER)).nothing()
    PAID.when(complete(OVER)).nothing()


def test_the_link_cancels_and_blocks() -> None:
    HELD.when(cancel()).then(cancelled())
    BLOCKED.when(cancel()).nothing()
    BLOCKED.when(request(request_id=NEXT_REQUEST)).rejected("bank-changes-blocked")


def test_the_member_may_change_his_mind() -> None:
    by_himself = e.CancelledBy.ACCOUNT
    HELD.when(cancel(by_himself)).then(cancelled(by_himself))
    again = HELD.given(cancelled(by_himself))
    again.when(request(THIRD, request_id=NEXT_REQUEST)).then(requested(THIRD, request_id=NEXT_REQUEST))


def test_too_late_or_never_asked() -> None:
    HELD.given(completed()).when(cancel()).rejected("bank-change-done")
    PAID.when(cancel()).rejected("bank-change-unknown")
    HELD.when(cancel(request_id=NEXT_REQUEST)).rejected("bank-change-unknown")


def test_the_desk_or_a_code_by_post_opens_changes_again() -> None:
    BLOCKED.when(unblock()).then(UNBLOCKED)
    BLOCKED.given(UNBLOCKED).when(unblock()).nothing()
    BLOCKED.given(UNBLOCKED).when(request(request_id=NEXT_REQUEST)).then(requested(request_id=NEXT_REQUEST))
    PAID.when(unblock()).nothing()


def test_another_account_of_the_register_stops_the_hold() -> None:
    later = told(THIRD, NOW.date())
    HELD.when(later).then(stopped(e.StoppedBy.REGISTER), changed(THIRD, NOW.date()))
    HELD.given(stopped(e.StoppedBy.REGISTER), changed(THIRD, NOW.date())).when(complete(OVER)).nothing()


def test_the_same_account_of_the_register_again_stops_nothing() -> None:
    HELD.when(told(as_of=AS_OF + DAY)).nothing()


def test_of_register_and_member_the_later_day_is_right() -> None:
    settled = HELD.given(completed())
    day = OVER.date()
    settled.when(told(THIRD, day - DAY)).nothing()
    settled.when(told(OLD)).nothing()
    settled.when(told(THIRD, day + DAY)).then(changed(THIRD, day + DAY))
    settled.when(told(NEW, day + DAY)).nothing()


def test_a_doubt_waits_for_the_desk() -> None:
    doubtful = PAID.given(requested(**DOUBT))
    doubtful.when(complete(OVER)).nothing()
    confirm = c.ConfirmBankHolder(at=after(hours=1), person_id=CLAIRE, request_id=REQUEST)
    confirmed = e.BankHolderConfirmed(**confirm.model_dump())
    doubtful.when(confirm).then(confirmed)
    doubtful.given(confirmed).when(confirm).nothing()
    doubtful.given(confirmed).when(complete(OVER)).then(completed())
    late = confirm.model_copy(update={"at": OVER + DAY})
    doubtful.when(late).then(e.BankHolderConfirmed(**late.model_dump()), completed(at=OVER + DAY))
    PAID.when(confirm).rejected("bank-change-unknown")


def test_the_desk_may_say_no() -> None:
    refuse = c.RefuseBankHolder(at=NOW, person_id=CLAIRE, request_id=REQUEST)
    doubtful = PAID.given(requested(**DOUBT))
    doubtful.when(refuse).then(stopped(e.StoppedBy.DESK))
    doubtful.given(stopped(e.StoppedBy.DESK)).when(refuse).nothing()
    PAID.when(refuse).rejected("bank-change-unknown")


def test_nothing_is_paid_to_an_erased_account() -> None:
    gone = requested().model_copy(update={"iban": ERASED})
    PAID.given(gone).when(complete(OVER)).rejected("person-erased")


def test_masks() -> None:
    assert masked_iban(NEW) == "FR76 •••• •••• •••• •••• ••90 189"
    assert masked_iban("BE68539007547034") == "BE68 •••• •••4 7034"
    assert short_mask(NEW) == "FR •• 89"


def test_no_mask_shows_what_opens_an_account() -> None:
    assert NEW[-7:] not in masked_iban(NEW).replace(" ", "")


COMMANDS = st.one_of(
    st.builds(
        lambda iban, days: told(iban, NOW.date() + days * DAY), st.sampled_from([OLD, NEW, THIRD]), st.integers(-2, 5)
    ),
    st.builds(
        lambda iban, request_id, holder: request(iban, request_id=request_id, holder=holder),
        st.sampled_from([OLD, NEW, THIRD]),
        st.sampled_from([REQUEST, NEXT_REQUEST]),
        st.sampled_from(e.HolderVerdict),
    ),
    st.builds(
        cancel,
        st.sampled_from(e.CancelledBy),
        st.sampled_from([REQUEST, NEXT_REQUEST]),
    ),
    st.sampled_from(
        [
            complete(OVER),
            complete(OVER, NEXT_REQUEST),
            unblock(),
            c.ConfirmBankHolder(at=NOW, person_id=CLAIRE, request_id=REQUEST),
            c.RefuseBankHolder(at=NOW, person_id=CLAIRE, request_id=REQUEST),
        ]
    ),
)


@given(st.lists(COMMANDS, max_size=15))
def test_payments_change_only_after_a_hold_or_by_the_register(commands: list[c.BankCommand]) -> None:
    history: list[e.BankEvent] = []
    for command in commands:
        before = bank_details.fold(history)
        try:
            decided = bank_details.decide(before, command)
        except Rejected:
            continue
        history += decided
        after_it = bank_details.fold(history)
        if after_it.iban != before.iban:
            assert isinstance(command, c.RecordRegisterIban | c.CompleteBankDetailsChange | c.ConfirmBankHolder)
        if not isinstance(command, c.RequestBankDetailsChange):
            assert bank_details.decide(after_it, command) == [] or isinstance(command, c.ConfirmBankHolder)
        assert not (after_it.blocked and isinstance(command, c.RequestBankDetailsChange))
