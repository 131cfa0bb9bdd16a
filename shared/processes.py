"""Process managers: each input and the commands it led to are one commit of the process's own stream."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from shared.canonical import b64url, unb64url
from shared.codec import EventCodec
from shared.envelope import Metadata
from shared.event_store.protocol import Commit, Conflict, EventStore, StoredEvent
from shared.kernel import Command, Decider, Event, Issued, Made, Process, Value
from shared.messaging import Delivered
from shared.personal_data.fields import open_fields, personal_fields, refs_of, seal, sealed_refs
from shared.personal_data.vault import Vault
from shared.reactions import Execute, caused_by, caused_id

Handle = Callable[..., Awaitable[Any]]


class Input(Value):
    """The event a process was told, as stored: its sealed fields stay bound to where they came from."""

    id: str
    type: str
    sv: int
    stream: str
    data: dict[str, Any]
    pii: dict[str, dict[str, Any]]


class Decided(Value):
    """A command as stored: its sealed fields are bound to the process's stream and its own id."""

    id: str
    stream: str
    type: str
    data: dict[str, Any]
    pii: dict[str, dict[str, Any]]


class ProcessStepped(Event, name="ProcessStepped"):
    """One input of a process, and every command it led to."""

    input: Input
    commands: tuple[Decided, ...]


class Step(Command):
    """Remember a step that was decided after `steps` others. What was decided is ours: only the input names it."""

    input: Input
    commands: Made[tuple[Decided, ...]]
    steps: Made[int]


def stepping(name: str) -> Decider[int, Step, ProcessStepped]:
    """The decider of a process's stream: it counts and remembers (the process itself has decided)."""
    return Decider(category=name, retention="account", initial=0, decide=_remember, evolve=lambda steps, _: steps + 1)


def _remember(steps: int, step: Step) -> list[ProcessStepped]:
    if steps != step.steps:  # another input came first: the process must decide again, on the state as it is now
        raise Conflict
    return [ProcessStepped(at=step.at, input=step.input, commands=step.commands)]


class ProcessHandler:
    """What a reactor calls for each event of a process: decide, commit, execute; after a crash, from the commit."""

    def __init__(
        self,
        process: Process[Any, Any],
        commands: Mapping[str, type[Command]],
        store: EventStore,
        codec: EventCodec,
        vault: Vault,
        handle: Handle,
        execute: Execute,
    ) -> None:
        """`commands` are the command classes it may issue, by name; `handle` is CommandHandler.handle."""
        self.name = process.name
        self.since = process.since
        self._process = process
        self._types = {event.NAME for event in process.handles}
        self._commands = commands
        self._decider = stepping(process.name)
        self._store = store
        self._codec = codec
        self._vault = vault
        self._handle = handle
        self._execute = execute

    def wants(self, event_type: str) -> bool:
        """Whether the process takes this type in."""
        return event_type in self._types

    async def handle(self, delivery: Delivered) -> str:
        """One step; the outcome's name."""
        [opened] = await self._codec.open([delivery])
        if opened.error or opened.event is None:
            raise opened.error or AssertionError
        stream = f"{self.name}:{self._process.key(opened.event)}"
        cmd = caused_id(self.name, delivery.stored["id"])
        commit = await self._store.command(cmd) or await self._step(opened.event, delivery, stream, cmd)
        accepted = True
        for issued, command_id in await self._issued(commit):
            accepted &= await self._execute(issued, command_id, caused_by(delivery, self.name, issued.stream))
        return "accepted" if accepted else "refused"

    async def _step(self, event: Event, delivery: Delivered, stream: str, cmd: str) -> Commit:
        state, steps = self._process.initial, 0
        for commit in await self._store.stream(stream):
            for stored in commit["ev"]:
                state, steps = self._process.evolve(state, await self._input(stored)), steps + 1
        issued = self._process.decide(state, event)
        decided = [await self._decided(one, stream, caused_id(cmd, cmd, index)) for index, one in enumerate(issued)]
        step = Step(at=event.at, input=_input(delivery), commands=tuple(decided), steps=steps)
        meta: Metadata = caused_by(delivery, self.name, stream)
        await self._handle(self._decider, stream, step, cmd=cmd, meta=meta)
        commit_or_none = await self._store.command(cmd)
        assert commit_or_none is not None
        return commit_or_none

    async def _input(self, stored: StoredEvent) -> Event:
        data = Input.model_validate(stored["data"]["input"])
        sealed = {name: _bytes(entry) for name, entry in data.pii.items()}
        keys = await self._vault.keys(sealed_refs([{"pii": sealed}]))
        original: StoredEvent = {"id": data.id, "type": data.type, "sv": data.sv, "data": data.data}
        if sealed:
            original["pii"] = sealed
        return self._codec.load(original, data.stream, keys)

    async def _decided(self, issued: Issued, stream: str, command_id: str) -> Decided:
        kind = type(issued.command)
        data = issued.command.model_dump(mode="json")
        keys = await self._vault.ensure(refs_of(kind, data)) if personal_fields(kind) else {}
        plain, sealed = seal(kind, data, keys, f"{stream}|{command_id}")
        pii = {name: _text(entry) for name, entry in sealed.items()}
        return Decided(id=command_id, stream=issued.stream, type=kind.__name__, data=plain, pii=pii)

    async def _issued(self, commit: Commit) -> list[tuple[Issued, str]]:
        found = []
        for stored in commit["ev"]:
            for raw in cast("list[Any]", stored["data"]["commands"]):
                decided = Decided.model_validate(raw)
                sealed = {name: _bytes(entry) for name, entry in decided.pii.items()}
                keys = await self._vault.keys(sealed_refs([{"pii": sealed}]))
                data = decided.data | open_fields(sealed, keys, f"{commit['s']}|{decided.id}")
                command = self._commands[decided.type].model_validate(data)
                found.append((Issued(decided.stream, command), decided.id))
        return found


def _input(delivery: Delivered) -> Input:
    stored = delivery.stored
    pii = {name: _text(entry) for name, entry in stored.get("pii", {}).items()}
    return Input(
        id=stored["id"], type=stored["type"], sv=stored["sv"], stream=delivery.stream, data=stored["data"], pii=pii
    )


def _text(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"k": entry["k"], "c": None if entry["c"] is None else b64url(entry["c"])}


def _bytes(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"k": entry["k"], "c": None if entry["c"] is None else unb64url(entry["c"])}
