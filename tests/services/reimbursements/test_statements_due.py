"""A month's statement is made when it falls due, once, and the reader who has not asked for it is told."""

import base64
import datetime as dt
from typing import cast

import httpx
import pytest

from services.reimbursements.domain import events as e
from services.reimbursements.domain import statements as s
from services.reimbursements.domain.statements import statements
from services.reimbursements.read_models.statement_deadlines import statement_deadlines
from services.reimbursements.worker import effects
from shared.deadlines import Deadline
from shared.effects import Deferred
from shared.service import Service
from shared.testing.spec import Spec
from tests.services.in_memory import InMemoryService
from tests.services.reimbursements.conftest import Feeding
from tests.services.reimbursements.files import lot_line
from tests.services.reimbursements.sample import AT, HOUSEHOLD, MEMBER, line

D = dt.date
OCTOBER = s.StatementDue(at=AT, person_id=MEMBER, month="2026-10")


def paid(paid_on: dt.date, at: dt.datetime = AT, number: int = 1) -> e.PaymentIssued:
    payment = e.Paid(to_member=1900, to_professionals=0, account=None)
    return e.PaymentIssued(
        at=at, person_id=MEMBER, household_id=HOUSEHOLD, number=number, paid_on=paid_on, lot="1", payment=payment
    )


def due(*events: e.PaymentIssued) -> Deadline | None:
    deadline: Deadline | None = None
    for event in events:
        deadline = statement_deadlines.evolve(deadline, event)
    return deadline


@pytest.mark.parametrize(("paid_on", "day"), [(D(2026, 11, 1), D(2026, 12, 3)), (D(2026, 12, 31), D(2027, 1, 3))])
def test_it_falls_due_on_the_third_of_the_next_month(paid_on: dt.date, day: dt.date) -> None:
    deadline = due(paid(paid_on, dt.datetime(paid_on.year, paid_on.month, paid_on.day, tzinfo=dt.UTC)))
    assert deadline is not None
    assert deadline.due_at == dt.datetime(day.year, day.month, day.day, 4, tzinfo=dt.UTC)
    assert (deadline.command, deadline.data["month"]) == ("CallStatement", f"{paid_on:%Y-%m}")


def test_not_before_a_day_without_another_payment_of_the_month() -> None:
    first, second = due(paid(D(2026, 10, 20))), due(paid(D(2026, 10, 20)), paid(D(2026, 10, 30), AT, 2))
    assert first is not None
    assert second is not None
    assert first.due_at == second.due_at == AT + dt.timedelta(days=1)
    assert first.cmd == second.cmd


def test_what_a_file_brings_of_past_years_makes_none_due() -> None:
    assert due(paid(AT.date() - dt.timedelta(days=46))) is None
    assert due(paid(AT.date() - dt.timedelta(days=45))) is not None


def test_it_is_called_once_and_not_before_its_month_is_over() -> None:
    spec, call = Spec(statements), s.CallStatement(at=AT, person_id=MEMBER, month="2026-10")
    spec.when(call).then(OCTOBER)
    spec.when(call.model_copy(update={"month": "2026-11"})).rejected("statement-month-not-over")
    issued = s.StatementIssued(
        at=AT, person_id=MEMBER, reader_id=MEMBER, month="2026-10", numbers=(1,), renderer="r", template=1,
        summary=s.Summary(blocks=(), total=0, year_before=None),
    )  # fmt: skip
    spec.given(issued).when(call).then()


async def make(service: InMemoryService) -> list[s.StatementIssued]:
    [effect] = effects(cast("Service", service))
    await effect.run(OCTOBER, "")
    assert await effect.was_accepted("") is False
    return [one for one in await service.events() if isinstance(one, s.StatementIssued)]


async def test_it_is_the_file_that_the_reader_gets(
    feed: Feeding, service: InMemoryService, http: httpx.AsyncClient
) -> None:
    await feed(lot_line(line(), paid_on=D(2026, 10, 20)))
    [issued] = await make(service)
    assert (issued.due, issued.numbers) == (True, (1,))
    answers = [await http.get(f"/persons/{MEMBER}/statements/2026-10") for _ in range(2)]
    assert base64.b64decode(answers[0].json()["content"]).startswith(b"%PDF")
    assert answers[0].json() == answers[1].json()
    assert len(await make(service)) == 1


async def test_one_that_was_asked_for_before_stays_as_it_is(
    feed: Feeding, service: InMemoryService, http: httpx.AsyncClient
) -> None:
    await feed(lot_line(line(), paid_on=D(2026, 10, 20)))
    await http.get(f"/persons/{MEMBER}/statements/2026-10")
    [issued] = await make(service)
    assert not issued.due


async def test_nothing_to_show_makes_no_statement(service: InMemoryService) -> None:
    assert await make(service) == []


async def test_it_waits_for_read_models_that_are_behind(feed: Feeding, service: InMemoryService) -> None:
    await feed(lot_line(line(), paid_on=D(2026, 10, 20)))
    service.queries.missing = 1
    with pytest.raises(Deferred):
        await make(service)
