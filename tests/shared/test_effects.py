"""The ledger of effects: sent once where the world can say what it took, and honestly counted where it can't."""

from typing import Any

import pytest

from shared.effects import Deferred, Effect, EffectHandler, NotAccepted, Permanent, Refused
from shared.metrics import EFFECTS
from shared.personal_data import MemoryKeyStore, Vault
from tests import toy
from tests.shared.world import SETTLED, EffectLab, World

pytestmark = pytest.mark.connected


@pytest.fixture
async def lab(make_service) -> EffectLab:
    return await EffectLab.of(await make_service(toy.definition()))


async def test_it_is_sent_once_however_often_it_is_told(lab):
    for _ in range(3):
        assert await lab.handle() == "done"
    assert lab.world.taken == {lab.identity: 1}
    row = await lab.row()
    assert (row["_id"], row["state"], row["tries"]) == (f"{lab.event.stored['id']}|welcome", "done", 1)
    assert lab.world.asked == 0


def test_an_effect_wants_its_own_event_from_its_beginning_on():
    effect = Effect("welcome", toy.BoxOpened, World().run, World().was_accepted, since=toy.T0)
    nothing: Any = {"effects": None}
    handler = EffectHandler(effect, nothing, nothing, nothing, "toy")
    assert handler.wants("BoxOpened")
    assert not handler.wants("BoxFilled")
    assert (handler.name, handler.since) == ("effect.welcome", toy.T0)


@pytest.mark.parametrize(("refusal", "outcome"), [(Permanent, "failed"), (Refused, "refused")])
async def test_what_no_retry_mends_ends_for_good_and_says_how(lab, refusal, outcome):
    lab.world.plan = [("before", refusal())]
    for _ in range(2):
        assert await lab.handle(finished=lab.world.finished) == outcome
    assert (lab.world.taken, lab.world.told) == ({}, [outcome])


async def test_what_was_certainly_not_taken_is_sent_again_without_asking(lab):
    lab.world.plan = [("before", NotAccepted()), ("before", NotAccepted())]
    assert await lab.handle() == "done"
    assert (lab.world.taken, lab.world.asked) == ({lab.identity: 1}, 0)
    assert (await lab.row())["tries"] == 3


async def test_what_asks_to_come_back_later_parks_its_key_and_is_open(lab):
    lab.world.plan = [("before", Deferred())]
    with pytest.raises(Deferred):
        await lab.handle()
    assert (await lab.row())["state"] == "claimed"
    assert await lab.handle() == "done"


@pytest.mark.parametrize(("when", "tries"), [("after", 1), ("before", 2)])
async def test_in_doubt_the_world_is_asked_and_it_is_sent_only_if_it_was_not_taken(lab, when, tries):
    lab.world.plan = [(when, ConnectionResetError())]
    assert await lab.handle() == "done"
    assert lab.world.taken == {lab.identity: 1}
    assert lab.world.asked == 1
    row = await lab.row()
    assert (row["tries"], "possible_duplicate" in row) == (tries, False)


@pytest.mark.parametrize(("when", "times"), [("after", 2), ("before", 1)])
async def test_where_the_world_cannot_say_it_goes_again_with_the_same_id_and_is_counted(lab, when, times):
    counter = EFFECTS.labels("toy", "welcome", "possible duplicate")
    before = counter._value.get()
    lab.world.answers = False
    lab.world.plan = [(when, ConnectionResetError())]
    assert await lab.handle() == "done"
    assert lab.world.taken == {lab.identity: times}
    assert (await lab.row())["possible_duplicate"] is True
    assert counter._value.get() == before + 1


async def test_where_the_world_cannot_say_a_reminder_does_not_go_again_and_shows_as_uncertain(lab):
    lab.world.answers = False
    lab.world.plan = [("before", ConnectionResetError())]
    for _ in range(2):
        assert await lab.handle(when_unknown="uncertain", finished=lab.world.finished) == "uncertain"
    assert (lab.world.taken, lab.world.told) == ({}, ["uncertain"])


async def test_a_failure_to_tell_the_outcome_sends_nothing_again(lab):
    lab.world.answers = False
    lab.world.deaf = [ConnectionResetError(), ConnectionResetError()]
    assert await lab.handle(finished=lab.world.finished) == "done"
    assert lab.world.taken == {lab.identity: 1}
    assert lab.world.told == ["done"]
    assert "possible_duplicate" not in await lab.row()


async def test_an_event_that_cannot_be_read_fails_before_anything_is_claimed(lab):
    effect = Effect("welcome", toy.BoxOpened, lab.world.run, lab.world.was_accepted)
    codec = type(lab.service.codec)(lab.service.codec.registry, Vault(MemoryKeyStore(), bytes(32)))
    blind = EffectHandler(effect, codec, lab.service.database, lab.service.clock, "toy", SETTLED)
    with pytest.raises(Exception, match="1 key"):
        await blind.handle(lab.event)
    assert await lab.service.database["effects"].count_documents({}) == 0
