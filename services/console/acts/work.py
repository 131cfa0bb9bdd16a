"""The desk's work over all services: listed with age and owner, taken, looked at, decided, each with a reason."""

import asyncio
from collections.abc import Mapping

from services.console.acts import reading
from services.console.acts.finding import household
from services.console.acts.office import By, Office
from services.console.acts.reading import Why
from services.console.clients.lines import Lines
from services.console.clients.work import Item
from services.console.domain import work as w
from services.console.domain.ids import StaffId
from services.console.domain.words import Part, Purpose, Role
from services.console.read_models.work_held import WorkHeld, work_held
from shared.command_handler import Answer
from shared.kernel import Rejected, Value
from shared.web.channel import Refused, ServiceDown


class Listed(Value):
    """One item, and who sees to it."""

    service: str
    item: Item
    owner: StaffId | None = None


class WorkList(Value):
    """The oldest first; `down`: services that did not say what they have; `full`: kinds of which more wait."""

    items: tuple[Listed, ...]
    down: tuple[str, ...]
    full: tuple[str, ...] = ()


async def listed(office: Office, lines: Lines, by: By) -> WorkList:
    """All that is open."""
    by.needs(Role.AGENT, Role.SUPERVISOR)
    names = list(lines.work)
    found = await asyncio.gather(*(lines.work[name].items(by.who) for name in names), return_exceptions=True)
    owners = await _owners(office)
    items: list[Listed] = []
    down: list[str] = []
    full: list[str] = []
    for name, answer in zip(names, found, strict=True):
        match answer:
            case ServiceDown() | Refused():
                down.append(name)
            case BaseException():
                raise answer
            case _:
                items += [_listed(name, item, owners) for item in answer.items]
                full += answer.full
    return WorkList(items=tuple(sorted(items, key=lambda one: one.item.since)), down=tuple(down), full=tuple(full))


async def take(office: Office, lines: Lines, by: By, service: str, kind: str, item_id: str) -> Answer:
    """See to an item; nobody sees to his own or a relative's.

    Raises:
        Rejected: `work-taken`, `work-unknown`. Refused: `own-file`.
    """
    by.needs(Role.AGENT)
    item = await one(lines, by, service, kind, item_id)
    if item.person_id is not None:
        await reading.not_his_own(office, by, item.person_id, household(lines))
    command = w.TakeWork(at=office.clock.now(), service=service, kind=kind, item_id=item_id, owner=by.staff_id)
    return await _handle(office, by, command)


async def release(office: Office, by: By, service: str, kind: str, item_id: str) -> Answer:
    """Leave it to others."""
    command = w.ReleaseWork(at=office.clock.now(), service=service, kind=kind, item_id=item_id, owner=by.staff_id)
    return await _handle(office, by, command)


async def decide(
    office: Office,
    lines: Lines,
    by: By,
    service: str,
    kind: str,
    item_id: str,
    decision: str,
    reason: str,
    *,
    fields: Mapping[str, str],
    ticket: str = "",
) -> None:
    """Decide an item that one has taken: recorded here, then told to the service that it is of.

    Raises:
        Rejected: `work-not-taken`, `work-unknown`, `decision-unknown`.
    """
    by.needs(Role.AGENT)
    item = await one(lines, by, service, kind, item_id)
    if item.decision(decision) is None:
        raise Rejected("decision-unknown")
    facts = {"service": service, "kind": kind, "item_id": item_id, "owner": by.staff_id}
    command = w.DecideWork.model_validate(
        {**facts, "at": office.clock.now(), "decision": decision, "reason": reason, "ticket": ticket}
    )
    await _handle(office, by.part("decision"), command)
    await lines.work[service].decide(by.who, by.made("command"), item, decision, reason, fields)


async def file(office: Office, lines: Lines, by: By, service: str, kind: str, item_id: str, name: str) -> bytes:
    """A file that was sent: recorded, then fetched.

    Raises:
        Rejected: `work-not-taken`, `work-unknown`.
    """
    by.needs(Role.AGENT)
    item = await one(lines, by, service, kind, item_id)
    state: w.Work = (await office.service.state(w.work_stream(service, kind, item_id)))[0]
    if state.owner != by.staff_id:
        raise Rejected("work-not-taken")
    if item.person_id is not None:
        why = Why(purpose=Purpose.REQUEST, reason=f"work {kind}", ticket=item_id)
        await reading.read(office, by, item.person_id, Part.DOCUMENTS, why, household(lines))
    return await lines.work[service].file(by.who, item, name)


async def one(lines: Lines, by: By, service: str, kind: str, item_id: str) -> Item:
    """An item that is open.

    Raises:
        Rejected: `work-unknown`.
    """
    line = lines.work.get(service)
    items = (await line.items(by.who)).items if line else ()
    found = next((item for item in items if (item.kind, item.id) == (kind, item_id)), None)
    if found is None:
        raise Rejected("work-unknown")
    return found


async def owner(office: Office, service: str, kind: str, item_id: str) -> StaffId | None:
    """Who sees to it now."""
    state: w.Work = (await office.service.state(w.work_stream(service, kind, item_id)))[0]
    now = office.clock.now()
    return state.owner if state.since is not None and now < state.since + w.KEPT else None


async def _owners(office: Office) -> dict[str, StaffId]:
    held: list[WorkHeld] = await office.queries.find(work_held)
    now = office.clock.now()
    return {w.work_stream(one.service, one.kind, one.item_id): one.owner for one in held if now < one.since + w.KEPT}


def _listed(service: str, item: Item, owners: Mapping[str, StaffId]) -> Listed:
    return Listed(service=service, item=item, owner=owners.get(w.work_stream(service, item.kind, item.id)))


async def _handle(office: Office, by: By, command: w.WorkCommand) -> Answer:
    stream = w.work_stream(command.service, command.kind, command.item_id)
    return await office.service.handle(stream, command, cmd=by.cmd, meta=by.meta(stream.partition(":")[2]))
