"""Commits ↔ Kafka records: CloudEvents 1.0 in binary mode (value = JSON data, attributes = `ce_` headers)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

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


class Message(NamedTuple):
    """A record to send: the key is the stream's partition key, an opaque id."""

    key: bytes
    value: bytes
    headers: Headers
    timestamp_ms: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """An event as it came from a topic: in its stored form, its personal fields still sealed."""

    source: str
    stored: StoredEvent
    stream: str
    version: int
    position: int
    index: int
    recorded_at: dt.datetime
    meta: Metadata
    commit_hash: str


def delivered_of(service: str, commit: Commit) -> list[Delivered]:
    """The events of a commit as a topic would deliver them."""
    meta = Metadata(**commit["meta"])
    return [
        Delivered(
            source=service,
            stored=stored,
            stream=commit["s"],
            version=commit["v0"] + index,
            position=commit["_id"],
            index=index,
            recorded_at=commit["at"],
            meta=meta,
            commit_hash=commit["h"].hex(),
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


def delivered(headers: Iterable[tuple[str, bytes]], value: bytes) -> Delivered:
    """Read a record back.

    Raises:
        KeyError, ValueError: it is not one of ours.
    """
    head = {name: content.decode() for name, content in headers}
    data = orjson.loads(value)
    sealed = data.pop("pii", None)
    source, _, name = head["ce_type"].partition(".")
    stored: StoredEvent = {
        "id": head["ce_id"],
        "type": name,
        "sv": int(head["ce_dataschema"].rpartition(":")[2]),
        "data": data,
    }
    if sealed is not None:
        stored["pii"] = {field: {"k": entry["k"], "c": _bytes(entry["c"])} for field, entry in sealed.items()}
    return Delivered(
        source=source,
        stored=stored,
        stream=head["ce_subject"],
        version=int(head["ce_sequence"]),
        position=int(head["ce_position"]),
        index=int(head["ce_index"]),
        recorded_at=dt.datetime.fromisoformat(head["ce_time"]),
        meta=Metadata(**{name: head[header] for name, header in META_HEADERS.items() if header in head}),
        commit_hash=head["ce_commithash"],
    )


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else unb64url(text)
