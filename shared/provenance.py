"""What a topic's owner has written, and nothing else, is read as events (docs/adr/0031).

What was written before records were signed is told by where it lies: the broker gives the offsets, nobody else.
"""

from collections.abc import Callable, Iterable

from shared.kafka import KafkaAccess, owner_of
from shared.messaging import Delivered, Record, delivered
from shared.metrics import FOREIGN_RECORDS
from shared.mongo import Database
from shared.signatures import HEADER, UnknownSignature, Verifier
from shared.topics import ends_of

Keys = Callable[[str], str]
"""An owner's name → his public keys, in PEM one below the other."""


class Provenance:
    """Reads records for one service. Noted (`signed_from`) is memory of what was done, backed up and never rebuilt."""

    def __init__(self, service: str, keys: Keys, database: Database, kafka: KafkaAccess) -> None:
        self._service = service
        self._keys = keys
        self._rows = database["signed_from"]
        self._kafka = kafka
        self._verifiers: dict[str, Verifier] = {}
        self._unsigned: dict[tuple[str, int], int] = {}

    async def note(self, topics: Iterable[str]) -> None:
        """Once for each topic, remember where it ended: only before that place a record may be without signature.

        Raises:
            SecretMissing: an owner's public keys are not there.
            KafkaError, PyMongoError, TimeoutError: not now.
        """
        for topic in topics:
            self._verifier(topic)
            row = await self._rows.find_one({"_id": topic})
            if row is None and (ends := await ends_of(self._kafka, topic)):
                noted = {str(partition): end for partition, end in ends.items()}
                await self._rows.update_one({"_id": topic}, {"$setOnInsert": {"ends": noted}}, upsert=True)
                row = await self._rows.find_one({"_id": topic})
            for partition, end in (row or {"ends": {}})["ends"].items():
                self._unsigned[topic, int(partition)] = end

    def read(self, record: Record) -> Delivered:
        """The event in a record.

        Raises:
            UnknownSignature: the owner of its topic has not signed it as it is.
            UNREADABLE: it is no event of ours.
        """
        if HEADER in record.headers or record.offset >= self._unsigned.get((record.topic, record.partition), 0):
            self._check(record)
        return delivered(record.headers, record.value, record.place)

    def _check(self, record: Record) -> None:
        try:
            self._verifier(record.topic).check(record)
        except UnknownSignature:
            if not self._finds_other_keys(record.topic):
                FOREIGN_RECORDS.labels(self._service).inc()
                raise
            self._check(record)

    def _finds_other_keys(self, topic: str) -> bool:
        """A key that came after this process has started is read when it is met."""
        found = Verifier(topic, self._keys(owner_of(topic)))
        if found.pems == self._verifiers[topic].pems:
            return False
        self._verifiers[topic] = found
        return True

    def _verifier(self, topic: str) -> Verifier:
        if topic not in self._verifiers:
            self._verifiers[topic] = Verifier(topic, self._keys(owner_of(topic)))
        return self._verifiers[topic]
