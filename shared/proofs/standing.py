"""How far a log is signed: its last two checkpoints, whether one begins with the other, what the witness holds."""

from collections.abc import Callable
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import AwareDatetime

from shared.event_store.protocol import EventStore
from shared.kernel import Value
from shared.mongo import Database
from shared.proofs.checkpointer import origin_of
from shared.proofs.checkpoints import Checkpoint, CheckpointInvalid, fingerprint, read
from shared.proofs.merkle import Node, ProofInvalid, check_consistency, consistency_proof
from shared.proofs.tiles import Tiles

Last = Callable[[], str | None]
"""The newest note of a witness."""


class Alarm(StrEnum):
    """What does not fit together."""

    NOT_SIGNED = "not-signed"
    """No checkpoint yet."""
    NO_WITNESS = "no-witness"
    """Nobody outside the database holds one."""
    FOREIGN_SIGNATURE = "foreign-signature"
    """A checkpoint that the log's key has not signed."""
    INCONSISTENT = "inconsistent"
    """The last checkpoint does not begin with the one before."""
    WITNESS_DIFFERS = "witness-differs"
    """The witness holds a longer log, or another."""
    LOG_SHORTER = "log-shorter"
    """More commits were signed than there are."""


class Signed(Value):
    """What a checkpoint says; `root` in hexadecimal."""

    size: int
    root: str
    at: AwareDatetime


class Standing(Value):
    """`younger`: commits after the last checkpoint that the witness holds, of which nothing can be proved yet."""

    origin: str
    fingerprint: str
    head: int
    head_at: AwareDatetime
    last: Signed | None
    before: Signed | None
    witnessed: Signed | None
    younger: int
    alarms: tuple[Alarm, ...]


class Signatures:
    """The checkpoints of one log, for whoever looks at them."""

    def __init__(self, service: str, store: EventStore, database: Database, key: Ed25519PublicKey, last: Last) -> None:
        self._origin = origin_of(service)
        self._store, self._rows, self._tiles = store, database["checkpoints"], Tiles(database)
        self._key = key
        self._witness = last

    async def standing(self) -> Standing:
        """All of it, computed anew: the signatures, and that each tree begins with the one before."""
        alarms: set[Alarm] = set()
        rows = await self._rows.find({"_id": {"$gt": 0}}).sort("_id", -1).limit(2).to_list(2)
        last, before = (*(self._read(row["note"], alarms) for row in rows), None, None)[:2]
        seen = self._witness()  # after the rows: it is told last
        witnessed = self._read(seen, alarms) if seen else None
        head = await self._store.head()
        if not rows:
            alarms.add(Alarm.NOT_SIGNED)
        if not seen:
            alarms.add(Alarm.NO_WITNESS)
        if last is not None and head.position < last.size:
            alarms.add(Alarm.LOG_SHORTER)
        if not await self._begins_with(last, before):
            alarms.add(Alarm.INCONSISTENT)
        if not await self._begins_with(last, witnessed):
            alarms.add(Alarm.WITNESS_DIFFERS)
        return Standing(
            origin=self._origin,
            fingerprint=fingerprint(self._key),
            head=head.position,
            head_at=head.at,
            last=_signed(last),
            before=_signed(before),
            witnessed=_signed(witnessed),
            younger=head.position - (witnessed.size if witnessed else 0),
            alarms=tuple(sorted(alarms)),
        )

    def _read(self, note: str, alarms: set[Alarm]) -> Checkpoint | None:
        try:
            return read(note, self._origin, self._key)
        except CheckpointInvalid:
            alarms.add(Alarm.FOREIGN_SIGNATURE)
            return None

    async def _begins_with(self, new: Checkpoint | None, old: Checkpoint | None) -> bool:
        """Whether the tree of a checkpoint begins with that of another; true where there is nothing to compare."""
        if new is None or old is None or old.size == 0:
            return True
        if old.size > new.size:  # a moment ago the witness may have been told of one more than was read
            newer = await self._rows.find_one({"_id": old.size})
            return newer is not None and read(newer["note"], self._origin, self._key).root == old.root

        def prove(node: Node) -> list[bytes]:
            return consistency_proof(old.size, new.size, node)

        try:
            check_consistency(old.size, old.root, new.size, new.root, await self._tiles.compute(prove))
        except (ProofInvalid, KeyError, ValueError):
            return False
        return True


def _signed(checkpoint: Checkpoint | None) -> Signed | None:
    if checkpoint is None:
        return None
    return Signed(size=checkpoint.size, root=checkpoint.root.hex(), at=checkpoint.at)
