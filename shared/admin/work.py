"""/internal/work: what waits for the desk, in one shape over all services; a decision is one command of the owner."""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import AwareDatetime, StringConstraints
from pydantic import Field as Limits

from shared.envelope import Metadata
from shared.kernel import Issued, Rejected, Value
from shared.problems import Refused
from shared.security import Caller, agent_caller, desk_caller

if TYPE_CHECKING:
    from shared.service.running import Service

MOST: Final = 1000
"""Items of one kind that are read at once, as many as a query of a read model gives."""
Code = Annotated[str, StringConstraints(max_length=60)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
Agent = Annotated[Caller, Depends(agent_caller)]


class Field(Value):
    """What a decision needs besides its reason: one of these words, never a free text."""

    name: str
    choices: tuple[str, ...]


class Decision(Value):
    """What may be done with an item."""

    name: str
    fields: tuple[Field, ...] = ()


class WorkItem(Value):
    """Open as long as it is listed. One without decisions ends by itself, with what happens next."""

    kind: str
    id: str
    since: AwareDatetime
    person_id: str | None = None
    """Whose data it concerns; `member_id`: in whose account, where that is somebody else."""
    member_id: str | None = None
    summary: Mapping[str, str] = Limits(default_factory=dict)
    """Stable codes, dates and counts: never a name, an amount, a value of the file."""
    decisions: tuple[Decision, ...] = ()
    files: tuple[str, ...] = ()
    """Names under which an agent can look at what was sent."""


class WorkList(Value):
    """The oldest first. `full`: kinds of which no more are read at once; others wait behind those that are listed."""

    items: tuple[WorkItem, ...]
    full: tuple[str, ...] = ()


class Decided(Value):
    """What an agent has decided, and why."""

    decision: Code
    reason: Reason
    fields: Annotated[dict[Code, Code], Limits(max_length=10)] = Limits(default_factory=dict)


class Accepted(Value):
    """Where the decision stands."""

    stream: str
    version: int


@dataclass(frozen=True)
class Sent:
    """A file of an item."""

    content: bytes
    media_type: str


Open = Callable[[], Awaitable[Sequence[WorkItem]]]
Decide = Callable[[WorkItem, Decided, dt.datetime], Issued]
File = Callable[[WorkItem, str], Awaitable[Sent | None]]


async def no_file(_: WorkItem, __: str) -> Sent | None:
    """For work that is decided without looking at anything sent."""
    return None


def undecidable(_: WorkItem, __: Decided, ___: dt.datetime) -> Issued:
    """For items that end by themselves."""
    raise Rejected("decision-unknown")


@dataclass(frozen=True)
class Kind:
    """One kind of work of a service: what is open, and which command a decision is. A service lists its kinds."""

    name: str
    open: Open
    decide: Decide = undecidable
    file: File = no_file


def work_router(service: "Service", kinds: Sequence[Kind]) -> APIRouter:
    """The routes, through the console alone; who decides is the desk's agent."""
    router = APIRouter(prefix="/internal/work", dependencies=[Depends(desk_caller)])
    known: Final = {kind.name: kind for kind in kinds}

    async def found(kind: str, item_id: str) -> WorkItem:
        listed = await known[kind].open() if kind in known else ()
        item = next((one for one in listed if one.id == item_id), None)
        if item is None:
            raise Refused("work-unknown")
        return item

    @router.get("")
    async def work() -> WorkList:
        listed = {kind.name: (await kind.open())[:MOST] for kind in kinds}
        items = sorted((item for found in listed.values() for item in found), key=lambda item: (item.since, item.id))
        return WorkList(items=tuple(items), full=tuple(name for name, found in listed.items() if len(found) == MOST))

    @router.get("/{kind}/{item_id}/files/{name}")
    async def file(kind: str, item_id: str, name: str, _: Agent) -> Response:
        item = await found(kind, item_id)
        sent = await known[kind].file(item, name) if name in item.files else None
        if sent is None:
            raise Refused("not-found")
        return Response(sent.content, media_type=sent.media_type)

    @router.post("/{kind}/{item_id}/decision")
    async def decide(
        kind: str,
        item_id: str,
        form: Decided,
        request: Request,
        agent: Agent,
        idempotency_key: Annotated[uuid.UUID, Header()],
    ) -> Accepted:
        if before := await _answered(service, str(idempotency_key), agent.actor):
            return before
        item = await found(kind, item_id)
        _check(item, form)
        issued = known[kind].decide(item, form, service.clock.now())
        meta = Metadata(
            pk=item.person_id or issued.stream.partition(":")[2],
            actor=agent.actor,
            actor_kind=agent.actor_kind,
            correlation_id=request.state.correlation_id,
            member_id=item.member_id or item.person_id,
            person_id=item.person_id,
            channel="desk",
        )
        answer = await service.handle(issued.stream, issued.command, cmd=str(idempotency_key), meta=meta)
        return Accepted(stream=answer.stream, version=answer.version)

    return router


async def _answered(service: "Service", cmd: str, actor: str) -> Accepted | None:
    """A decision sent twice: its item is gone from the list, its answer is not."""
    commit = await service.store.command(cmd)
    if commit is None or commit["meta"].get("actor") != actor:
        return None
    return Accepted(stream=commit["s"], version=commit["v0"] + commit["n"] - 1)


def _check(item: WorkItem, form: Decided) -> None:
    decision = next((one for one in item.decisions if one.name == form.decision), None)
    if decision is None:
        raise Rejected("decision-unknown")
    asked = {field.name: field.choices for field in decision.fields}
    if form.fields.keys() != asked.keys() or any(form.fields[name] not in asked[name] for name in asked):
        raise Rejected("decision-fields-invalid")
