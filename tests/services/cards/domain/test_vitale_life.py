"""What happens to a card beside its declaration: use, update, end of rights, doubts about the residence."""

import datetime as dt
from typing import Any

from services.cards.domain import commands as c
from services.cards.domain import events as e
from services.cards.domain.ids import NoticeId
from services.cards.domain.vitale import NOTICE, vitale
from services.cards.domain.words import Arrival, Cancellation, Reason
from shared.testing.spec import Spec
from tests.services.cards.sample import (
    AT,
    CANCELLED,
    DELIVERED,
    ISSUED,
    LATER,
    MEMBER,
    NEW_PROOF,
    OLD,
    OLD_PROOF,
    PERSON,
    PRODUCED,
    SENT,
    UNTIL_LOST,
    UNTIL_SENT,
    UNTIL_VALID,
    made,
    opposed,
)

card: Spec[Any, Any, Any] = Spec(vitale)
USE = c.RecordVitaleUsed(at=LATER, person_id=PERSON, serial_proof=OLD_PROOF, used_at=LATER)
UPDATE = c.RecordVitaleUpdated(at=LATER, person_id=PERSON, serial_proof=OLD_PROOF, updated_at=LATER)
UPDATED = e.VitaleUpdated(at=LATER, person_id=PERSON, card_id=OLD, updated_at=LATER)
MISUSED = e.VitaleUsedAfterOpposition(
    at=LATER, person_id=PERSON, card_id=OLD, reason=Reason.LOST, opposed_at=AT, used_at=LATER
)
END = c.EndVitaleRights(at=LATER, person_id=PERSON, ended_on=AT.date())
DOUBT = NoticeId(made("notice"))
NOTED = e.VitaleResidenceNoticeGiven(at=AT, person_id=PERSON, member_id=MEMBER, notice_id=DOUBT, opposes_at=AT + NOTICE)
WITHDRAWN = e.VitaleResidenceNoticeWithdrawn(at=AT, person_id=PERSON, notice_id=DOUBT)
GIVE = c.GiveVitaleResidenceNotice(at=AT, person_id=PERSON, member_id=MEMBER, notice_id=DOUBT)
WITHDRAW = c.WithdrawVitaleResidenceNotice(at=AT, person_id=PERSON, notice_id=DOUBT)
ENDED = opposed(Reason.RIGHTS_ENDED).model_copy(update={"declaration_id": None})


def at(moment: dt.datetime, event: Any) -> Any:
    opposing = {"opposed_at": moment} if isinstance(event, e.VitaleOpposed) else {}
    return event.model_copy(update={"at": moment, **opposing})


def expire(moment: dt.datetime) -> Any:
    return c.OpposeVitaleAfterNotice(at=moment, person_id=PERSON, notice_id=DOUBT)


def test_the_use_of_a_card_that_works_says_nothing_new() -> None:
    card.given(ISSUED).when(USE).nothing()
    card.given(*UNTIL_SENT, DELIVERED).when(USE.model_copy(update={"serial_proof": NEW_PROOF})).nothing()


def test_a_first_use_shows_that_the_card_has_arrived() -> None:
    used = USE.model_copy(update={"serial_proof": NEW_PROOF})
    arrived = DELIVERED.model_copy(update={"at": LATER, "arrival": Arrival.FIRST_USE})
    card.given(*UNTIL_SENT).when(used).then(arrived)


def test_the_use_of_a_dead_card_is_a_security_event_told_once() -> None:
    card.given(*UNTIL_LOST).when(USE).then(MISUSED)
    card.given(*UNTIL_LOST, MISUSED).when(USE).nothing()


def test_a_found_card_never_comes_back_whatever_is_done_with_it() -> None:
    assert vitale.fold([*UNTIL_LOST, MISUSED]).active is None
    card.given(*UNTIL_LOST).when(UPDATE).then(MISUSED)


def test_a_use_before_the_opposition_that_is_told_late_is_none() -> None:
    card.given(*UNTIL_LOST).when(USE.model_copy(update={"used_at": AT})).nothing()


def test_a_card_that_nobody_gave_is_unknown() -> None:
    card.given(ISSUED).when(USE.model_copy(update={"serial_proof": "serial:v1:none"})).rejected("vitale-unknown")


def test_a_terminal_brings_a_card_up_to_date() -> None:
    card.given(ISSUED).when(UPDATE).then(UPDATED)
    card.given(ISSUED, UPDATED).when(UPDATE).nothing()


def test_an_update_of_a_new_card_is_its_first_use() -> None:
    update = UPDATE.model_copy(update={"serial_proof": NEW_PROOF})
    arrived = DELIVERED.model_copy(update={"at": LATER, "arrival": Arrival.FIRST_USE})
    card.given(*UNTIL_SENT).when(update).then(arrived, UPDATED.model_copy(update={"card_id": SENT.card_id}))


def test_a_year_after_the_last_update_the_holder_is_reminded_once() -> None:
    remind = c.RemindVitaleUpdate(at=LATER, person_id=PERSON, card_id=OLD, since=AT)
    due = e.VitaleUpdateDue(at=LATER, person_id=PERSON, card_id=OLD, member_id=MEMBER)
    card.given(ISSUED).when(remind).then(due)
    card.given(ISSUED, due).when(remind).rejected("vitale-already-updated")
    card.given(ISSUED, UPDATED).when(remind).rejected("vitale-already-updated")
    card.given(*UNTIL_LOST).when(remind).rejected("vitale-already-opposed")


def test_the_end_of_rights_opposes_the_card_at_once() -> None:
    card.given(ISSUED).when(END).then(at(LATER, ENDED))
    card.given(ISSUED, ENDED).when(END).nothing()
    card.when(END).nothing()


def test_with_the_rights_end_the_orders_whose_card_is_not_in_the_post() -> None:
    cancelled = CANCELLED.model_copy(update={"at": LATER, "cause": Cancellation.RIGHTS_ENDED})
    card.given(*UNTIL_VALID).when(END).then(cancelled)
    card.given(*UNTIL_VALID, PRODUCED).when(END).then(cancelled)


def test_a_doubt_about_the_residence_opposes_no_earlier_than_day_45() -> None:
    card.given(ISSUED).when(GIVE).then(NOTED)
    card.given(ISSUED, NOTED).when(GIVE).nothing()
    card.given(ISSUED, NOTED).when(expire(AT + NOTICE - dt.timedelta(seconds=1))).rejected("vitale-notice-too-recent")
    card.given(ISSUED, NOTED).when(expire(AT + NOTICE)).then(at(AT + NOTICE, ENDED))


def test_a_doubt_that_is_withdrawn_opposes_nothing() -> None:
    card.given(ISSUED, NOTED).when(WITHDRAW).then(WITHDRAWN)
    card.given(ISSUED, NOTED, WITHDRAWN).when(WITHDRAW).nothing()
    card.given(ISSUED, NOTED, WITHDRAWN).when(expire(AT + NOTICE)).rejected("vitale-notice-withdrawn")


def test_one_doubt_at_a_time_and_only_about_a_card_that_works() -> None:
    other = GIVE.model_copy(update={"notice_id": NoticeId(made("other"))})
    card.given(ISSUED, NOTED).when(other).rejected("vitale-notice-already-given")
    card.given(*UNTIL_LOST).when(GIVE).rejected("vitale-unknown")
