"""Signs what the log has become, each minute in which it grew, and never two things that contradict each other."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.clock import Clock
from shared.event_store import chain
from shared.event_store.protocol import Corrupted, EventStore, Head
from shared.kafka import KafkaAccess, KafkaError
from shared.leases import Lease, LeaseLost
from shared.mongo import Database, DuplicateKeyError, PyMongoError
from shared.proofs.checkpoints import Checkpoint, CheckpointInvalid, read, sign
from shared.proofs.merkle import Frontier, Node, frontier_of, leaf_hash
from shared.proofs.tiles import Tiles
from shared.proofs.witness import Witness, tell
from shared.telemetry import logger

EVERY: Final = 60.0
BACKOFF: Final = 1.0
NEWEST: Final = "newest"


class Checkpointer:
    """The one signer of a service's log; others wait for its lease.

    `checkpoints {_id: size, note}` holds every note, its row `newest` the last. What the witness holds is believed
    before the database: a log that is shorter than it was, or another, is not signed.
    """

    def __init__(
        self,
        service: str,
        store: EventStore,
        database: Database,
        lease: Lease,
        key: Ed25519PrivateKey,
        witness: Witness,
        kafka: KafkaAccess | None,
        clock: Clock,
        every: float = EVERY,
    ) -> None:
        self.origin = origin_of(service)
        self.service = service
        self.tiles = Tiles(database)
        self._store = store
        self._rows = database["checkpoints"]
        self._lease = lease
        self._key = key
        self._witness = witness
        self._kafka = kafka
        self._clock = clock
        self._every = every
        self._log = logger("checkpointer")

    async def run(self) -> None:
        """Sign whenever the lease allows it, for ever.

        Raises:
            Corrupted: the log is not the one that was signed before: stop, alarm, let a person look.
        """
        while True:
            try:
                if await self._lease.acquire():
                    await self._lead()
            except (KafkaError, PyMongoError, LeaseLost, OSError) as error:
                self._log.warning("checkpoint waits", error=type(error).__name__)
            except Corrupted:
                self._log.critical("checkpointer halts", service=self.service)
                raise
            await asyncio.sleep(min(BACKOFF, self._every))

    async def stop(self) -> None:
        """Give the lease back."""
        with contextlib.suppress(PyMongoError):
            await self._lease.release()

    async def _lead(self) -> None:
        frontier, head = await self._resume()
        while True:
            await self._lease.keep()
            head = await self._grow(frontier, head)
            waited = 0.0
            while waited < self._every:
                await asyncio.sleep(min(self._lease.seconds / 4, self._every - waited))
                waited += self._lease.seconds / 4
                await self._lease.keep()

    async def once(self) -> Checkpoint | None:
        """Bring the checkpoints up to the head of the log; the newest, None before the first commit.

        Raises:
            Corrupted: as `run`.
        """
        frontier, head = await self._resume()
        await self._grow(frontier, head)
        return await self.newest()

    async def newest(self) -> Checkpoint | None:
        """The last checkpoint that was signed."""
        note = await self._newest()
        return self._read(note) if note else None

    async def _newest(self) -> str | None:
        row = await self._rows.find_one({"_id": NEWEST})
        return str(row["note"]) if row else None

    async def _grow(self, frontier: Frontier, head: Head) -> Head:
        """Take what has been appended into the tree, and sign it if there is anything."""
        before = frontier.size
        while commits := await self._store.window(frontier.size):
            head = chain.verify(commits, head)
            made = [node for commit in commits for node in frontier.append(leaf_hash(commit["h"]))]
            await self.tiles.put(made)
            await self._lease.keep()
        if frontier.size > before:
            await self._publish(Checkpoint(self.origin, frontier.size, frontier.root(), self._clock.now()))
        return head

    async def _publish(self, checkpoint: Checkpoint) -> None:
        note = sign(checkpoint, self._key)
        with contextlib.suppress(DuplicateKeyError):  # the same size means the same root: it was computed from the log
            await self._rows.insert_one({"_id": checkpoint.size, "note": note})
        await self._rows.replace_one({"_id": NEWEST}, {"note": note}, upsert=True)
        await self._hand_on(note)
        self._log.info("checkpoint", service=self.service, size=checkpoint.size)

    async def _hand_on(self, note: str) -> None:
        await asyncio.to_thread(self._witness.keep, note)
        if self._kafka is not None:
            await tell(self._kafka, self.service, note)

    async def _resume(self) -> tuple[Frontier, Head]:
        """The tree as it was last signed, once it is sure that log, database and witness agree on it."""
        own, witnessed = await self._newest(), await asyncio.to_thread(self._witness.last)
        signed, seen = (self._read(note) if note else None for note in (own, witnessed))
        if seen and (signed is None or seen.size > signed.size):
            raise Corrupted(f"the witness knows {seen.size} commits, the database signed fewer")
        if signed is None:
            return Frontier(), chain.GENESIS
        frontier = await self._frontier(signed)
        if seen:
            await self._frontier(seen)
        last = await self._store.window(signed.size - 1, 1)
        leaf = await self.tiles.compute(lambda node: node(0, signed.size - 1))
        if not last or leaf_hash(last[0]["h"]) != leaf:
            raise Corrupted(f"position {signed.size} was signed, and the store does not hold it")
        if own and own != witnessed:
            await self._hand_on(own)
        return frontier, chain.head_of(last[0])

    async def _frontier(self, checkpoint: Checkpoint) -> Frontier:
        """The tree of a checkpoint as the tiles have it, which must have its root."""

        def build(node: Node) -> Frontier:
            return frontier_of(checkpoint.size, node)

        frontier = await _intact(self.tiles, build)
        if frontier is None or frontier.root() != checkpoint.root:
            raise Corrupted(f"the tree of {checkpoint.size} commits is not the one that was signed")
        return frontier

    def _read(self, note: str) -> Checkpoint:
        try:
            return read(note, self.origin, self._key.public_key())
        except CheckpointInvalid as error:
            raise Corrupted("a checkpoint of this log bears no signature of its key") from error


async def _intact(tiles: Tiles, build: Callable[[Node], Frontier]) -> Frontier | None:
    try:
        return await tiles.compute(build)
    except (KeyError, ValueError):
        return None


def origin_of(service: str) -> str:
    """The name under which a service's log signs."""
    return f"mon-compte-en-ligne/{service}"
