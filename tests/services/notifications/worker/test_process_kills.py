"""The whole notifications process, killed at seeded points of sending: none lost, none twice, or counted as such."""

import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.stack import Stack
from services.notifications.main import definition
from services.notifications.settings import NotificationsSettings
from shared.effects import message_id
from shared.messaging import delivered_of
from shared.service import Service
from tests.conftest import toy_settings
from tests.scale import sized
from tests.shared.rounds import deaths, run_rounds

pytestmark = pytest.mark.connected
DEATHS = sized(20, 200)
IN_DOUBT = sized(6, 60)
SETTLED = 0.5
SESSION = 15.0
"""Seconds after which the broker gives up a member that is silent and has no name."""
MAILS = 4


class Post:
    """A service of its own name, and what became of its mails."""

    def __init__(self, service: Service, name: str) -> None:
        self.service, self.name = service, name

    async def run(self, deaths_: int, **more: Any) -> list[dict[str, Any]]:
        """So many processes, each with mails of its own to send and a point to die at; then one that sees it through."""
        facts = {"settled": SETTLED, "name": self.name, **more}
        rounds = [*({"seed": seed, "asks": MAILS, **facts} for seed in range(deaths_)), facts]
        return await run_rounds("notifications_run", self.service.settings, rounds)

    async def requested(self) -> set[str]:
        """What each mail is called."""
        found, position = set(), 0
        while commits := await self.service.store.window(position):
            deliveries = [one.stored for commit in commits for one in delivered_of("n", commit)]
            found |= {message_id(one["id"], "mail") for one in deliveries if one["type"] == "MessageRequested"}
            position = commits[-1]["_id"]
        return found

    async def taken(self) -> Counter[str]:
        """How often the sink took each of them, under one and the same Message-ID."""
        settings = self.service.settings
        async with httpx.AsyncClient(base_url=settings.mail_sink_url or "") as client:
            return Counter(
                {
                    name: (await client.get("/accepted", params={"message_id": f"{name}@toy.example"})).json()["count"]
                    for name in await self.requested()
                }
            )

    async def rows(self) -> dict[str, dict[str, Any]]:
        """The ledger, by what each mail is called."""
        rows = self.service.database["effects"].find({"_id": {"$regex": r"\|mail$"}})
        return {message_id(row["_id"].partition("|")[0], "mail"): row async for row in rows}


@pytest.fixture
async def post(stack: Stack, tmp_path: Path, topic: Callable[[str], str]) -> AsyncIterator[Post]:
    found = stack.env_for("notifications")
    base = toy_settings(stack, f"mails_{uuid.uuid4().hex[:12]}", tmp_path)
    sink = {"smtp_host": found["SMTP_HOST"], "smtp_port": found["SMTP_PORT"], "mail_sink_url": found["MAIL_SINK_URL"]}
    settings = NotificationsSettings.model_validate({**base.model_dump(), **sink, "secrets_dir": found["SECRETS_DIR"]})
    name = f"notifications{uuid.uuid4().hex[:8]}"
    topic(name)
    service = Service(definition(settings), settings)
    await service.prepare()
    yield Post(service, name)
    await service.close()


async def test_killed_at_any_step_it_rejoins_at_once_and_every_mail_arrives_once(post: Post) -> None:
    said = await post.run(DEATHS)
    assert deaths(said) == [True] * DEATHS + [False]
    assert len(await post.requested()) == DEATHS * MAILS
    assert set((await post.taken()).values()) == {1}
    rows = await post.rows()
    assert {row["state"] for row in rows.values()} == {"done"}
    assert rows.keys() == await post.requested()
    assert not [row for row in rows.values() if "possible_duplicate" in row]
    joined = [one["joined"] for one in said if "joined" in one]
    assert joined, "a process that comes back has its name, and does not wait until its session has run out"
    assert max(joined) < SESSION - 3, joined


async def test_where_the_relay_cannot_say_none_is_lost_and_what_came_twice_is_one_mail_and_counted(post: Post) -> None:
    said = await post.run(IN_DOUBT, answers=False)
    assert deaths(said) == [True] * IN_DOUBT + [False]
    taken, rows = await post.taken(), await post.rows()
    assert all(1 <= count <= rows[name]["tries"] for name, count in taken.items())
    assert {name for name, count in taken.items() if count > 1} <= {
        name for name, row in rows.items() if row.get("possible_duplicate")
    }
