"""Names, versions and metadata of events; payloads of every day stay readable (files under tests/golden/events/)."""

import copy
import json
import uuid
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import ValidationError

from shared.envelope import EventRegistry, Metadata, event_id
from shared.feeds.log import FeedAccepted, FeedStarted
from shared.kernel import ERASED, Erased, Event, Personal, Value
from shared.parking import ParkedEventSkipped
from shared.processes import ProcessStepped
from tests import toy

GOLDEN = Path(__file__).parents[1] / "golden" / "events"
TOY = EventRegistry("toy", toy.EVENTS, toy.UPCASTERS)
SHARED = EventRegistry("shared", [FeedAccepted, FeedStarted, ParkedEventSkipped, ProcessStepped])
EVERY_VERSION = [
    (registry, name, version)
    for registry in (TOY, SHARED)
    for name, event in registry.classes.items()
    for version in range(1, event.SCHEMA + 1)
]
every_version = pytest.mark.parametrize(
    ("registry", "name", "version"), EVERY_VERSION, ids=[f"{name}.v{version}" for _, name, version in EVERY_VERSION]
)


def golden(registry: EventRegistry, name: str, version: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A payload as it was written in its day, and what it reads as today."""
    found = json.loads((GOLDEN / registry.service / f"{name}.v{version}.json").read_text(encoding="utf-8"))
    return found["data"], found["today"]


@every_version
def test_a_payload_of_any_day_reads_as_todays_event(registry: EventRegistry, name: str, version: int) -> None:
    data, today = golden(registry, name, version)
    event = registry.load(name, version, data)
    assert type(event) is registry.classes[name]
    assert event.model_dump(mode="json") == today


@every_version
def test_reading_leaves_the_payload_as_it_is(registry: EventRegistry, name: str, version: int) -> None:
    data, _ = golden(registry, name, version)
    before = copy.deepcopy(data)
    registry.load(name, version, data)
    assert data == before


@pytest.mark.parametrize("registry", [TOY, SHARED], ids=lambda registry: registry.service)
def test_todays_code_writes_what_the_newest_golden_file_holds(registry: EventRegistry) -> None:
    for name, event in registry.classes.items():
        data, today = golden(registry, name, event.SCHEMA)
        assert data == today, f"{name} changed: raise its schema version, add a file and an upcaster"


def test_no_golden_file_is_left_that_no_class_answers_to() -> None:
    files = {(file.parent.name, file.stem) for file in GOLDEN.glob("*/*.json")}
    assert files == {(registry.service, f"{name}.v{version}") for registry, name, version in EVERY_VERSION}


def test_an_erased_value_goes_through_an_upcaster() -> None:
    data, _ = golden(TOY, "BoxOpened", 1)
    assert TOY.load("BoxOpened", 1, data | {"title": ERASED}) == toy.BoxOpened(
        at=toy.T0, person_id="anne", label=ERASED
    )


class Thing(Event, name="Thing", schema=4):
    steps: str


def test_an_old_payload_takes_every_step_in_order_and_a_newer_one_only_those_ahead() -> None:
    def step(number: int) -> Any:
        def upcast(data: dict[str, Any]) -> dict[str, Any]:
            data["steps"] += str(number)  # on purpose in place: it is given a copy
            return data

        return upcast

    registry = EventRegistry("s", [Thing], {("Thing", number): step(number) for number in (1, 2, 3)})
    stored = {"at": "2026-03-14T09:26:53Z", "steps": ""}
    taken = [registry.load("Thing", version, stored).model_dump()["steps"] for version in (1, 2, 3, 4)]
    assert taken == ["123", "23", "3", ""]
    assert stored["steps"] == ""


def test_an_unknown_name_and_a_payload_that_does_not_fit_are_errors() -> None:
    data, _ = golden(TOY, "BoxFilled", 1)
    with pytest.raises(KeyError):
        TOY.load("BoxBurnt", 1, data)
    with pytest.raises(ValidationError):
        TOY.load("BoxFilled", 1, data | {"colour": "red"})
    with pytest.raises(ValidationError):
        TOY.load("BoxFilled", 1, {"at": data["at"]})


class Nameless(Event):
    pass


class Twin(Event, name="BoxFilled"):
    pass


class Sealed(Event, name="Sealed"):
    pii: str


class Hidden(Event, name="Hidden"):
    person_id: str
    labels: list[Annotated[str | Erased, Personal("things")]]


class Inner(Value):
    person_id: str
    label: Annotated[str | Erased, Personal("things")]


class Nested(Event, name="Nested"):
    inner: Inner | None


class Endless(Event, name="Endless"):
    person_id: str
    label: Annotated[str, Personal("things")]


class Ownerless(Event, name="Ownerless"):
    label: Annotated[str | Erased, Personal("things")]


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ([Nameless], "stored name"),
        ([toy.BoxFilled, Twin], "stored name"),
        ([toy.BoxFilled, toy.BoxFilled], "stored name"),
        ([Thing], "no upcaster from version 1"),
        ([Sealed], "sealed fields"),
        ([Hidden], "mark the whole field"),
        ([Nested], "mark the whole field"),
        ([Endless], "able to be erased"),
        ([Ownerless], "whose it is"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[-1].__name__,
)
def test_a_class_that_could_not_be_read_back_is_refused_at_the_start(events: list[type[Event]], says: str) -> None:
    with pytest.raises(TypeError, match=says):
        EventRegistry("toy", events)


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_a_missing_step_is_noticed_at_the_start(missing: int) -> None:
    steps = {("Thing", number): dict for number in (1, 2, 3) if number != missing}
    with pytest.raises(TypeError, match=f"no upcaster from version {missing}"):
        EventRegistry("s", [Thing], steps)


def test_an_events_id_is_fixed_by_its_command_and_place() -> None:
    cmd = "0b2f6f0e-6ad3-5d46-9b9e-6f4a4d3d1a11"
    assert event_id(cmd, 0) == "7e3acb83-e8ab-53ab-ad6b-32c1e21eec35"
    assert event_id(cmd, 1) == str(uuid.uuid5(uuid.UUID(cmd), "1"))
    assert len({event_id(one, index) for one in (cmd, str(uuid.uuid4())) for index in range(50)}) == 100


def test_metadata_is_stored_without_what_is_absent_and_read_back() -> None:
    meta = Metadata(pk="p", actor="a", actor_kind="feed", correlation_id="c", person_id="p", channel="feed")
    assert meta.dump() == {
        "pk": "p",
        "actor": "a",
        "actor_kind": "feed",
        "correlation_id": "c",
        "person_id": "p",
        "channel": "feed",
    }
    assert Metadata(**meta.dump()) == meta
