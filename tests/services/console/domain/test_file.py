"""A member's file: each look recorded with its purpose, values for a quarter of an hour, fraud looked into apart."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.console.domain import file_commands as c
from services.console.domain import file_events as e
from services.console.domain.file import PURPOSES, file
from services.console.domain.ids import InquiryId, PersonId, ReadId, StaffId
from services.console.domain.words import Document, Part, Purpose, Role
from shared.kernel import ERASED, Rejected
from shared.testing.spec import Spec

NOW = dt.datetime(2026, 11, 29, 9, 0, tzinfo=dt.UTC)
WHO: dict[str, Any] = {
    "at": NOW,
    "person_id": PersonId("p"),
    "reader": StaffId("a"),
    "reason": "a call",
    "ticket": "T1",
}
CHEF = {**WHO, "role": Role.SUPERVISOR}
INQUIRY = InquiryId("i")
OPENED = e.InquiryOpened(**CHEF, period="2026-11", inquiry_id=INQUIRY)
CLOSED = e.InquiryClosed(**CHEF, period="2026-11", inquiry_id=INQUIRY)


def read(role: Role = Role.AGENT, purpose: Purpose = Purpose.CALL) -> c.ReadFile:
    return c.ReadFile(**WHO, role=role, read_id=ReadId("r"), purpose=purpose, part=Part.ACCOUNT)


def was_read(role: Role = Role.AGENT, purpose: Purpose = Purpose.CALL, **more: Any) -> e.MemberFileRead:
    facts = {"read_id": ReadId("r"), "purpose": purpose, "part": Part.ACCOUNT, "period": "2026-11", "inquiry_id": None}
    return e.MemberFileRead(**WHO, role=role, **facts | more)


def test_a_look_is_recorded_every_time() -> None:
    Spec(file).when(read()).then(was_read())
    Spec(file).given(was_read()).when(read()).then(was_read())


@given(st.sampled_from(Role), st.sampled_from(Purpose))
def test_each_role_has_its_purposes(role: Role, purpose: Purpose) -> None:
    allowed = purpose in PURPOSES[role]
    open_file = Spec(file).given(OPENED).when(read(role, purpose))
    if allowed:
        [event] = file.decide(file.fold([OPENED]), read(role, purpose))
        assert isinstance(event, e.MemberFileRead)
        assert (event.inquiry_id is not None) is (purpose is Purpose.FRAUD)
    else:
        open_file.rejected("purpose-refused")


def test_a_look_for_fraud_belongs_to_an_inquiry_that_is_open() -> None:
    look = read(Role.SUPERVISOR, Purpose.FRAUD)
    Spec(file).when(look).rejected("inquiry-unknown")
    Spec(file).given(OPENED).when(look).then(was_read(Role.SUPERVISOR, Purpose.FRAUD, inquiry_id=INQUIRY))
    Spec(file).given(OPENED, CLOSED).when(look).rejected("inquiry-unknown")


def test_an_inquiry_is_opened_and_closed_by_supervisors() -> None:
    open_it = c.OpenInquiry(**CHEF, inquiry_id=INQUIRY)
    close_it = c.CloseInquiry(**CHEF)
    Spec(file).when(open_it).then(OPENED)
    Spec(file).given(OPENED).when(open_it).rejected("inquiry-open")
    Spec(file).given(OPENED).when(close_it).then(CLOSED)
    Spec(file).when(close_it).rejected("inquiry-unknown")
    for command in (open_it, close_it):
        Spec(file).given(OPENED).when(command.model_copy(update={"role": Role.AGENT})).rejected("role-refused")


def unmask(role: Role, purpose: Purpose) -> c.UnmaskValues:
    return c.UnmaskValues(**WHO, role=role, read_id=ReadId("u"), purpose=purpose)


def unmasked(role: Role, purpose: Purpose) -> e.ValuesUnmasked:
    until = NOW + dt.timedelta(minutes=15)
    facts = {"read_id": ReadId("u"), "purpose": purpose, "period": "2026-11", "inquiry_id": None}
    return e.ValuesUnmasked(**WHO, role=role, until=until, **facts)


@pytest.mark.parametrize(("role", "purpose"), [(Role.SUPERVISOR, Purpose.INCIDENT), (Role.AUDITOR, Purpose.AUDIT)])
def test_values_show_to_who_has_asked_for_a_quarter_of_an_hour(role: Role, purpose: Purpose) -> None:
    Spec(file).when(unmask(role, purpose)).then(unmasked(role, purpose))
    state = file.fold([unmasked(role, purpose)])
    assert state.shows_values(StaffId("a"), NOW + dt.timedelta(minutes=14, seconds=59))
    assert not state.shows_values(StaffId("a"), NOW + dt.timedelta(minutes=15))
    assert not state.shows_values(StaffId("b"), NOW)


@pytest.mark.parametrize("role", [Role.AGENT, Role.OPERATIONS])
def test_values_do_not_show_to_the_others(role: Role) -> None:
    Spec(file).when(unmask(role, Purpose.INCIDENT)).rejected("role-refused")


def test_a_reader_whose_month_is_destroyed_sees_nothing_any_more() -> None:
    gone = unmasked(Role.AUDITOR, Purpose.AUDIT).model_copy(update={"reader": ERASED})
    assert file.fold([gone]).unmasked == {}


def test_a_first_code_is_an_agents_and_the_second_agent_another() -> None:
    order = c.OrderFirstCode(**WHO, role=Role.AGENT, document=Document.PASSPORT)
    Spec(file).when(order).then(
        e.FirstCodeOrdered(**WHO, role=Role.AGENT, document=Document.PASSPORT, second=None, period="2026-11")
    )
    Spec(file).when(order.model_copy(update={"second": StaffId("a")})).rejected("second-person-needed")
    Spec(file).when(order.model_copy(update={"role": Role.SUPERVISOR})).rejected("role-refused")


def test_a_loss_by_phone_is_an_agents() -> None:
    command = c.TakeLossByPhone(**WHO, role=Role.AGENT, stolen=True)
    Spec(file).when(command).then(e.LossTakenByPhone(**WHO, role=Role.AGENT, stolen=True, period="2026-11"))
    Spec(file).when(command.model_copy(update={"role": Role.OPERATIONS})).rejected("role-refused")


@pytest.mark.parametrize("reason", ["", "  ", "ab", "x" * 501])
def test_nothing_happens_without_a_reason(reason: str) -> None:
    with pytest.raises((Rejected, ValueError)):
        c.ReadFile(
            **{**WHO, "reason": reason}, role=Role.AGENT, read_id=ReadId("r"), purpose=Purpose.CALL, part=Part.CARDS
        )
