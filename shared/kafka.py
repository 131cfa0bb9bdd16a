"""The one door to aiokafka: producers that are idempotent and consumers that commit by hand."""

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2

__all__ = ["KafkaAccess", "KafkaError", "TopicPartition", "discard", "partition_of", "topic_of"]

PARTITIONS = 12
"""For life: a key must stay in its partition."""

REQUEST_SECONDS = 10


def topic_of(service: str) -> str:
    """The topic of a service's public events."""
    return f"{service}.events.v1"


def owner_of(topic: str) -> str:
    """The service whose public events these are."""
    return topic.partition(".")[0]


def partition_of(key: str) -> int:
    """The partition that a key's records stand in."""
    return int(murmur2(key.encode()) & 0x7FFFFFFF) % PARTITIONS


@dataclass(frozen=True)
class KafkaAccess:
    """Where the broker is and who we are there. An empty user name means no SASL."""

    bootstrap: str
    username: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = None

    def client_options(self) -> dict[str, Any]:
        """What every aiokafka client needs to connect."""
        options: dict[str, Any] = {"bootstrap_servers": self.bootstrap}
        if self.username:
            options |= {
                "security_protocol": "SASL_SSL" if self.tls else "SASL_PLAINTEXT",
                "sasl_mechanism": "SCRAM-SHA-256",
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        return options | ({"ssl_context": self.tls} if self.tls else {})

    def producer(self) -> AIOKafkaProducer:
        """An idempotent producer: in order, without gaps in its session. `discard` it at the first error (#1017)."""
        return AIOKafkaProducer(
            enable_idempotence=True,
            acks="all",
            linger_ms=0,
            request_timeout_ms=REQUEST_SECONDS * 1000,
            **self.client_options(),
        )

    def consumer(self, *topics: str, group: str | None = None, **options: Any) -> AIOKafkaConsumer:
        """A consumer from the earliest record on, that commits only what it is told to."""
        defaults: dict[str, Any] = {"enable_auto_commit": False, "auto_offset_reset": "earliest"}
        return AIOKafkaConsumer(*topics, group_id=group, **(defaults | options), **self.client_options())


async def discard(producer: AIOKafkaProducer) -> None:
    """Close a producer without sending what waits in it: the next one sends that again, in order.

    Its own `stop` sends it first, perhaps behind a record that failed, and without a broker never ends.
    """
    task = producer._sender.sender_task  # noqa: SLF001 - there is no public way to end it unflushed
    try:
        if task is not None:
            task.cancel()  # it still waits for the requests under way
            await asyncio.wait({task}, timeout=REQUEST_SECONDS + 2)
    finally:
        producer._closed = True  # noqa: SLF001 - likewise
        await producer.client.close()
