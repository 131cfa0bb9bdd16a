"""Commits ↔ Kafka records: CloudEvents 1.0 in binary mode (value = JSON data, attributes = `ce_` headers)."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from shared.canonical import canonical, iso, unb64url
from shared.envelope import Metadata
from shared.event_store.protocol import Commit, StoredEvent

Headers = list[tuple[str, bytes]]

META_HEADERS = {
    "pk": "ce_partitionkey",
    "actor": "ce_actor",
    "actor_kind": "ce_actorkind",
    "correlation_id": "ce_correlationid",
    "causation_id": "ce_causationid",
    "member_id": "ce_memberid",
    "person_id": "ce_personid",
    "acting_for": "ce_actingfor",
    "channel": "ce_channel",
    "traceparent": "traceparent",
}


UNREADABLE = (KeyError, ValueError, TypeError, AttributeError)
"""What `delivered` raises for a record that is not an event of ours."""

Unreadable = Callable[[str, int, int, Exception], Awaitable[None]]
"""Told topic, partition, offset and error of such a record."""


class Gap(Exception):  # noqa: N818 - said as it is
    """A version of a stream is missing in what was delivered."""


class ForeignRecord(ValueError):  # noqa: N818 - said as it is
    """A record on a topic that its owner never wrote."""


class Message(NamedTuple):
    """A record to send: the key is the stream's partition key, an opaque id."""

    key: bytes
    value: bytes
    headers: Headers
    timestamp_ms: int


class Record(NamedTuple):
    """A record as a consumer got it."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: Mapping[str, bytes]

    @property
    def place(self) -> tuple[str, int, int]:
        """Topic, partition, offset."""
        return self[:3]


@dataclass(slots=True)
class Delivered:
    """An event as it came from a topic: in its stored form, its personal fields still sealed."""

    source: str
    stored: StoredEvent
    stream: str
    version: int
    position: int
    index: int
    recorded_at: dt.datetime
    commit_hash: str
    attributes: Mapping[str, Any]
    """The commit's metadata, or the record's headers: read only where it is needed (a third of the cost)."""
    place: tuple[str, int, int] | None = None
    """Topic, partition and offset, when it came from a topic."""

    @property
    def meta(self) -> Metadata:
        """Who did it, for whom, in which conversation."""
        if "ce_partitionkey" not in self.attributes:
            return Metadata(**self.attributes)
        found = {name: self.attributes.get(head) for name, head in META_HEADERS.items()}
        return Metadata(**{name: value.decode() for name, value in found.items() if value is not None})

    @property
    def traceparent(self) -> str | None:
        """The trace context of the command behind it."""
        value = self.attributes.get("traceparent")
        return value.decode() if isinstance(value, bytes) else value


def delivered_of(service: str, commit: Commit) -> list[Delivered]:
    """The events of a commit as a topic would deliver them."""
    return [
        Delivered(
            source=service,
            stored=stored,
            stream=commit["s"],
            version=commit["v0"] + index,
            position=commit["_id"],
            index=index,
            recorded_at=commit["at"],
            commit_hash=commit["h"].hex(),
            attributes=commit["meta"],
        )
        for index, stored in enumerate(commit["ev"])
    ]


def messages_of(service: str, commit: Commit) -> list[Message]:
    """One record per event of a commit, in order."""
    meta = [(META_HEADERS[name], str(value).encode()) for name, value in commit["meta"].items()]
    shared: Headers = [
        ("ce_specversion", b"1.0"),
        ("ce_source", service.encode()),
        ("ce_subject", commit["s"].encode()),
        ("ce_time", iso(commit["at"]).encode()),
        ("ce_position", str(commit["_id"]).encode()),
        ("ce_commithash", commit["h"].hex().encode()),
        ("content-type", b"application/json"),
        *meta,
    ]
    key = commit["meta"]["pk"].encode()
    time = int(commit["at"].timestamp() * 1000)
    return [
        Message(key, _value(stored), [*shared, *_own_headers(service, stored, commit["v0"] + index, index)], time)
        for index, stored in enumerate(commit["ev"])
    ]


def _value(stored: StoredEvent) -> bytes:
    return canonical({**stored["data"], "pii": stored["pii"]} if "pii" in stored else stored["data"])


def _own_headers(service: str, stored: StoredEvent, version: int, index: int) -> Headers:
    name = f"{service}.{stored['type']}"
    return [
        ("ce_id", stored["id"].encode()),
        ("ce_type", name.encode()),
        ("ce_sequence", f"{version:012d}".encode()),
        ("ce_index", str(index).encode()),
        ("ce_dataschema", f"urn:schema:{name}:{stored['sv']}".encode()),
    ]


def delivered(headers: Mapping[str, bytes], value: bytes, place: tuple[str, int, int] | None = None) -> Delivered:
    """Read a record back.

    Raises:
        UNREADABLE: it is not one of ours.
    """
    source, _, name = headers["ce_type"].decode().partition(".")
    data = orjson.loads(value)
    stored: StoredEvent = {
        "id": headers["ce_id"].decode(),
        "type": name,
        "sv": int(headers["ce_dataschema"].rpartition(b":")[2]),
        "data": data,
    }
    if sealed := data.pop("pii", None):
        stored["pii"] = {field: {"k": entry["k"], "c": _bytes(entry["c"])} for field, entry in sealed.items()}
    return Delivered(
        source=source,
        stored=stored,
        stream=headers["ce_subject"].decode(),
        version=int(headers["ce_sequence"]),
        position=int(headers["ce_position"]),
        index=int(headers["ce_index"]),
        recorded_at=dt.datetime.fromisoformat(headers["ce_time"].decode()),
        commit_hash=headers["ce_commithash"].decode(),
        attributes=headers,
        place=place,
    )


Read = Callable[[Record], Delivered]
"""Makes an event of a record, or raises one of UNREADABLE."""


def unproved(record: Record) -> Delivered:
    """The event in a record, whoever wrote it.

    Raises:
        UNREADABLE: it is none.
    """
    return delivered(record.headers, record.value, record.place)


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else unb64url(text)
