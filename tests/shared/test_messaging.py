"""Commits as Kafka records and back: a golden record, and every field survives the way."""

import datetime as dt
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.canonical import milliseconds
from shared.envelope import Metadata
from shared.event_store import Commit
from shared.messaging import META_HEADERS, UNREADABLE, Delivered, Message, delivered, delivered_of, messages_of
from tests.golden_chain import golden

RECORDS = json.loads((Path(__file__).parents[1] / "golden" / "records.json").read_text(encoding="utf-8"))
PLACE = ("toy.events.v1", 3, 4711)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner, max_size=3)
    ),
    max_leaves=6,
)
SEALED = st.fixed_dictionaries({"k": TEXT, "c": st.none() | st.binary(min_size=1, max_size=60)})
NAMES = st.from_regex(r"[A-Z][A-Za-z]{0,20}", fullmatch=True)
EVENTS = st.builds(
    lambda name, data, pii, sv: (
        {"id": str(uuid.uuid4()), "type": name, "sv": sv, "data": data} | ({"pii": pii} if pii else {})
    ),
    NAMES,
    st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True).filter(lambda name: name != "pii"), JSON, max_size=3),
    st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), SEALED, max_size=2),
    st.integers(1, 999),
)
METADATA = st.builds(
    Metadata,
    pk=TEXT,
    actor=TEXT,
    actor_kind=TEXT,
    correlation_id=TEXT,
    **{name: st.none() | TEXT for name in META_HEADERS.keys() - {"pk", "actor", "actor_kind", "correlation_id"}},
)
TIMES = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001 - hypothesis adds the zone


def read(message: Message) -> Delivered:
    return delivered(dict(message.headers), message.value, PLACE)


def same(one: Delivered, other: Delivered) -> bool:
    """Equal but for the form in which they hold their metadata, and for the place."""
    names = ("source", "stored", "stream", "version", "position", "index", "recorded_at", "commit_hash", "meta")
    return all(getattr(one, name) == getattr(other, name) for name in names) and one.traceparent == other.traceparent


def test_golden_records() -> None:
    messages = [message for commit in golden() for message in messages_of("toy", commit)]
    assert len(messages) == len(RECORDS)
    for message, written in zip(messages, RECORDS, strict=True):
        assert message.key.decode() == written["key"]
        assert message.value.decode() == written["value"]
        assert message.timestamp_ms == written["timestamp_ms"]
        assert [[name, value.decode()] for name, value in message.headers] == written["headers"]


@pytest.mark.parametrize("written", RECORDS, ids=lambda written: dict(written["headers"])["ce_id"][:8])
def test_a_golden_record_is_read_back_as_the_event_of_its_commit(written: dict[str, Any]) -> None:
    headers = {name: value.encode() for name, value in written["headers"]}
    found = delivered(headers, written["value"].encode(), PLACE)
    expected = [one for commit in golden() for one in delivered_of("toy", commit)][RECORDS.index(written)]
    assert same(found, expected)
    assert found.place == PLACE


def test_headers_are_those_of_cloudevents_in_binary_mode() -> None:
    headers = dict(messages_of("toy", golden()[0])[0].headers)
    required = {
        "ce_specversion": b"1.0",
        "ce_source": b"toy",
        "ce_type": b"toy.BoxOpened",
        "content-type": b"application/json",
    }
    assert required.items() <= headers.items()
    assert headers["ce_dataschema"] == b"urn:schema:toy.BoxOpened:1"
    assert headers["ce_sequence"] == b"000000000001"
    names = {name.removeprefix("ce_") for name in headers if name.startswith("ce_")}
    assert all(name.isalnum() and name.islower() for name in names)


def test_a_commit_without_events_is_no_record() -> None:
    repeat = golden()[3]
    assert repeat["n"] == 0
    assert messages_of("toy", repeat) == []
    assert delivered_of("toy", repeat) == []


def test_sequences_sort_as_text_like_the_versions_they_are() -> None:
    commits: list[Commit] = [{**golden()[0], "v0": version} for version in (9, 10, 99, 100, 123456789012)]
    written = [dict(messages_of("toy", commit)[0].headers)["ce_sequence"] for commit in commits]
    assert written == sorted(written)
    assert [delivered(dict(messages_of("toy", commit)[0].headers), b"{}").version for commit in commits] == [
        commit["v0"] for commit in commits
    ]


@given(st.lists(EVENTS, max_size=3), METADATA, TIMES, st.integers(1, 10**9), st.integers(1, 10**9))
def test_every_event_of_any_commit_survives_the_way(
    events: list[Any], meta: Metadata, at: dt.datetime, position: int, version: int
) -> None:
    commit: Commit = {
        **golden()[0],
        "_id": position,
        "v0": version,
        "n": len(events),
        "ev": events,
        "meta": meta.dump(),
        "at": milliseconds(at),
    }
    messages = messages_of("toy", commit)
    expected = delivered_of("toy", commit)
    assert len(messages) == len(expected) == len(events)
    for message, one in zip(messages, expected, strict=True):
        assert same(read(message), one)
        assert message.key == meta.pk.encode()
        assert dt.datetime.fromtimestamp(message.timestamp_ms / 1000, dt.UTC) == commit["at"]


def test_a_record_without_trace_or_person_is_read_too() -> None:
    meta = Metadata(pk="p", actor="feed", actor_kind="feed", correlation_id="c")
    [message] = messages_of("toy", {**golden()[0], "meta": meta.dump()})
    assert read(message).meta == meta
    assert read(message).traceparent is None
    with_trace = {**meta.dump(), "traceparent": "00-aa-bb-01"}
    [message] = messages_of("toy", {**golden()[0], "meta": with_trace})
    assert read(message).traceparent == "00-aa-bb-01"


@pytest.mark.parametrize(
    "missing",
    [
        "ce_id",
        "ce_type",
        "ce_subject",
        "ce_sequence",
        "ce_position",
        "ce_index",
        "ce_time",
        "ce_dataschema",
        "ce_commithash",
    ],
)
def test_a_record_without_a_header_is_not_one_of_ours(missing: str) -> None:
    [message] = messages_of("toy", golden()[0])
    headers = {name: value for name, value in message.headers if name != missing}
    with pytest.raises(UNREADABLE):
        delivered(headers, message.value)


@pytest.mark.parametrize(
    "value",
    [b"", b"not json", b"[]", b"5", b"null", b'"text"', b'{"pii":5}', b'{"pii":{"a":"b"}}', b'{"pii":{"a":{}}}', None],
)
def test_a_value_that_is_no_event_is_not_one_of_ours(value: Any) -> None:
    headers = dict(messages_of("toy", golden()[0])[0].headers)
    with pytest.raises(UNREADABLE):
        delivered(headers, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_sequence", b"x"),
        ("ce_time", b"yesterday"),
        ("ce_dataschema", b"urn"),
        ("ce_id", b"\xff"),
        ("ce_type", None),
    ],
)
def test_a_header_that_means_nothing_is_not_one_of_ours(name: str, value: Any) -> None:
    [message] = messages_of("toy", golden()[0])
    with pytest.raises(UNREADABLE):
        delivered({**dict(message.headers), name: value}, message.value)
