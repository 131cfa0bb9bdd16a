"""An event of another service becomes commands of this one: read tolerantly, under fixed ids, in one conversation."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from shared.envelope import Metadata
from shared.kernel import ERASED, Erased, Issued
from shared.messaging import Delivered
from shared.personal_data import KeyMissing, MemoryKeyStore, Vault
from shared.reactions import Incoming, On, Reaction, ReactionHandler, caused_by, caused_id
from tests import toy
from tests.shared.lab import Lab
from tests.shared.toybox import box, opened_and_filled

SINCE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Opened(Incoming):
    """Only what is used here."""

    person_id: str
    label: str | Erased


def two_boxes(event: Opened, delivery: Delivered) -> list[Issued]:
    label = event.label if isinstance(event.label, str) else "erased"
    opening = toy.Open(at=delivery.recorded_at, person_id=event.person_id, label=label)
    return [Issued(box(f"{event.person_id}-{number}"), opening) for number in (1, 2)]


class Told:
    """A reaction, and what it had carried out."""

    def __init__(self, vault: Vault) -> None:
        self.done: list[tuple[Issued, str, Metadata]] = []
        self.refuses: set[str] = set()
        reaction = Reaction("doubling", "toy", SINCE, {"BoxOpened": On(Opened, two_boxes)})
        self.handler = ReactionHandler(reaction, vault, self.execute)

    async def execute(self, issued: Issued, cmd: str, meta: Metadata) -> bool:
        self.done.append((issued, cmd, meta))
        return issued.stream not in self.refuses


@pytest.fixture
async def lab() -> Lab:
    made = Lab()
    await made.append(*_ann())
    return made


def _ann() -> tuple[Any, ...]:
    person, events = opened_and_filled("ann", 1)
    return person, *events


@pytest.fixture
def told(lab) -> Told:
    return Told(lab.vault)


async def test_it_reads_only_what_it_uses_personal_fields_in_the_clear(lab, told):
    assert await told.handler.handle(lab.log()[0]) == "accepted"
    first, second = (issued for issued, _, _ in told.done)
    assert (first.stream, second.stream) == ("box:ann-1", "box:ann-2")
    assert first.command == toy.Open(at=toy.T0, person_id="ann", label="label of ann")


async def test_it_wants_the_types_it_handles_and_starts_when_it_was_deployed(told):
    assert told.handler.wants("BoxOpened")
    assert not told.handler.wants("BoxFilled")
    assert (told.handler.name, told.handler.since) == ("doubling", SINCE)


async def test_the_same_event_leads_to_the_same_ids_and_each_command_has_its_own(lab, told):
    for _ in range(2):
        await told.handler.handle(lab.log()[0])
    ids = [cmd for _, cmd, _ in told.done]
    assert ids[:2] == ids[2:]
    assert len(set(ids)) == 2
    assert ids[0] == caused_id("doubling", lab.log()[0].stored["id"])
    assert caused_id("other", lab.log()[0].stored["id"]) not in ids


async def test_one_refused_command_makes_a_refusal_and_the_others_are_carried_out(lab, told):
    told.refuses = {"box:ann-1"}
    assert await told.handler.handle(lab.log()[0]) == "refused"
    assert len(told.done) == 2


async def test_metadata_carries_on_the_conversation_one_cause_further(lab):
    [event, _] = lab.log()
    event = replace(event, attributes={**event.attributes, "member_id": "m1", "traceparent": "00-aa-bb-01"})
    meta = caused_by(event, "doubling", "box:ann-1")
    assert meta == Metadata(
        pk="ann-1",
        actor="doubling",
        actor_kind="process",
        correlation_id=event.meta.correlation_id,
        causation_id=event.stored["id"],
        member_id="m1",
        person_id="ann",
        traceparent="00-aa-bb-01",
    )


async def test_an_erased_field_arrives_as_the_typed_value(lab, told):
    await lab.vault.destroy("ann", "things", dt.datetime.now(dt.UTC))
    await told.handler.handle(lab.log()[0])
    assert told.done[0][0].command.label == "erased"
    assert ERASED.value == "effacé"


async def test_an_event_that_does_not_fit_fails_and_so_does_one_of_an_unknown_key(lab, told):
    bare = lab.log()[0]
    with pytest.raises(ValidationError):
        await told.handler.handle(replace(bare, stored={**bare.stored, "data": {}}))
    with pytest.raises(KeyMissing):
        await Told(Vault(MemoryKeyStore(), bytes(32))).handler.handle(bare)
    assert told.done == []
