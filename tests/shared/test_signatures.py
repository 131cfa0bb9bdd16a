"""Signed records: what the owner wrote is known again, and anything else is not, whatever was done to it."""

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.messaging import Message, Record
from shared.signatures import HEADER, TOGETHER, UnknownSignature, Verifier
from tests.signed import public_pem, signer

TOPIC = "toy.events.v1"
NAMES = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
BYTES = st.binary(max_size=12)
HEADERS = st.dictionaries(NAMES, BYTES, max_size=4).map(lambda found: list(found.items()))
MESSAGES = st.lists(st.builds(Message, BYTES, BYTES, HEADERS, st.just(0)), min_size=1, max_size=TOGETHER + 9)


def record(message: Message, topic: str = TOPIC) -> Record:
    return Record(topic, 3, 17, message.key, message.value, dict(message.headers))


def message(number: int) -> Message:
    return Message(b"p1", b'{"amount":%d}' % number, [("ce_id", b"e%d" % number), ("ce_sequence", b"1")], 0)


def changed(one: Record, header: str, value: bytes) -> Record:
    return one._replace(headers={**one.headers, header: value})


def signed(count: int = 5, number: int = 1) -> list[Record]:
    return [record(one) for one in signer("toy", number).sign(message(at) for at in range(count))]


def refused(one: Record, *keys: int, topic: str = TOPIC) -> bool:
    return not believed(Verifier(topic, "".join(map(public_pem, keys or (1,)))), one)


def believed(verifier: Verifier, one: Record) -> bool:
    try:
        verifier.check(one)
    except UnknownSignature:
        return False
    return True


@settings(deadline=None)
@given(MESSAGES)
def test_each_of_any_messages_is_proved_and_is_otherwise_as_it_was(messages: list[Message]) -> None:
    made = list(signer("toy").sign(messages))
    assert [one._replace(headers=one.headers[:-1]) for one in made] == messages
    assert not any(refused(record(one)) for one in made)


@settings(deadline=None)
@given(st.data())
def test_a_record_with_anything_changed_is_refused(data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(signed()))
    part = data.draw(st.sampled_from(["key", "value", *one.headers]))
    before = getattr(one, part) if part in ("key", "value") else one.headers[part]
    at = data.draw(st.integers(0, len(before) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    after = before[:at] + bytes([before[at] ^ bit]) + before[at + 1 :]
    assert refused(one._replace(**{part: after}) if part in ("key", "value") else changed(one, part, after))


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_what_was_checked_before_changes_no_answer(data: st.DataObject) -> None:
    records = signed(data.draw(st.integers(1, TOGETHER)))
    known = Verifier(TOPIC, public_pem(1))
    for one in data.draw(st.lists(st.sampled_from(records), min_size=1, max_size=20)):
        known.check(one)
        header = one.headers[HEADER]
        *fields, last = header.split(b" ")
        wrong = [header + b" " + b"A" * 43, b" ".join([*fields, b"A" * len(last)]), b" ".join(fields), header + b" "]
        other = records[data.draw(st.integers(0, len(records) - 1))].headers[HEADER]
        for changed_one in [one._replace(value=b"0"), *(changed(one, HEADER, proof) for proof in wrong)]:
            assert not believed(known, changed_one)
        assert believed(known, changed(one, HEADER, other)) is (other == header)
        assert believed(known, one)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(record(message(1)), id="unsigned"),
        pytest.param(changed(record(message(1)), HEADER, b""), id="empty"),
        pytest.param(changed(record(message(1)), HEADER, b"\xff"), id="no text"),
        pytest.param(changed(record(message(1)), HEADER, b"1 a 0 1"), id="short"),
        pytest.param(changed(signed()[0], HEADER, signed()[1].headers[HEADER]), id="proof of another"),
        pytest.param(changed(signed()[0], "ce_more", b"x"), id="header more"),
        pytest.param(
            signed()[0]._replace(headers={k: v for k, v in signed()[0].headers.items() if k != "ce_id"}),
            id="header less",
        ),
        pytest.param(
            signed()[0]._replace(headers=signed()[0].headers | {"ce_id": b"1", "ce_sequence": b"e0"}), id="swapped"
        ),
        pytest.param(
            changed(signed()[0], HEADER, b"2" + signed()[0].headers[HEADER][1:]), id="version that nobody knows"
        ),
        pytest.param(signed(number=2)[0], id="key of somebody else"),
        pytest.param(
            changed(
                signed(number=2)[0],
                HEADER,
                signed(number=2)[0]
                .headers[HEADER]
                .replace(*(one.headers[HEADER].split()[1] for one in (signed(number=2)[0], signed()[0]))),
            ),
            id="under the name of the right key",
        ),
    ],
)
def test_what_the_owner_did_not_sign_is_refused(one: Record) -> None:
    assert refused(one)


def test_what_was_signed_for_one_topic_is_refused_on_another() -> None:
    assert refused(signed()[0]._replace(topic="other.events.v1"), topic="other.events.v1")


def test_keys_of_before_are_believed_as_long_as_they_are_listed() -> None:
    old, new = signed(number=1)[0], signed(number=2)[0]
    assert [refused(old, 2, 1), refused(new, 2, 1)] == [False, False]
    assert [refused(old, 2), refused(new, 1)] == [True, True]


def test_messages_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def endless():
        while True:
            taken.append(1)
            yield message(len(taken))

    assert len(list(islice(signer("toy").sign(endless()), TOGETHER + 1))) == TOGETHER + 1
    assert len(taken) == 2 * TOGETHER
