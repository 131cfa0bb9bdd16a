"""A document is explained by the events that made it, field by field, today or as of an instant."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.admin.masking import masked, shape
from shared.codec import EventCodec
from shared.envelope import EventRegistry
from shared.kernel import ERASED, Erased, Value
from shared.projections.explain import ABSENT, Change, Explanation, changes, differing, explain
from tests import toy
from tests.shared.lab import Lab
from tests.shared.toybox import opened_and_filled

KEY = bytes(32)


class Noted(Value):
    note: str | Erased | None = None


@pytest.fixture
async def lab() -> Lab:
    made = Lab(toy.summary, toy.heaps)
    for person in ("ann", "bob"):
        _, events = opened_and_filled(person, 5, 5, 7)
        for event in events:
            await made.append(person, event)
    return made


async def test_each_event_shows_what_it_changed(lab):
    found = await explain(lab.store, lab.codec, toy.summary, "ann")
    opened, first, second, third = found.steps
    assert opened.changes["label"] == Change(ABSENT, "label of ann")
    entry = opened.delivery
    assert (entry.stored["type"], entry.position, entry.meta.actor) == ("BoxOpened", 1, "ann")
    assert [step.changes["content"] for step in (first, second, third)] == [Change(0, 5), Change(5, 10), Change(10, 17)]
    assert [step.changes.get("label") for step in (first, second, third)] == [None] * 3
    assert found.document == (await lab.expected(toy.summary))["ann"]


async def test_only_the_events_of_this_document_explain_it(lab):
    found = await explain(lab.store, lab.codec, toy.heaps, "ann|5", persons=["ann"])
    assert [step.delivery.version for step in found.steps] == [2, 3]
    assert found.document == toy.Heap(amount=5, count=2)


async def test_a_document_of_nobody_has_no_explanation(lab):
    assert await explain(lab.store, lab.codec, toy.summary, "eve") == Explanation()


async def test_a_key_that_is_parked_is_explained_as_far_as_it_goes(lab):
    def stops(document, event):
        if isinstance(event, toy.BoxFilled) and event.amount == 7:
            raise KeyError("a secret")
        return toy.summarise(document, event)

    found = await explain(lab.store, lab.codec, replace(toy.summary, evolve=stops), "ann")
    assert [step.delivery.version for step in found.steps] == [1, 2, 3]
    assert (found.document.content, found.failure.delivery.version, found.failure.error) == (10, 4, "KeyError")


async def test_an_event_that_nobody_can_read_any_more_is_where_it_stops(lab):
    forgotten = EventCodec(EventRegistry("toy", [toy.BoxOpened], toy.UPCASTERS), lab.vault)
    found = await explain(lab.store, forgotten, toy.summary, "ann")
    assert [step.delivery.version for step in found.steps] == [1]
    assert (found.failure.delivery.version, found.failure.error) == (2, "KeyError")


async def test_it_is_shown_as_of_an_instant(lab):
    before = toy.T0 - dt.timedelta(milliseconds=1)
    assert (await explain(lab.store, lab.codec, toy.summary, "ann", until=before)).document is None
    assert (await explain(lab.store, lab.codec, toy.summary, "ann", until=toy.T0)).document.content == 17


async def test_what_is_erased_is_explained_as_erased(lab):
    await lab.vault.destroy("ann", "things", toy.T0)
    found = await explain(lab.store, lab.codec, toy.summary, "ann")
    assert found.steps[0].changes["label"] == Change(ABSENT, ERASED.value)
    assert found.document.content == 17


async def test_what_held_nothing_and_reads_as_erased_is_no_difference():
    explained = toy.Summary(person_id="ann", label=ERASED, content=3)
    for label, content, found in ((ERASED, 3, []), ("hush", 3, ["label"]), (ERASED, 4, ["content"])):
        live = toy.Summary(person_id="ann", label=label, content=content)
        assert differing(explained, live) == found
    assert differing(Noted(), Noted(note=ERASED)) == []
    assert differing(Noted(note="x"), Noted(note=ERASED)) == ["note"]
    assert differing(None, Noted(note=ERASED)) == []


def test_a_document_that_is_deleted_loses_its_fields():
    assert changes(toy.Heap(amount=1, count=2), None) == {"amount": Change(1, ABSENT), "count": Change(2, ABSENT)}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "nothing"),
        (True, "yes/no"),
        (7, "number"),
        ("abc", "text(3)"),
        ([1, 2], "list(2)"),
        ({"a": 1}, "object(1)"),
    ],
)
def test_operations_see_the_shape_of_a_value(value, said):
    assert shape(value) == said
    assert masked(value, KEY)["shape"] == said


@given(st.text(min_size=1), st.text(min_size=1))
def test_two_values_are_told_apart_or_alike_and_nothing_is_shown(one, other):
    assert (masked(one, KEY) == masked(other, KEY)) is (one == other)
    assert masked(one, KEY)["hash"] != masked(one, bytes(31) + b"1")["hash"]
    assert masked(ABSENT, KEY) is None
