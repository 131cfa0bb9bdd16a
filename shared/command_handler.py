"""Load → fold → decide → append: the one path on which anything is decided. Its span and log line are written here."""

import hashlib
import hmac
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Generic, TypeVar, cast

from shared.canonical import canonical
from shared.codec import EventCodec
from shared.envelope import Metadata
from shared.event_store.chain import stored_answer
from shared.event_store.protocol import Appended, Conflict, Draft, EventStore
from shared.kernel import Command, Decider, Event, Rejected, Supplied
from shared.metrics import APPEND_SECONDS, COMMANDS
from shared.personal_data.vault import Vault, key_ref, live
from shared.states import Folded, States
from shared.telemetry import logger, span, traceparent

S = TypeVar("S")
C = TypeVar("C", bound=Command)
E = TypeVar("E", bound=Event)

ATTEMPTS = 3


@dataclass(frozen=True)
class Claims:
    """Names that a decision takes for its stream alone, and those that it gives back."""

    take: Sequence[str] = field(default=())
    release: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Answer:
    """Where the decision stands. A query given `stream` and `version` shows it (read your writes)."""

    stream: str
    version: int
    position: int
    events: int
    repeated: bool


class CommandHandler:
    """Handles commands of one service against its event store."""

    def __init__(self, service: str, store: EventStore, codec: EventCodec, vault: Vault, secret: bytes) -> None:
        """`secret` keys the fingerprint of commands that concern no person."""
        self._service = service
        self._store = store
        self._codec = codec
        self._vault = vault
        self._secret = secret
        self._states = States()
        self._log = logger("command")

    async def handle(
        self,
        decider: Decider[S, C, E],
        stream: str,
        command: C,
        *,
        cmd: str,
        meta: Metadata,
        claims: Callable[[S, list[E]], Claims] | None = None,
    ) -> Answer:
        """Decide `command` on `stream` and store the outcome under the command id `cmd` (a UUID).

        The same id gives the same answer for ever. A lost race is decided again, three times at most.

        Raises:
            Rejected: a rule said no; nothing is stored.
            Conflict: the race was lost three times.
            CommandReused, ClaimTaken, StoreUnavailable: see shared.event_store.
        """
        name = type(command).__name__
        outcome = "cancelled"
        with span(f"decide {name}", **{"command.type": name, "stream.category": decider.category}):
            try:
                fingerprint = await self._fingerprint(decider, stream, command, meta)
                attempt = Attempt(decider, stream, command, cmd, meta, fingerprint, claims)
                answer = await self._decide(attempt)
                outcome = "repeated" if answer.repeated else "accepted"
            except Rejected as refusal:
                outcome = f"rejected:{refusal.code}"
                raise
            except Exception as error:
                outcome = type(error).__name__
                raise
            finally:
                COMMANDS.labels(self._service, name, outcome).inc()
                self._log.info("command", command=name, outcome=outcome, category=decider.category, cmd=cmd)
        return answer

    async def state(self, decider: Decider[S, C, E], stream: str) -> tuple[S, int]:
        """The state a stream has now, and its version (0: it does not exist)."""
        folded = await self._folded(decider, stream)
        return (folded.state, folded.version) if folded else (decider.initial, 0)

    async def _folded(self, decider: Decider[S, C, E], stream: str) -> Folded | None:
        """The state now: what was remembered, and the events that followed; None where the stream does not exist."""
        known = self._states.get(stream)
        recorded = await self._codec.decode(await self._store.later(stream, known.version if known else 0))
        if not recorded:
            return known
        events = cast("list[E]", [entry.event for entry in recorded])
        state = decider.fold(events, known.state if known else None)
        folded = Folded(state, recorded[-1].version, known.pk if known else recorded[0].meta.pk)
        self._states.put(stream, folded)
        return folded

    async def _decide(self, attempt: "Attempt[S, C, E]") -> Answer:
        for last in (False,) * (ATTEMPTS - 1) + (True,):
            try:
                return await self._once(attempt)
            except Conflict:
                if last:
                    raise
        raise AssertionError

    async def _once(self, attempt: "Attempt[S, C, E]") -> Answer:
        folded = await self._folded(attempt.decider, attempt.stream)
        state, version = (folded.state, folded.version) if folded else (attempt.decider.initial, 0)
        meta = replace(attempt.meta, traceparent=traceparent())
        if folded:
            meta = replace(meta, pk=folded.pk)
        try:
            events = attempt.decider.decide(state, attempt.command)
        except Rejected:
            if known := await self._store.command(attempt.cmd):  # accepted before; the state has moved on since
                return answer_of(attempt.stream, stored_answer(attempt.draft(version, [], meta, Claims()), known))
            raise
        taken = attempt.claims(state, events) if attempt.claims and events else Claims()
        stored = await self._codec.encode(events, attempt.stream, attempt.cmd)
        started = time.perf_counter()
        appended = await self._store.append(attempt.draft(version, stored, meta, taken))
        APPEND_SECONDS.labels(self._service).observe(time.perf_counter() - started)
        return answer_of(attempt.stream, appended)

    async def _fingerprint(self, decider: Decider[S, C, E], stream: str, command: C, meta: Metadata) -> bytes:
        """HMAC of what the client asked, under the key of the person: two bodies under one id are told apart.

        Empty once that key is destroyed: what was asked cannot be told any more.
        """
        key: bytes | None = self._secret
        if meta.person_id:
            ref = key_ref(meta.person_id, decider.retention)
            keys = await self._vault.ensure([ref])
            key = keys[live(keys, ref)]
        if key is None:
            return b""
        asked = canonical([meta.actor, stream, type(command).__name__, _asked(command)])
        return hmac.new(hmac.new(key, b"fingerprint", hashlib.sha256).digest(), asked, hashlib.sha256).digest()


@dataclass(frozen=True)
class Attempt(Generic[S, C, E]):
    """One command on its way to the store."""

    decider: Decider[S, C, E]
    stream: str
    command: C
    cmd: str
    meta: Metadata
    fingerprint: bytes
    claims: Callable[[S, list[E]], Claims] | None

    def draft(self, version: int, events: Sequence[Any], meta: Metadata, claims: Claims) -> Draft:
        return Draft(
            stream=self.stream,
            expected=version,
            cmd=self.cmd,
            fp=self.fingerprint,
            events=events,
            meta=meta.dump(),
            claims=claims.take,
            releases=claims.release,
        )


def _asked(command: Command) -> dict[str, Any]:
    return command.model_dump(mode="json", exclude=_supplied(type(command)))


@cache
def _supplied(command: type[Command]) -> set[str]:
    """The fields that no client has sent."""
    fields = command.model_fields.items()
    return {name for name, info in fields if any(isinstance(mark, Supplied) for mark in info.metadata)}


def answer_of(stream: str, appended: Appended) -> Answer:
    """What a caller is told of an append."""
    return Answer(stream, appended.version, appended.position, appended.events, appended.repeated)
