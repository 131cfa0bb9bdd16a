"""What waits for the desk here: reported lines, lots that wait or fell out, files of which lines were set aside."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter

from services.reimbursements.answers.days import today, window
from services.reimbursements.answers.history import load
from services.reimbursements.api.rows import Detail, detail
from services.reimbursements.domain.ids import PersonId
from services.reimbursements.domain.signals import DecideSignal, Motive
from services.reimbursements.domain.signals import Decision as Outcome
from services.reimbursements.read_models.work_list import Waiting, WorkKind, work_list
from shared.admin import Decided, Decision, Kind, Sent, WorkItem, work_router
from shared.feeds.set_aside import set_aside_lines, set_aside_work
from shared.kernel import Erased, Issued, Value
from shared.service import Service

REPORT: Final = "report"
SET_ASIDE: Final = set_aside_lines("reimbursements")
FEEDS: Final = ("settlements",)
DECISIONS: Final = tuple(Decision(name=outcome.value) for outcome in Outcome)


class Report(Value):
    """What an agent looks at: the member's words, and the line that they are about (None: beyond the history)."""

    motive: Motive
    account: str
    line: Detail | None


def router(service: Service) -> APIRouter:
    """All kinds of work of this service."""

    def kind(name: WorkKind) -> Kind:
        async def listed() -> Sequence[WorkItem]:
            return [_item(one) for one in await service.queries.find(work_list, kind=name)]

        if name is not WorkKind.REPORTED_LINE:
            return Kind(name, listed)
        return Kind(name, listed, _about_line, report)

    async def report(item: WorkItem, _: str) -> Sent | None:
        found = await service.queries.get(work_list, item.id)
        if found is None or found.line_id is None or found.motive is None:
            return None
        person = PersonId(str(item.person_id))
        history = await load(service, person, [person], window(today(service)))
        account = found.account.value if isinstance(found.account, Erased) else found.account
        content = Report(motive=found.motive, account=account, line=detail(history, found.line_id))
        return Sent(content.model_dump_json().encode(), "application/json")

    return work_router(service, [*map(kind, WorkKind), set_aside_work(service, SET_ASIDE, FEEDS)])


def _item(waiting: Waiting) -> WorkItem:
    reported = waiting.kind is WorkKind.REPORTED_LINE
    return WorkItem(
        kind=waiting.kind,
        id=waiting.item_id,
        since=waiting.since,
        person_id=waiting.person_id,
        member_id=waiting.member_id,
        summary=waiting.summary,
        decisions=DECISIONS if reported else (),
        files=(REPORT,) if reported else (),
    )


def _about_line(item: WorkItem, form: Decided, now: dt.datetime) -> Issued:
    return Issued(f"signal:{item.id}", DecideSignal(at=now, decision=Outcome(form.decision)))
