"""A process manager: each input and the commands it led to are one commit, carried out from it, also after a crash."""

import asyncio
import datetime as dt
from typing import Any

import pytest

from shared.event_store import Conflict, Corrupted, verify
from shared.kernel import Command, Issued, Process
from shared.messaging import Delivered
from shared.processes import ProcessHandler
from shared.service import Service
from tests import toy
from tests.shared.rounds import deaths, run_rounds
from tests.shared.toybox import box, log_of, open_box

pytestmark = pytest.mark.connected


class Relabel(Command):
    """A command with a personal field."""

    person_id: str
    label: toy.Kept[str]


def tidy(fills: int, event: Any) -> list[Issued]:
    """Empty the box at the second fill, and say on whose label."""
    if isinstance(event, toy.BoxOpened):
        return [Issued(box(event.person_id), Relabel(at=event.at, person_id=event.person_id, label=event.label))]
    return [Issued(box(event.person_id), toy.Empty(at=event.at, person_id=event.person_id))] if fills == 1 else []


tidier = Process(
    name="tidier",
    initial=0,
    handles=(toy.BoxOpened, toy.BoxFilled),
    key=lambda event: event.person_id,
    decide=tidy,
    evolve=lambda fills, event: fills + isinstance(event, toy.BoxFilled),
)


class Told:
    """A process's handler, and what it had carried out."""

    def __init__(self, service: Service, process: Process[Any, Any] = tidier) -> None:
        self.service = service
        self.done: list[tuple[Issued, str, Any]] = []
        self.accepts = True
        kinds = {kind.__name__: kind for kind in (Relabel, toy.Empty, toy.Put)}
        self.handler = ProcessHandler(
            process, kinds, service.store, service.codec, service.vault, service.commands.handle, self.execute
        )

    async def execute(self, issued: Issued, cmd: str, meta: Any) -> bool:
        self.done.append((issued, cmd, meta))
        return self.accepts

    async def steps(self, person: str) -> list[Any]:
        commits = await self.service.store.stream(f"tidier:{person}")
        return [one.event for one in await self.service.codec.decode(commits)]


@pytest.fixture
async def service(make_service) -> Service:
    return await make_service(toy.definition(processes=[tidier]))


@pytest.fixture
async def told(service) -> Told:
    return Told(service)


async def events_of(service: Service, person: str) -> list[Delivered]:
    return [one for one in await log_of(service) if one.stream == box(person)]


async def test_each_input_is_one_commit_with_the_commands_it_led_to(told):
    person = await open_box(told.service, 1, 2)
    for event in await events_of(told.service, person):
        assert await told.handler.handle(event) == "accepted"
    first, second, third = await told.steps(person)
    assert [step.input.type for step in (first, second, third)] == ["BoxOpened", "BoxFilled", "BoxFilled"]
    assert [[one.type for one in step.commands] for step in (first, second, third)] == [["Relabel"], [], ["Empty"]]
    assert [type(issued.command).__name__ for issued, _, _ in told.done] == ["Relabel", "Empty"]


async def test_told_again_it_decides_nothing_new_and_carries_out_the_same_under_the_same_ids(told):
    person = await open_box(told.service, 1, 2)
    events = await events_of(told.service, person)
    for _ in range(3):
        for event in events:
            await told.handler.handle(event)
    assert len(await told.steps(person)) == 3
    assert len({cmd for _, cmd, _ in told.done}) == 2
    assert len(told.done) == 6


async def test_a_command_carries_on_the_conversation_and_names_its_cause(told):
    person = await open_box(told.service, member_id="m1")
    [event] = await events_of(told.service, person)
    await told.handler.handle(event)
    [(issued, _, meta)] = told.done
    assert (issued.stream, meta.pk, meta.actor, meta.actor_kind) == (box(person), person, "tidier", "process")
    assert (meta.correlation_id, meta.causation_id) == (event.meta.correlation_id, event.stored["id"])
    assert (meta.person_id, meta.member_id) == (person, "m1")


async def test_personal_fields_are_sealed_in_the_step_and_plain_in_the_command(told):
    person = await open_box(told.service)
    [event] = await events_of(told.service, person)
    await told.handler.handle(event)
    assert told.done[0][0].command.label == f"label of {person}"
    [commit] = await told.service.store.stream(f"tidier:{person}")
    assert "label of" not in str(commit)
    [step] = await told.steps(person)
    assert step.input.pii.keys() == step.commands[0].pii.keys() == {"label"}


async def test_an_erased_persons_process_goes_on_with_the_typed_value_and_the_chain_still_verifies(told):
    person = await open_box(told.service, 1, 2)
    events = await events_of(told.service, person)
    await told.handler.handle(events[0])
    await told.service.vault.destroy(person, "things", dt.datetime.now(dt.UTC))
    await told.handler.handle(events[1])
    await told.handler.handle(events[0])
    assert told.done[-1][0].command.label == toy.Erased.ERASED
    try:
        verify(await told.service.store.window(0))
    except Corrupted:
        pytest.fail("the chain broke")


async def test_a_refused_command_is_an_answer(told):
    person = await open_box(told.service)
    told.accepts = False
    [event] = await events_of(told.service, person)
    assert await told.handler.handle(event) == "refused"


async def test_two_inputs_at_once_are_never_decided_on_the_same_state(told):
    """Both fills see no fill before them; the second to be stored must decide again, or the box is never emptied."""
    person = await open_box(told.service, 1, 2)
    _, first, second = await events_of(told.service, person)
    other = Told(told.service)

    async def patiently(one: Told, event: Delivered) -> None:
        while True:
            try:
                await one.handler.handle(event)
            except Conflict:
                continue
            return

    await asyncio.gather(patiently(told, first), patiently(other, second))
    steps = await told.steps(person)
    assert [[one.type for one in step.commands] for step in steps] == [[], ["Empty"]]


async def test_a_verdict_on_a_state_that_has_moved_is_refused(told):
    person = await open_box(told.service, 1, 2)
    _, first, second = await events_of(told.service, person)

    class Slow(Told):
        async def late(self) -> None:
            handle = self.service.commands.handle

            async def after_another(*args: Any, **more: Any) -> Any:
                await told.handler.handle(first)
                return await handle(*args, **more)

            self.handler._handle = after_another

    slow = Slow(told.service)
    await slow.late()
    with pytest.raises(Conflict):
        await slow.handler.handle(second)
    assert len(await told.steps(person)) == 1


async def test_since_leaves_out_what_was_recorded_before(service):
    since = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    late = Process(name="late", initial=0, handles=(), key=str, decide=tidy, evolve=lambda s, _: s, since=since)
    assert Told(service, late).handler.since == since
    assert Told(service).handler.since < since


async def test_killed_between_commit_and_command_the_command_is_carried_out_once(make_service, settings):
    service = await make_service(toy.definition(processes=[toy.filler]))
    person = await open_box(service)
    said = await run_rounds("worker_process", settings, [{"point": point} for point in ("before", "after", "", "")])
    assert deaths(said) == [True, True, False, False]
    assert [one["outcome"] for one in said if "outcome" in one] == ["accepted", "accepted"]
    assert len(await service.store.stream(f"filler:{person}")) == 1
    assert await service.state(box(person)) == (toy.Box(is_open=True, content=1), 2)
