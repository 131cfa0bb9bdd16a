"""A provisional code: given what happened, when it is asked something, then …"""

import datetime as dt
from typing import Any

from services.identity.domain import provisional as p
from services.identity.domain.ids import EnrolmentId, ProvisionalCodeId
from shared.testing.spec import Spec
from tests.services.identity.examples import NOW, WHOSE, after

FIRST, SECOND = ProvisionalCodeId("c-1"), ProvisionalCodeId("c-2")
ENROLMENT, OTHER = EnrolmentId("e-1"), EnrolmentId("e-2")

a_person: Spec[p.Provisional, p.ProvisionalCommand, p.ProvisionalEvent] = Spec(p.provisional)


def new(code: ProvisionalCodeId = FIRST, at: dt.datetime = NOW) -> dict[str, Any]:
    return {"at": at, **WHOSE, "code_id": code, "expires_at": at + dt.timedelta(days=30)}


def use(
    code: ProvisionalCodeId = FIRST, at: dt.datetime = NOW, enrolment: EnrolmentId = ENROLMENT
) -> p.UseProvisionalCode:
    return p.UseProvisionalCode(at=at, code_id=code, enrolment_id=enrolment)


USED = p.ProvisionalCodeUsed(at=NOW, **WHOSE, code_id=FIRST, enrolment_id=ENROLMENT)
asked = a_person.given(p.ProvisionalCodeRequested(**new()))


def test_a_code_is_sent() -> None:
    a_person.when(p.RequestProvisionalCode(**new())).then(p.ProvisionalCodeRequested(**new()))


def test_while_a_letter_is_under_way_nothing_is_sent_and_nothing_voided() -> None:
    soon, then = after(days=8) - dt.timedelta(seconds=1), after(days=8)
    asked.when(p.RequestProvisionalCode(**new(SECOND, soon))).nothing()
    asked.when(p.RequestProvisionalCode(**new(SECOND, then))).then(p.ProvisionalCodeRequested(**new(SECOND, then)))


def test_after_its_use_another_may_be_asked_for_at_once() -> None:
    at = after(days=1)
    asked.given(USED).when(p.RequestProvisionalCode(**new(SECOND, at))).then(
        p.ProvisionalCodeRequested(**new(SECOND, at))
    )


def test_three_letters_a_year_then_the_desk() -> None:
    days = (0, 30, 60)
    many = a_person.given(
        *(p.ProvisionalCodeRequested(**new(ProvisionalCodeId(f"{day}"), after(days=day))) for day in days)
    )
    many.when(p.RequestProvisionalCode(**new(SECOND, after(days=364)))).rejected("provisional-codes-exhausted")
    late = new(SECOND, after(days=365))
    many.when(p.RequestProvisionalCode(**late)).then(p.ProvisionalCodeRequested(**late))
    at_the_desk = {**new(SECOND, after(days=90)), "document": p.IdentityDocument.PASSPORT, "account_exists": False}
    by_hand = p.HandOverProvisionalCode(**at_the_desk, first_agent="agent-1")
    many.when(by_hand).then(p.ProvisionalCodeHandedOver(**at_the_desk))


def test_two_agents_where_an_account_stands() -> None:
    seen = {**new(), "document": p.IdentityDocument.IDENTITY_CARD, "account_exists": True}
    for second in (None, "agent-1"):
        alone = p.HandOverProvisionalCode(**seen, first_agent="agent-1", approved_by=second)
        a_person.when(alone).rejected("second-agent-required")
    both = p.HandOverProvisionalCode(**seen, first_agent="agent-1", approved_by="agent-2")
    a_person.when(both).then(p.ProvisionalCodeHandedOver(**seen, approved_by="agent-2"))


def test_what_was_printed_at_the_desk_is_not_on_its_way() -> None:
    handed = p.ProvisionalCodeHandedOver(**new())
    a_person.given(handed).when(p.RecordCodePosted(at=after(days=1), code_id=FIRST)).nothing()


def test_how_far_the_last_code_is() -> None:
    posted = p.ProvisionalCodePosted(at=after(days=1), **WHOSE, code_id=FIRST)
    sent, soon = p.ProvisionalCodeRequested(**new()), after(days=2)
    assert p.provisional.fold([]).stage(soon) is None
    assert p.provisional.fold([sent]).stage(soon) is p.Stage.REQUESTED
    assert p.provisional.fold([sent, posted]).stage(soon) is p.Stage.POSTED
    assert p.provisional.fold([sent, posted, USED]).stage(after(days=90)) is p.Stage.USED
    assert p.provisional.fold([sent, posted]).stage(after(days=30)) is p.Stage.EXPIRED
    assert p.provisional.fold([p.ProvisionalCodeHandedOver(**new())]).stage(soon) is p.Stage.HANDED_OVER


def test_a_code_works_once_for_thirty_days() -> None:
    asked.when(use()).then(USED)
    asked.when(use(at=after(days=30))).rejected("provisional-code-invalid")
    asked.given(USED).when(use(enrolment=OTHER)).rejected("provisional-code-invalid")
    asked.given(USED).when(use(at=after(minutes=5))).nothing()
    a_person.when(use()).rejected("provisional-code-invalid")


def test_its_letter_is_posted_once_and_a_replaced_one_troubles_nobody() -> None:
    note = p.RecordCodePosted(at=after(days=2), code_id=FIRST)
    posted = p.ProvisionalCodePosted(at=after(days=2), **WHOSE, code_id=FIRST)
    asked.when(note).then(posted)
    asked.given(posted).when(note).nothing()
    asked.given(posted).when(use(at=after(days=3))).then(USED.model_copy(update={"at": after(days=3)}))
    asked.given(p.ProvisionalCodeRequested(**new(SECOND, after(days=9)))).when(note).nothing()
    a_person.when(note).nothing()


def test_a_new_code_replaces_the_one_before() -> None:
    replaced = asked.given(p.ProvisionalCodeHandedOver(**new(SECOND, after(days=1))))
    replaced.when(use(at=after(days=2))).rejected("provisional-code-invalid")
    used = USED.model_copy(update={"at": after(days=2), "code_id": SECOND})
    replaced.when(use(SECOND, after(days=2))).then(used)
