"""Events become stored events and come back: sealed on the way in, opened on the way out, old ones brought to today."""

import json
from collections.abc import Collection
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from shared.codec import EventCodec
from shared.envelope import event_id
from shared.event_store import Commit, MemoryEventStore
from shared.event_store.protocol import Draft, StoredEvent
from shared.kernel import ERASED
from shared.messaging import delivered_of
from shared.personal_data import KeyMissing, MemoryKeyStore, Vault, seal
from shared.testing.clock import HandClock
from tests import toy
from tests.parts import codec, metadata, vault

CMD = "0b2f6f0e-6ad3-5d46-9b9e-6f4a4d3d1a11"
STREAM = "box:anne"
OPENED = toy.BoxOpened(at=toy.T0, person_id="anne", label="Noël, œuvre")
FILLED = toy.BoxFilled(at=toy.T0, person_id="anne", amount=3)


@pytest.fixture
def keys() -> Vault:
    return vault()


@pytest.fixture
def events(keys: Vault) -> EventCodec:
    return codec(keys)


async def committed(stored: list[StoredEvent], stream: str = STREAM) -> Commit:
    store = MemoryEventStore(HandClock())
    await store.append(Draft(stream, 0, CMD, b"", stored, metadata().dump()))
    return (await store.window(0))[0]


async def test_events_come_back_as_they_were(events: EventCodec) -> None:
    commit = await committed(await events.encode([OPENED, FILLED], STREAM, CMD))
    recorded = await events.decode([commit])
    assert [one.event for one in recorded] == [OPENED, FILLED]
    assert [(one.version, one.index, one.position) for one in recorded] == [(1, 0, 1), (2, 1, 1)]
    assert [one.type for one in recorded] == ["BoxOpened", "BoxFilled"]
    assert [one.id for one in recorded] == [event_id(CMD, 0), event_id(CMD, 1)]
    assert {(one.stream, one.recorded_at, one.meta) for one in recorded} == {(STREAM, HandClock().now(), metadata())}


async def test_a_personal_value_stands_nowhere_in_the_stored_form(events: EventCodec) -> None:
    [opened, filled] = await events.encode([OPENED, FILLED], STREAM, CMD)
    assert "label" not in opened["data"]
    assert set(opened["pii"]) == {"label"}
    assert opened["pii"]["label"]["k"] == "anne/things"
    assert "Noël" not in repr(opened)
    assert "Noël".encode() not in opened["pii"]["label"]["c"]
    assert "pii" not in filled


async def test_an_id_is_the_same_on_every_retry_though_the_ciphertext_is_not(events: EventCodec) -> None:
    [first] = await events.encode([OPENED], STREAM, CMD)
    [again] = await events.encode([OPENED], STREAM, CMD)
    assert first["id"] == again["id"]
    assert first["pii"]["label"]["c"] != again["pii"]["label"]["c"]


@given(label=st.text(st.characters(exclude_categories=["Cs"])), amount=st.integers(-(2**63), 2**63 - 1))
async def test_any_value_comes_back(label: str, amount: int) -> None:
    events = codec(vault())
    wanted = [toy.BoxOpened(at=toy.T0, person_id="anne", label=label), FILLED.model_copy(update={"amount": amount})]
    stored = await events.encode(wanted, STREAM, CMD)
    back = [one.event for one in await events.decode([await committed(stored)])]
    assert back == (wanted if label != ERASED.value else [wanted[0].model_copy(update={"label": ERASED}), wanted[1]])


class WatchedKeys(MemoryKeyStore):
    """Remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[set[str]] = []

    async def load(self, refs: Collection[str]) -> list[dict[str, Any]]:
        self.asked.append(set(refs))
        return await super().load(refs)


async def test_an_event_without_personal_fields_needs_no_key() -> None:
    store = WatchedKeys()
    events = codec(Vault(store, bytes(32)))
    stored = await events.encode([FILLED], STREAM, CMD)
    assert [one.event for one in await events.decode([await committed(stored)])] == [FILLED]
    assert (store.asked, store.rows) == ([], {})


async def test_the_vault_is_asked_once_for_many_commits() -> None:
    store = WatchedKeys()
    events = codec(Vault(store, bytes(32)))
    people = ["anne", "paul", "zoé"]
    commits = []
    for one in people:
        stored = await events.encode([OPENED.model_copy(update={"person_id": one})], f"box:{one}", CMD)
        commits.append(await committed(stored, f"box:{one}"))
    store.asked.clear()
    assert len(await codec(Vault(store, bytes(32))).decode(commits)) == 3
    assert store.asked == [{f"{one}/things" for one in people}]


async def test_an_old_payload_is_opened_under_its_old_name_and_brought_to_today(
    keys: Vault, events: EventCodec
) -> None:
    class OldBoxOpened(toy.BoxOpened):
        title: toy.Kept[str]
        label: toy.Kept[str] = ""

    id_ = event_id(CMD, 0)
    held = await keys.ensure(["anne/things"])
    data = {"at": "2026-03-14T09:26:53.589Z", "person_id": "anne", "title": "as it was called", "label": ""}
    plain, sealed = seal(OldBoxOpened, data, held, f"{STREAM}|{id_}")
    del sealed["label"]
    commit = await committed([{"id": id_, "type": "BoxOpened", "sv": 1, "data": plain, "pii": sealed}])
    assert [one.event for one in await events.decode([commit])] == [
        toy.BoxOpened(at=toy.T0, person_id="anne", label="as it was called")
    ]
    await keys.destroy("anne", "things", toy.T0)
    assert [one.event for one in await events.decode([commit])] == [
        toy.BoxOpened(at=toy.T0, person_id="anne", label=ERASED)
    ]


@pytest.mark.parametrize("moved", ["event", "stream", "field"])
async def test_a_ciphertext_that_was_moved_does_not_open(events: EventCodec, moved: str) -> None:
    other = OPENED.model_copy(update={"label": "another"})
    stored = await events.encode([OPENED, other], STREAM, CMD)
    if moved == "event":
        stored[0]["pii"], stored[1]["pii"] = stored[1]["pii"], stored[0]["pii"]
    if moved == "field":
        stored[0]["pii"] = {"title": stored[0]["pii"]["label"]}
        stored[0]["sv"] = 1
    commit = await committed(stored, "box:other" if moved == "stream" else STREAM)
    with pytest.raises(InvalidTag):
        await events.decode([commit])


async def test_a_log_written_with_another_vault_is_not_taken_for_an_erased_one(events: EventCodec) -> None:
    commit = await committed(await events.encode([OPENED], STREAM, CMD))
    with pytest.raises(KeyMissing):
        await codec(vault()).decode([commit])
    [opened] = await codec(vault()).open(delivered_of("toy", commit))
    assert isinstance(opened.error, KeyMissing)


async def test_one_event_that_cannot_be_read_does_not_stop_the_others(events: EventCodec) -> None:
    stored = await events.encode([OPENED, FILLED, FILLED, FILLED], STREAM, CMD)
    stored[1]["data"] = {"nonsense": True}
    stored[2]["type"] = "Unheard"
    opened = await events.open(delivered_of("toy", await committed(stored)))
    assert [one.event for one in opened] == [OPENED, None, None, FILLED]
    assert [type(one.error).__name__ for one in opened] == ["NoneType", "ValidationError", "KeyError", "NoneType"]


async def test_what_is_stored_is_plain_json_and_ciphertext(events: EventCodec) -> None:
    [opened] = await events.encode([OPENED], STREAM, CMD)
    assert json.loads(json.dumps(opened["data"])) == opened["data"]
    assert isinstance(opened["pii"]["label"]["c"], bytes)
    assert (opened["type"], opened["sv"]) == ("BoxOpened", 2)
