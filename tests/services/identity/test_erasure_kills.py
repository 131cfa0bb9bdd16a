"""The processes that forget somebody, killed at seeded points of destruction: it goes on, and is certified once."""

import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.local.stack import Stack
from services.identity.read_models.erasure_cases import erasure_cases
from shared.mongo import Client
from shared.settings import BaseServiceSettings
from tests.conftest import toy_settings
from tests.programs.erasure_held import REACHED, left
from tests.scale import sized
from tests.shared.rounds import deaths, run_rounds

pytestmark = pytest.mark.connected
DEATHS = sized(10, 80)


@dataclass(frozen=True)
class Ground:
    """Where they run, and what they have written."""

    settings: BaseServiceSettings
    suffix: str
    mongo: Client

    async def run(self) -> list[dict[str, Any]]:
        """So many processes, each with somebody who wants to be forgotten and a point to die at; then one to the end."""
        rounds: Sequence[dict[str, Any]] = [*({"seed": seed} for seed in range(DEATHS)), {}]
        facts = {"asks": 1, "suffix": self.suffix}
        return await run_rounds("erasure_run", self.settings, [{**one, **facts} for one in rounds])

    async def events(self, service: str, event_type: str) -> list[dict[str, Any]]:
        """In the log of a service; nothing personal stands in these."""
        commits = self.mongo[f"{service}{self.suffix}"]["commits"].find({"ev.type": event_type})
        return [one["data"] async for commit in commits for one in commit["ev"] if one["type"] == event_type]


@pytest.fixture
async def ground(stack: Stack, mongo: Client, tmp_path: Path, topic: Callable[[str], str]) -> AsyncIterator[Ground]:
    suffix = uuid.uuid4().hex[:8]
    for name in REACHED:
        topic(f"{name}{suffix}")
    yield Ground(toy_settings(stack, "unused", tmp_path), suffix, mongo)
    for name in REACHED:
        await mongo.drop_database(f"{name}{suffix}")


async def test_killed_at_any_step_everything_goes_and_it_is_certified_once(ground: Ground) -> None:
    said = await ground.run()
    assert deaths(said) == [True] * DEATHS + [False]
    persons = [one["person"] for one in said if "person" in one]
    assert len(persons) == DEATHS + 1
    rest = await left(ground.mongo, f"identity{ground.suffix}", persons)
    assert {name: count for name, count in rest.items() if count} == {}
    assert list((ground.settings.var_dir / "letters" / "ready").iterdir()) == []

    for event_type in ("PersonErased", "ErasureCompleted", "AccountClosed"):
        told = Counter(one["person_id"] for one in await ground.events("identity", event_type))
        assert told == Counter(persons), event_type
    for service, reached in REACHED.items():
        answers = await ground.events(service, "PersonErasureCompleted")
        assert Counter(one["person_id"] for one in answers) == Counter(persons), service
        for one in answers:
            found = {line["what"]: line["count"] for line in one["reached"]}
            # The account's end gives its address back by itself: whichever comes first.
            assert found | {"claims": 2} == reached | {"claims": 2}, service
            assert found.get("claims", 1) in {1, 2}
    shown = ground.mongo[f"identity{ground.suffix}"][erasure_cases.id].find()
    cases = {one["_id"]: one async for one in shown}
    assert cases.keys() == set(persons)
    for case in cases.values():
        assert (case["status"], len(case["waits_for"])) == ("completed", 0)
        assert sorted(one["service"] for one in case["answers"]) == sorted(REACHED)
