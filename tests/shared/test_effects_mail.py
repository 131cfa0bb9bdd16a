"""Real mails, workers killed at seeded points of sending: none lost; in the sink none twice, or counted as such."""

import asyncio
import json
import os
import signal
from collections import Counter
from typing import Any

import httpx
import pytest

from shared.effects import message_id
from shared.service import Service
from shared.settings import BaseServiceSettings
from tests import toy
from tests.scale import sized
from tests.shared.programs import line, program
from tests.shared.rounds import deaths, environment, run_rounds
from tests.shared.toybox import fill, log_of, opened_and_filled, some_id

pytestmark = pytest.mark.connected
DEATHS = sized(20, 200)
SETTLED = 0.3


@pytest.fixture
def mail_settings(settings, stack) -> BaseServiceSettings:
    found = stack.env_for("notifications")
    sink = {"smtp_host": found["SMTP_HOST"], "smtp_port": found["SMTP_PORT"], "mail_sink_url": found["MAIL_SINK_URL"]}
    return settings.model_copy(update=sink)


class Letters:
    """As many mails to send as there are boxes, and what became of them."""

    def __init__(self, service: Service, settings: BaseServiceSettings) -> None:
        self.service, self.settings = service, settings

    async def wanted(self, count: int) -> None:
        await fill(self.service, [opened_and_filled(some_id()) for _ in range(count)])

    async def taken(self) -> Counter[str]:
        """How often the sink took each mail, by event."""
        found: Counter[str] = Counter()
        async with httpx.AsyncClient(base_url=self.settings.mail_sink_url or "") as client:
            for event in await log_of(self.service):
                name = f"{message_id(event.stored['id'], 'welcome')}@toy"
                answer = await client.get("/accepted", params={"message_id": name})
                found[event.stored["id"]] = answer.json()["count"]
        return found

    async def rows(self) -> dict[str, dict[str, Any]]:
        rows = self.service.database["effects"].find()
        return {row["_id"].partition("|")[0]: row async for row in rows}

    async def sent_by(self, rounds: list[dict[str, Any]], **more: Any) -> list[bool]:
        said = await run_rounds("effect_mail", self.settings, [{"settled": SETTLED, **one, **more} for one in rounds])
        return deaths(said)


def seeded(rounds: int) -> list[dict[str, Any]]:
    """Rounds that each see two mails more than the one before, and die at a step drawn from their seed; then one more."""
    return [*({"seed": seed, "first": 2 * seed + 2} for seed in range(rounds)), {}]


@pytest.fixture
async def letters(make_service, mail_settings) -> Letters:
    return Letters(await make_service(toy.definition()), mail_settings)


async def test_killed_at_any_step_of_sending_no_mail_is_lost_and_none_arrives_twice(letters):
    await letters.wanted(2 * DEATHS)
    died = await letters.sent_by(seeded(DEATHS))
    assert died == [True] * DEATHS + [False]
    assert set((await letters.taken()).values()) == {1}
    rows = await letters.rows()
    assert {row["state"] for row in rows.values()} == {"done"}
    assert not [row for row in rows.values() if "possible_duplicate" in row]


async def test_where_the_sink_cannot_say_none_is_lost_and_each_one_that_came_twice_is_counted(letters):
    await letters.wanted(16)
    died = await letters.sent_by(seeded(8), answers=False)
    assert died == [True] * 8 + [False]
    taken, rows = await letters.taken(), await letters.rows()
    assert all(1 <= count <= rows[name]["tries"] for name, count in taken.items())
    twice = {name for name, count in taken.items() if count > 1}
    assert twice
    assert twice <= {name for name, row in rows.items() if row.get("possible_duplicate")}


async def test_where_the_sink_cannot_say_a_reminder_never_arrives_twice_and_the_doubt_is_shown(letters):
    await letters.wanted(16)
    await letters.sent_by(seeded(8), answers=False, when_unknown="uncertain")
    taken, rows = await letters.taken(), await letters.rows()
    assert set(taken.values()) <= {0, 1}
    lost = {name for name, count in taken.items() if count == 0}
    assert lost <= {name for name, row in rows.items() if row["state"] == "uncertain"}
    assert {row["state"] for row in rows.values()} == {"done", "uncertain"}


async def test_two_workers_at_once_send_each_mail_once(letters):
    await letters.wanted(10)
    assert await asyncio.gather(*(letters.sent_by([{}]) for _ in range(2))) == [[False], [False]]
    assert set((await letters.taken()).values()) == {1}


async def test_a_zombie_that_wakes_after_another_took_over_sends_nothing(letters):
    await letters.wanted(1)
    sleeper = json.dumps([{"settled": SETTLED, "sleeps": True}])
    async with program("effect_mail", sleeper, env=environment(letters.settings)) as process:
        asleep = json.loads(await line(process))["asleep"]
        await letters.sent_by([{}])
        assert set((await letters.taken()).values()) == {1}
        os.kill(asleep, signal.SIGCONT)
        assert json.loads(await line(process)) == {"killed": False, "code": 0}
    assert set((await letters.taken()).values()) == {1}
