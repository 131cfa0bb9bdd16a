"""What looks personal or secret never passes; what only looks like it by chance does."""

import datetime as dt
import json
import time
import uuid
from decimal import Decimal
from enum import StrEnum
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr, ValidationError

from shared.redaction import REDACTED, describe, redact, redact_message, redact_text

PERSONAL = [
    pytest.param("185057800608436", id="15 digits"),
    pytest.param("1850578006084", id="13 digits"),
    pytest.param("1 85 05 78 006 084 36", id="15 digits in groups"),
    pytest.param("1.85.05.78.006.084", id="13 digits with dots"),
    pytest.param("1\u202f85\u00a005\u202f78\u202f006\u202f084\u202f36", id="groups with no-break spaces"),
    pytest.param("185052A00608436", id="one letter among the digits"),
    pytest.param("1 85 05 2B 006 084 36", id="one letter, in groups"),
    pytest.param("FR7630006000011234567890189", id="account number"),
    pytest.param("fr76 3000 6000 0112 3456 7890 189", id="account number in groups, small letters"),
    pytest.param("DE89370400440532013000", id="foreign account number"),
    pytest.param("NO9386011117947", id="the shortest account number"),
    pytest.param("MT84MALT011000012345MTLCAST001S", id="a long one with letters"),
    pytest.param("camille.martin@exemple.fr", id="e-mail"),
    pytest.param("camille+tag@sub.exemple.co.uk", id="e-mail with tag"),
    pytest.param("hélène@exemple.fr", id="e-mail with accents"),
    pytest.param("camille%40exemple.fr", id="e-mail in a URL"),
    pytest.param("mongodb://cards:pass-word@127.0.0.1:27017", id="password in a URL"),
    pytest.param("eyJhbGciOiJFZDI1NTE5In0.eyJzdWIiOiJ4In0.c2ln", id="signed token"),
    pytest.param("id185057800608436x", id="15 digits glued to letters"),
    pytest.param("n_1850578006084_", id="13 digits glued to underscores"),
    pytest.param("account_NL91ABNA0417164300_", id="account number glued to underscores"),
    pytest.param("Bearer abc.def", id="authorization header"),
]

HARMLESS = [
    "0f8fad5b-d9cb-469f-a165-708677289501",
    "00000000-0000-4000-8000-000000000000",
    "11111111-1111-1111-1111-111111111111",
    "vitale:0f8fad5b-d9cb-469f-a165-70867728950e",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "12345678901234567890123456789012",
    "2026-11-24T22:54:06.123Z",
    "2026-11-24 22:54:06",
    "cards.events.v1 partition 11 offset 123456789012",
    "127.0.0.1:27017",
    "SHA256 of commit 4711",
    "Started server process [1234]",
    "py311 worker started with 12 partitions",
    "ms=12.5",
    "",
]


@pytest.mark.parametrize("value", PERSONAL)
@pytest.mark.parametrize("around", ["{}", "what is {} doing here", '{{"key":"{}"}}', "a={};b=1", "({})", "→{}←"])
def test_personal_patterns_are_replaced_wherever_they_stand(value: str, around: str) -> None:
    shown = redact_text(around.format(value))
    assert value not in shown
    assert REDACTED in shown


@pytest.mark.parametrize("value", HARMLESS)
def test_identifiers_times_and_positions_stay_as_they_are(value: str) -> None:
    assert redact_text(value) == value


@given(st.uuids())
def test_no_uuid_is_ever_taken_for_a_number(value: uuid.UUID) -> None:
    assert redact_text(f"cmd {value}") == f"cmd {value}"
    assert redact_text(value.hex) == value.hex


@given(st.text(alphabet="0123456789", min_size=13, max_size=15), st.text(max_size=5), st.text(max_size=5))
def test_no_long_number_passes_between_any_two_texts(number: str, before: str, after: str) -> None:
    assert number not in redact_text(f"{before} {number} {after}")


@pytest.mark.parametrize("value", PERSONAL)
@pytest.mark.parametrize(
    "key", ["event", "anything", "trace_id", "span_id", "traceparent", "timestamp", "cmd", "stream", "level"]
)
def test_under_no_key_does_a_personal_value_pass(key: str, value: str) -> None:
    assert value not in json.dumps(redact(key, value), ensure_ascii=False)
    assert value not in json.dumps(redact(key, {"deep": [{value: value}, (value,)]}), ensure_ascii=False)


def test_known_keys_let_their_own_shape_pass_and_nothing_else() -> None:
    assert redact("span_id", "1234567890123456") == "1234567890123456"
    assert redact("elsewhere", "1234567890123456") == REDACTED
    assert redact("span_id", "123456789012345") == REDACTED


@pytest.mark.parametrize(
    "key",
    [
        *("password", "KAFKA_PASSWORD", "passphrase", "client_secret", "access_token", "Authorization", "Set-Cookie"),
        *("pepper", "kek", "private_key", "hash_key", "api-key", "credential", "otp"),
    ],
)
def test_secret_keys_show_nothing_at_all(key: str) -> None:
    assert redact(key, "short") == REDACTED
    assert redact("outer", {key: ["short"]}) == {key: REDACTED}


@pytest.mark.parametrize("key", ["code", "outcome", "problem", "key", "partition_key", "kind", "topic"])
def test_ordinary_keys_are_not_taken_for_secrets(key: str) -> None:
    assert redact(key, "vitale-already-reported") == "vitale-already-reported"


def test_numbers_as_long_as_personal_ones_are_replaced() -> None:
    assert redact("n", 185057800608436) == REDACTED
    assert redact("n", -185057800608436) == REDACTED
    assert redact("n", 1.85057800608436e14) == REDACTED
    assert redact("n", 123_456_789_012) == 123_456_789_012
    assert redact("ms", 0.123456789012345) == 0.123456789012345


def test_values_of_known_kinds_are_shown() -> None:
    class Step(StrEnum):
        ORDERED = "ordered"

    at = dt.datetime(2026, 11, 24, 22, 54, 6, tzinfo=dt.UTC)
    some_id = uuid.uuid4()
    shown = redact("x", [None, True, 3, Step.ORDERED, at, some_id, PurePosixPath("a/b"), Decimal("1.50")])
    assert shown == [None, True, 3, "ordered", "2026-11-24 22:54:06+00:00", str(some_id), "a/b", "1.50"]


def test_objects_bytes_and_depths_show_their_class_only() -> None:
    class Payload(BaseModel):
        name: str = "Dupont"

    deep: dict[str, object] = {}
    inner = deep
    for _ in range(20):
        inner["x"] = inner = {}
    assert redact("x", Payload()) == "<Payload>"
    assert redact("x", b"Dupont") == "<bytes>"
    assert redact("x", ValueError("Dupont")) == "<ValueError>"
    assert redact("x", SecretStr("Dupont")) == "<SecretStr>"
    assert "<dict>" in json.dumps(redact("x", deep))


def test_a_long_text_is_cut_and_a_number_at_the_cut_does_not_pass() -> None:
    for start in range(3880, 4010):
        shown = redact_text("x" * start + " 185057800608436 " + "y" * 5000)
        assert len(shown) < 4000
        assert "1850578" not in shown


def test_a_hostile_text_takes_no_time() -> None:
    started = time.process_time()
    redact_text("a" * 1_000_000)
    redact_text("1 " * 500_000)
    redact_text("a@" * 500_000)
    redact_text("a" * 1_000_000 + "@")
    redact_text("Error(" * 100_000)
    assert time.process_time() - started < 1


def fail_for_a_cause() -> None:
    try:
        _ = dict[str, int]()["Dupont"]
    except KeyError as cause:
        raise ValueError("Martin") from cause


def test_an_exception_is_described_by_classes_and_frames() -> None:
    with pytest.raises(ValueError, match="Martin") as caught:
        fail_for_a_cause()
    described = describe(caught.value)
    assert [entry["class"] for entry in described] == ["ValueError", "KeyError"]
    assert described[0]["frames"][-1].startswith(__file__)
    assert described[0]["frames"][-1].endswith(":fail_for_a_cause")
    assert "Dupont" not in str(described)
    assert "Martin" not in str(described)


def test_a_group_of_exceptions_is_described_without_messages() -> None:
    described = describe(ExceptionGroup("Durand", [ValueError("Dupont"), TypeError("Martin")]))
    assert described[0]["class"] == "ExceptionGroup"
    assert [entry[0]["class"] for entry in described[0]["group"]] == ["ValueError", "TypeError"]
    assert not {"Durand", "Dupont", "Martin"} & set(str(described).replace("'", " ").split())


def test_a_circle_of_causes_ends() -> None:
    one, two = ValueError(), ValueError()
    one.__cause__, two.__cause__ = two, one
    assert len(describe(one)) == 2


TRACEBACK = """something failed
Traceback (most recent call last):
  File "worker.py", line 3, in run
    raise Refusal("Dupont")
app.Refusal: Dupont
lives at Lyon
"""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("exception=ValueError('Dupont')>", "exception=ValueError(…)>"),
        ("Crashed: KeyError('Dupont', 'Lyon')", "Crashed: KeyError(…)"),
        ("done\napp.BadError: Dupont", "done\napp.BadError"),
        (
            TRACEBACK,
            'something failed\nTraceback (most recent call last):\n  File "worker.py", line 3, in run\napp.Refusal',
        ),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_a_librarys_text_keeps_the_class_of_an_exception_and_loses_its_message(text: str, shown: str) -> None:
    assert redact_message(text) == shown


def test_a_refused_input_is_cut_out_of_pydantics_text() -> None:
    class Form(BaseModel):
        year: int

    with pytest.raises(ValidationError) as caught:
        Form.model_validate({"year": "Dupont"})
    assert "Dupont" in str(caught.value)
    assert "Dupont" not in redact_message(str(caught.value))
