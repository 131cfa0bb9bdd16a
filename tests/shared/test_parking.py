"""What operations see of parked keys, what they may ask, and what the worker does about it."""

from dataclasses import replace
from typing import Any

import pytest

from shared.kafka import topic_of
from shared.kernel import Rejected
from shared.metrics import PARKED_KEYS
from shared.parking import ParkedEventSkipped, SkipParkedEvent, parking
from shared.service import Service
from shared.service.resuming import Resumer
from shared.testing.spec import Spec
from tests import toy
from tests.shared.reacting import Recorder, parked, reactor
from tests.shared.toybox import fill, in_background, log_of, opened_and_filled, read_model, until

SKIP = SkipParkedEvent(
    at=toy.T0, consumer="toy_tally__v1", stream="box:sick", version=2, event_id="e1", reason="counted by hand"
)


def test_a_skip_is_an_event_with_its_reason():
    Spec(parking).given().when(SKIP).then(ParkedEventSkipped(**SKIP.model_dump()))


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_skip_without_a_reason_is_refused(reason):
    Spec(parking).given().when(SKIP.model_copy(update={"reason": reason})).rejected("reason-required")


class Sick:
    """A service with one key parked by a projection, one by a reaction, and the resumer of its worker."""

    def __init__(self, service: Service, fragile: toy.Fragile, tally: Any) -> None:
        self.service, self.fragile, self.tally = service, fragile, tally
        self.recorder = Recorder("recorder", types=("BoxFilled",))
        self.projector = service.projector([tally])
        self.projector._patience = 0.0
        self.log: list[Any] = []

    async def made(self) -> "Sick":
        await fill(self.service, [opened_and_filled("sick", toy.POISON, 2), opened_and_filled("sound", 1)])
        await fill(self.service, [opened_and_filled("reacted", 1, 2)])
        place = topic_of(self.service.name)
        self.log = [replace(one, place=(place, 0, number)) for number, one in enumerate(await log_of(self.service))]
        self.recorder.fails("reacted", 2, ZeroDivisionError())
        await self.projector.apply(self.log)
        await reactor(self.service, self.recorder).apply(self.log)
        return self

    def resumer(self) -> Resumer:
        return self.service.resumer(self.projector, {"toy": reactor(self.service, self.recorder)})

    async def ask(self, consumer: str, person: str, action: str, reason: str = "it is mended") -> None:
        assert await self.service.parking.ask(f"{consumer}|box:{person}", action, "ann", reason)

    async def carried_out(self) -> None:
        for row in self.service.parking.due(await self.service.parking.rows()):
            await self.resumer().carry_out(row)

    async def skipped(self) -> list[tuple[ParkedEventSkipped, str, str]]:
        commits = [commit for commit in await self.service.store.window(0) if commit["s"].startswith("parking:")]
        found = await self.service.codec.decode(commits)
        return [(one.event, one.meta.actor, one.meta.actor_kind) for one in found]  # type: ignore[misc]


@pytest.fixture
async def sick(make_service) -> Sick:
    fragile = toy.Fragile()
    tally = fragile.projection()
    return await Sick(await make_service(toy.definition(projections=[tally])), fragile, tally).made()


@pytest.mark.connected
async def test_rows_are_pointers_and_nobody_is_due_without_being_asked(sick):
    rows = await parked(sick.service)
    assert set(rows) == {"sick", "reacted"}
    assert "label of" not in str(rows)
    assert sick.service.parking.due(await sick.service.parking.rows()) == []


@pytest.mark.connected
async def test_asking_for_what_is_not_parked_says_so_and_a_skip_needs_a_reason(sick):
    assert not await sick.service.parking.ask("nobody|box:x", "retry", "ann", "")
    with pytest.raises(Rejected, match="reason-required"):
        await sick.service.parking.ask("recorder|box:reacted", "skip", "ann", " ")
    assert sick.service.parking.due(await sick.service.parking.rows()) == []


@pytest.mark.connected
async def test_a_retry_after_the_mend_repairs_a_projections_key(sick):
    sick.fragile.mended = True
    await sick.ask(sick.tally.id, "sick", "retry")
    await sick.carried_out()
    assert set(await parked(sick.service)) == {"reacted"}
    assert (await read_model(sick.service, sick.tally))["sick"] == toy.Tally(total=toy.POISON + 2)
    assert await sick.skipped() == []


@pytest.mark.connected
async def test_a_retry_in_vain_drops_the_request_and_says_nothing_was_skipped(sick):
    await sick.ask(sick.tally.id, "sick", "retry")
    await sick.carried_out()
    assert set(await parked(sick.service)) == {"sick", "reacted"}
    assert sick.service.parking.due(await sick.service.parking.rows()) == []
    assert await sick.skipped() == []


@pytest.mark.connected
async def test_a_skip_of_a_projections_event_is_recorded_with_actor_and_reason(sick):
    await sick.ask(sick.tally.id, "sick", "skip", "counted by hand")
    await sick.carried_out()
    assert (await read_model(sick.service, sick.tally))["sick"] == toy.Tally(total=2)
    [(event, actor, kind)] = await sick.skipped()
    assert (event.consumer, event.stream, event.version) == (sick.tally.id, "box:sick", 2)
    assert (event.reason, actor, kind) == ("counted by hand", "ann", "agent")


@pytest.mark.connected
async def test_a_skip_of_a_reactions_event_is_recorded_and_what_waited_is_told(sick, kafka):
    await sick.ask("recorder", "reacted", "skip", "told by phone")
    resumer = sick.resumer()
    reacting = resumer._reactors["recorder"]

    async def fetch(pointers: Any) -> Any:
        return [sick.log[pointer["offset"]] for pointer in pointers]

    [row] = sick.service.parking.due(await sick.service.parking.rows())
    await resumer._record(row, row["request"])
    await reacting.skip(row)
    assert await reacting.resume(row, fetch)
    assert [one for one in sick.recorder.told if one[0] == "reacted"] == [("reacted", 3)]
    assert [event.event_id for event, _, _ in await sick.skipped()] == [row["event_id"]]


@pytest.mark.connected
async def test_the_same_request_carried_out_twice_is_recorded_once(sick):
    await sick.ask(sick.tally.id, "sick", "skip", "counted by hand")
    [row] = sick.service.parking.due(await sick.service.parking.rows())
    for _ in range(2):
        await sick.resumer().carry_out(row)
    assert len(await sick.skipped()) == 1
    assert (await read_model(sick.service, sick.tally))["sick"] == toy.Tally(total=2)


@pytest.mark.connected
async def test_a_request_that_cannot_be_carried_out_is_refused_and_holds_up_no_other(sick):
    """Filed past the door: without a reason, and for a consumer that another release runs, of a topic that nobody reads."""
    bad = {"request": {"action": "skip", "actor": "ann", "reason": "", "at": toy.T0}}
    await sick.service.database["parked"].update_one({"_id": f"{sick.tally.id}|box:sick"}, {"$set": bad})
    strange = {"_id": "old__v1|box:x", "consumer": "old__v1", "stream": "box:x", "kind": "projection", "at": toy.T0}
    await sick.service.database["parked"].insert_one({**strange, **bad})
    await sick.service.parking.unreadable("other.events.v1", 3, 17, ValueError())
    await sick.service.parking.ask("record|other.events.v1|3|17", "retry", "ann", "")
    await sick.carried_out()
    rows = {row["_id"]: row for row in await sick.service.parking.rows()}
    assert rows[f"{sick.tally.id}|box:sick"]["refused"] == "Rejected"
    assert "request" in rows["old__v1|box:x"]  # its own worker will see it
    assert rows["record|other.events.v1|3|17"]["refused"] == "Rejected"
    assert await sick.skipped() == []


@pytest.mark.connected
async def test_an_unreadable_record_is_shown_and_can_be_let_go_for_a_reason(sick):
    for _ in range(2):
        await sick.service.parking.unreadable("toy.events.v1", 3, 17, ValueError("a value"))
    [row] = [row for row in await sick.service.parking.rows() if row["kind"] == "record"]
    assert (row["consumer"], row["stream"], row["version"], row["error"]) == ("toy.events.v1", "3", 17, "ValueError")
    assert "a value" not in str(row)
    await sick.service.parking.ask(row["_id"], "skip", "ann", "sent by a test")
    await sick.carried_out()
    assert row["_id"] not in {one["_id"] for one in await sick.service.parking.rows()}
    [(event, actor, _)] = await sick.skipped()
    assert (event.consumer, event.version, event.reason, actor) == ("toy.events.v1", 17, "sent by a test", "ann")


@pytest.mark.connected
async def test_the_worker_carries_out_requests_and_counts_what_is_parked(sick):
    gauge = PARKED_KEYS.labels("toy", sick.tally.id)

    async def counts(wanted: float) -> bool:
        return gauge._value.get() == wanted

    async with in_background(sick.resumer().run()) as [running]:
        await until(lambda: counts(1))
        sick.fragile.mended = True
        await sick.ask(sick.tally.id, "sick", "retry")
        await until(lambda: counts(0))
        assert not running.done()
