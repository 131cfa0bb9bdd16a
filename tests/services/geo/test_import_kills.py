"""An import killed at seeded writes, and taken again, has the events of one that nobody killed: no more, no fewer."""

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from deploy.local.seed.directory import Places
from deploy.local.stack import Stack
from services.geo.domain.facts import Source
from services.geo.main import definition
from services.geo.settings import Settings
from shared.kernel import ERASED
from shared.mongo import Client
from shared.service import Service
from tests.scale import sized
from tests.services.geo.on_stack import change, geo_settings
from tests.shared.rounds import deaths, forget_the_dead_soon, run_rounds

pytestmark = [pytest.mark.connected, pytest.mark.slow]

ROWS = sized(400, 4_000)
KILLS = sized(4, 60)
"""Of each file."""
FILES = (("2026-11-12T00:00:00Z", "first.txt"), ("2026-11-13T00:00:00Z", "second.txt"))


def rounds(folder: Path, kills: int) -> list[dict[str, Any]]:
    """For each file so many that are killed, then one that is not."""
    chance = random.Random(7)  # noqa: S311 - the same points each time
    found: list[dict[str, Any]] = []
    for as_of, name in FILES:
        file = {"file": str(folder / name), "source": "rpps", "as_of": as_of}
        for _ in range(kills):
            collection = chance.choice(["commits", "commits", "keys"])
            point = chance.choice(["before", "amid", "after"])
            found.append({**file, "collection": collection, "at": chance.randint(1, 3), "point": point})
        found.append(file)
    return found


async def recorded(settings: Settings) -> list[tuple[Any, ...]]:
    """Every event of a place: its stream, version, id and what it says, without the time at which it was written."""
    service = Service(definition(settings), settings)
    found = []
    position = 0
    while window := await service.store.window(position):
        for one in await service.codec.decode(window):
            said = one.event.model_dump(mode="json", exclude={"at"})
            found.append((one.stream, one.version, one.id, one.type, str(said)))
        position = window[-1]["_id"]
    await service.client.drop_database(settings.mongo_database)
    await service.close()
    return sorted(found)


async def test_killed_at_seeded_writes_and_taken_again_it_has_the_same_events(
    stack: Stack, mongo: Client, tmp_path: Path
) -> None:
    await forget_the_dead_soon(mongo, 1)
    change(Places(1).rpps(tmp_path / "first.txt", ROWS), tmp_path / "second.txt")
    killed, quiet = geo_settings(stack, tmp_path / "killed"), geo_settings(stack, tmp_path / "quiet")
    said = await run_rounds("worker_import", killed, rounds(tmp_path, KILLS))
    times = sum(deaths(said))
    print(f"\n{times} of {2 * KILLS} were killed; the others had too little left to write")
    assert times > KILLS
    assert said[-2]["state"] in {"taken", "unchanged"}
    await run_rounds("worker_import", quiet, rounds(tmp_path, 0))
    ours, wanted = await recorded(killed), await recorded(quiet)
    places = [one for one in ours if one[0].startswith("place:")]
    assert places == [one for one in wanted if one[0].startswith("place:")]
    assert Counter(one[3] for one in ours) == Counter(one[3] for one in wanted)
    assert {"PlaceListed", "PlaceChanged", "PlaceDelisted"} < {one[3] for one in ours}
    assert sum(ERASED.value in one[4] for one in ours) == sum(one[3] == "PlaceDelisted" for one in ours)
    assert Source.RPPS.value in ours[0][4]
