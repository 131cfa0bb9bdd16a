"""What is stored for ever: the names of events, what they may hold, and which release reads them."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from shared.kernel import Event
from tests.architecture import golden

RUN = "if this is meant, run `make contracts` and have it reviewed"


@pytest.mark.parametrize("event", golden.event_classes(), ids=lambda event: event.__qualname__)
def test_every_event_has_a_stored_name_of_its_own(event: type[Event]) -> None:
    assert event.NAME, f"class {event.__name__}(Event, name=…)"


def test_every_event_of_a_service_is_known_to_it() -> None:
    known = {event for definition in golden.definitions() for event in definition.events}
    own = {event for event in golden.event_classes() if golden.owner(event) != "shared"}
    assert own - known == set()


def test_stored_names_are_those_agreed() -> None:
    agreed, today = golden.read(golden.EVENT_NAMES), golden.event_names()
    assert golden.lost_names(agreed, today) == []
    assert today == agreed, RUN


@pytest.mark.parametrize(
    "today",
    [{}, {"cards": {}}, {"cards": {"CardLost": 2}}, {"cards": {"CardReported": 2, "CardLost": 1}}],
    ids=["no service", "removed", "renamed", "lowered"],
)
def test_a_name_that_is_gone_is_found(today: dict[str, Any]) -> None:
    assert golden.lost_names({"cards": {"CardReported": 1, "CardLost": 2}}, today) != []


def test_a_new_name_or_a_newer_version_is_welcome() -> None:
    before = {"cards": {"CardLost": 1}}
    assert golden.lost_names(before, {"cards": {"CardLost": 2, "CardFound": 1}, "geo": {"PlaceOpened": 1}}) == []


def floats(model: type[BaseModel]) -> list[str]:
    """Where a payload could hold a number that is no integer: two programs do not agree on its hash (DESIGN §3)."""
    return list(_numbers(model.model_json_schema(mode="serialization"), model.__name__))


def _numbers(schema: Any, path: str) -> Any:
    if isinstance(schema, dict):
        if schema.get("type") == "number":
            yield path
        for name, part in schema.items():
            yield from _numbers(part, f"{path}.{name}")
    elif isinstance(schema, list):
        for part in schema:
            yield from _numbers(part, path)


@pytest.mark.parametrize("event", golden.event_classes(), ids=lambda event: event.__qualname__)
def test_no_event_holds_a_float(event: type[Event]) -> None:
    assert floats(event) == []


def test_a_float_is_found_however_deep() -> None:
    class Inner(BaseModel):
        rates: list[float | None]

    class Outer(BaseModel):
        amount: Decimal
        count: int
        inner: dict[str, Inner]

    assert len(floats(Outer)) == 1


def test_releases_are_those_agreed() -> None:
    agreed, today = golden.read(golden.RELEASES), golden.releases()
    assert golden.stuck_releases(agreed, today) == []
    assert today == agreed, RUN


BEFORE = {"cards": {"release": 3, "projections": {"cards.mine": 2}}}


@pytest.mark.parametrize("projections", [{"cards.mine": 3}, {"cards.mine": 2, "cards.new": 1}, {}])
@pytest.mark.parametrize(("release", "stuck"), [(3, True), (2, True), (4, False)])
def test_a_release_grows_with_its_projections(projections: dict[str, int], release: int, *, stuck: bool) -> None:
    today = {"cards": {"release": release, "projections": projections}}
    assert bool(golden.stuck_releases(BEFORE, today)) is stuck


def test_a_release_may_grow_alone() -> None:
    assert golden.stuck_releases(BEFORE, {"cards": {"release": 4, "projections": {"cards.mine": 2}}}) == []
