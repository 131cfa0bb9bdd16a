"""Canonical JSON: golden vectors that never change, and the same bytes as the standard library would give."""

import datetime as dt
import hashlib
import json
import uuid
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.canonical import b64url, canonical, digest, iso, milliseconds, unb64url, uuid5
from tests import recompute

VECTORS = json.loads((Path(__file__).parents[1] / "golden" / "canonical.json").read_text(encoding="utf-8"))

KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TIMES = st.datetimes(timezones=st.timezones(), min_value=dt.datetime(1902, 1, 1), max_value=dt.datetime(2100, 1, 1))  # noqa: DTZ001 - hypothesis adds the zone
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXTS | st.binary(max_size=12) | TIMES,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(KEYS, children, max_size=4),
    max_leaves=12,
)


def value_of(written: Any) -> Any:
    """From the notation of the golden file."""
    if isinstance(written, list):
        return [value_of(item) for item in written]
    if not isinstance(written, dict):
        return written
    if "$bytes" in written:
        return bytes.fromhex(written["$bytes"])
    if "$time" in written:
        return dt.datetime.fromisoformat(written["$time"])
    return {key: value_of(item) for key, item in written.items()}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_golden_vectors(vector: dict[str, Any]) -> None:
    value = value_of(vector["value"])
    assert canonical(value).decode() == vector["canonical"]
    assert digest(value).hex() == vector["sha256"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_golden_vectors_with_the_standard_library_alone(vector: dict[str, Any]) -> None:
    written = recompute.canonical(recompute.as_json(value_of(vector["value"])))
    assert written.decode() == vector["canonical"]
    assert hashlib.sha256(written).hexdigest() == vector["sha256"]


@given(VALUES)
def test_any_value_has_the_bytes_that_the_standard_library_gives(value: Any) -> None:
    assert canonical(value) == recompute.canonical(recompute.as_json(value))


@given(VALUES)
def test_the_canonical_form_is_the_form_of_what_it_reads_as(value: Any) -> None:
    once = canonical(value)
    assert canonical(json.loads(once)) == once


@given(st.dictionaries(KEYS, st.integers(0, 9), max_size=6), st.randoms())
def test_the_order_in_which_keys_were_put_does_not_matter(value: dict[str, int], shuffle: Any) -> None:
    items = list(value.items())
    shuffle.shuffle(items)
    assert canonical(dict(items)) == canonical(value)


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        {"amount": [{"deep": 0.5}]},
        {"é": 1},
        {1: "key"},
        {"set"},
        pytest.param(object(), id="an object"),  # its own text holds an address, and workers must agree on names
        2**64,
        -(2**63) - 1,
        "\ud800",
        dt.date(2026, 3, 14),
        dt.datetime(2026, 3, 14, 9, 26),  # noqa: DTZ001 - a time without zone is what is refused
    ],
    ids=repr,
)
def test_what_has_no_one_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


@given(st.uuids(), TEXTS)
def test_a_named_id_is_the_one_of_the_standard_library(namespace: uuid.UUID, name: str) -> None:
    assert uuid5(str(namespace), name) == str(uuid.uuid5(namespace, name))


@pytest.mark.parametrize("namespace", ["", "ab", "no-uuid", "0" * 34])
def test_a_namespace_is_a_uuid(namespace: str) -> None:
    with pytest.raises(ValueError, match=r"UUID|hexadecimal"):
        uuid5(namespace, "x")


@pytest.mark.parametrize(
    "value", [uuid.UUID(int=1), StrEnum("S", "A").A, bytearray(b"x"), {"a": type("T", (str,), {})()}]
)  # type: ignore[attr-defined]
def test_what_the_serializer_would_take_for_a_text_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_bytes_and_mappings_of_other_classes_are_written_as_what_they_are() -> None:
    class Binary(bytes):
        """As the database's driver gives them."""

    assert canonical(MappingProxyType({"b": Binary(b"abc"), "a": (1,)})) == b'{"a":[1],"b":"YWJj"}'


def test_true_is_not_one() -> None:
    assert canonical([True, 1]) == b"[true,1]"


def test_an_integer_of_another_class_is_written_as_the_integer_it_is() -> None:
    class Int64(int):
        """As the database's driver gives them."""

    assert canonical({"n": Int64(7)}) == b'{"n":7}'


@given(TIMES)
def test_times_are_cut_never_rounded_and_mean_the_same_instant(time: dt.datetime) -> None:
    cut = milliseconds(time)
    assert dt.timedelta() <= time - cut < dt.timedelta(milliseconds=1)
    assert cut.utcoffset() == dt.timedelta()
    assert milliseconds(cut) == cut
    assert iso(time) == iso(cut)
    assert dt.datetime.fromisoformat(iso(time)) == cut


@given(st.lists(TIMES, min_size=2))
def test_the_written_form_of_times_sorts_as_the_times_do(times: list[dt.datetime]) -> None:
    cut = [milliseconds(time) for time in times]
    assert sorted(map(iso, cut)) == [iso(time) for time in sorted(cut)]


@given(st.binary(max_size=64))
def test_base64url_is_read_back_and_needs_no_escaping(data: bytes) -> None:
    text = b64url(data)
    assert unb64url(text) == data
    assert not set(text) & set("+/=")
