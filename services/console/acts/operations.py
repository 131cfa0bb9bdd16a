"""What operations order of a service: recorded here first, carried out there, whether anybody follows or not."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from services.console.acts import two_persons
from services.console.acts.office import By, Office
from services.console.clients import operations as ops
from services.console.clients.lines import Lines
from services.console.domain.ids import ApprovalId
from services.console.domain.operations import OPERATORS, Act, OperationId, OrderOperation
from services.console.domain.words import Action, Reason, Ticket
from shared.kernel import Rejected, Value
from shared.web.channel import Channel

WISHES: Final[Mapping[Act, str]] = {Act.PAUSE: "paused", Act.CONTINUE: "running", Act.CANCEL: "cancelled"}


class Why(Value):
    """Said with every act."""

    reason: Reason
    ticket: Ticket = ""


class JobWanted(Value):
    """What a worker is asked to do, as shared.admin.jobs has it."""

    kind: Act
    projection: str = ""
    person: str = ""
    since: str = ""
    limit: float = 0
    again: bool = False


@dataclass(frozen=True)
class Desk:
    """One operator at one service."""

    office: Office
    lines: Lines
    by: By
    service: str

    @property
    def line(self) -> Channel:
        """To the service.

        Raises:
            Rejected: `service-unknown`.
        """
        if self.service not in self.lines.channels:
            raise Rejected("service-unknown")
        return self.lines.to(self.service)

    async def order(self, act: Act, target: str, why: Why, once: str = "", **facts: Any) -> None:
        """Record an act; `once`: under this id, however often it is tried.

        Raises:
            Rejected: `role-refused`, `service-unknown`.
        """
        _ = self.line
        operation_id = OperationId(once or self.by.cmd)
        command = OrderOperation(
            at=self.office.clock.now(),
            operation_id=operation_id,
            service=self.service,
            act=act,
            target=target,
            facts={name: str(value) for name, value in facts.items() if value not in ("", None)},
            ordered_by=self.by.staff_id,
            role=self.by.role,
            **why.model_dump(),
        )
        meta = self.by.meta(operation_id)
        await self.office.service.handle(f"operation:{operation_id}", command, cmd=self.by.cmd, meta=meta)


async def start(desk: Desk, wanted: JobWanted, why: Why) -> str:
    """Have a worker count, replay, compare or reconcile; the job's id.

    Raises:
        Refused: `scope-invalid`, `projection-unknown`.
    """
    facts = wanted.model_dump(exclude={"kind", "projection"}, exclude_defaults=True)
    await desk.order(wanted.kind, wanted.projection, why, **facts)
    body = wanted.model_dump(mode="json")
    path = "/internal/ops/jobs"
    return (await desk.line.command(desk.by.who, path, ops.Named, command_id=desk.by.cmd, body=body)).id


async def wish(desk: Desk, job_id: str, act: Act, why: Why) -> None:
    """Pause a job, let it go on, or cancel it.

    Raises:
        Refused: `job-unknown`, `job-over`, `job-not-running`.
    """
    await desk.order(act, job_id, why)
    path = f"/internal/ops/jobs/{quote(job_id, safe='')}/{WISHES[act]}"
    await desk.line.ask(desk.by.who, path, ops.Requested, body={})


async def throttle(desk: Desk, job_id: str, limit: float, why: Why) -> None:
    """Let a replay under way go at so many events a second; 0: as fast as it can.

    Raises:
        Refused: `job-unknown`, `job-over`, `job-not-running`.
    """
    await desk.order(Act.THROTTLE, job_id, why, limit=limit)
    path = f"/internal/ops/jobs/{quote(job_id, safe='')}/limit"
    await desk.line.ask(desk.by.who, path, ops.Requested, body={"limit": limit})


async def flip(desk: Desk, projection: str, why: Why) -> bool:
    """Let readers see the version that the code of today fills."""
    await desk.order(Act.FLIP, projection, why)
    path = f"/internal/ops/flip/{quote(projection, safe='')}"
    return (await desk.line.ask(desk.by.who, path, ops.Moved, body={})).flipped


async def roll_back(desk: Desk, projection: str, why: Why) -> bool:
    """Let readers see what they saw before the last flip."""
    await desk.order(Act.ROLL_BACK, projection, why)
    path = f"/internal/ops/rollback/{quote(projection, safe='')}"
    return (await desk.line.ask(desk.by.who, path, ops.Moved, body={})).rolled_back


async def preview(desk: Desk, consumer: str, error: str, cap: int) -> ops.Retried:
    """How many keys a retry would try; nothing is changed."""
    body = {"consumer": consumer, "error": error, "cap": cap}
    return await desk.line.ask(desk.by.who, "/internal/ops/parked-groups/retry", ops.Retried, body=body)


async def retry(desk: Desk, consumer: str, error: str, cap: int, why: Why) -> ops.Retried:
    """Try the keys of one class of error again, the oldest first, so many at most."""
    await desk.order(Act.RETRY, consumer, why, error=error, cap=cap)
    body = {"consumer": consumer, "error": error, "cap": cap, "do": True, "reason": why.reason}
    return await desk.line.ask(desk.by.who, "/internal/ops/parked-groups/retry", ops.Retried, body=body)


async def retry_one(desk: Desk, row_id: str, why: Why) -> None:
    """Try one key again.

    Raises:
        Refused: `not-parked`.
    """
    await desk.order(Act.RETRY, row_id, why)
    await _tell(desk, row_id, "retry", why.reason)


async def ask_to_skip(desk: Desk, row_id: str, why: Why) -> ApprovalId:
    """Ask for a second person, without whom no event is passed over.

    Raises:
        Rejected: `role-refused`, `not-parked`.
    """
    row = await _parked(desk, row_id)
    if row is None:
        raise Rejected("not-parked")
    facts = {"service": desk.service, "parked": row_id, "version": str(row.version), "error": row.error}
    return await two_persons.ask(desk.office, desk.by, Action.SKIP_PARKED, facts, why.reason, ticket=why.ticket)


async def skip(office: Office, lines: Lines, by: By, approval_id: str, why: Why) -> None:
    """Pass over the very event that another has agreed to: the agreement is used up, recorded as ordered, then told.

    Killed in between, it goes on from there when it is asked for again.

    Raises:
        Rejected: `approval-unknown`, `approval-missing`, `approval-used`, `approval-expired`, `not-parked`.
        Refused: `role-refused`.
    """
    by.needs(*OPERATORS)
    agreed = await two_persons.given(office, approval_id, Action.SKIP_PARKED)
    request = agreed.request
    assert request is not None
    desk = Desk(office, lines, by, request.facts["service"])
    row_id = request.facts["parked"]
    row = await _parked(desk, row_id)
    waits = row is not None and str(row.version) == request.facts["version"]
    if agreed.closed and (row is None or not waits or row.request is not None):
        raise Rejected("approval-used")
    if not waits:
        raise Rejected("not-parked")
    if not agreed.closed:
        await two_persons.use(office, by.part("use"), approval_id)
    await desk.order(
        Act.SKIP, row_id, why, once=str(uuid.uuid5(uuid.UUID(approval_id), "skip")), approval_id=approval_id
    )
    await _tell(desk, row_id, "skip", why.reason)


async def _parked(desk: Desk, row_id: str) -> ops.Parked | None:
    rows = await ops.get(desk.line, desk.by.who, "ops/parked", ops.Parked)
    return next((one for one in rows if one.id == row_id), None)


async def _tell(desk: Desk, row_id: str, action: str, reason: str) -> None:
    path = f"/internal/ops/parked/{quote(row_id, safe='')}"
    await desk.line.ask(desk.by.who, path, ops.Requested, body={"action": action, "reason": reason})
