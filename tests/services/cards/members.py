"""Members who work: each looks at his card, sometimes declares it damaged, and waits until his screen says so."""

import asyncio
import datetime as dt
import random
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from services.cards.domain import events as e
from services.cards.domain.ids import CardId, PersonId
from shared.event_store import Draft
from shared.security import TokenIssuer
from shared.service import Service
from tests.shared.toybox import meta, some_id

AT: Final = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(days=60)
"""Lately: after a year each card would have its reminder, all on the same day, while something else is measured."""
THINKS: Final = 0.05
"""Seconds between two of his clicks."""
DECLARES: Final = 0.1
"""Of his clicks."""


def life(person: str, events: int) -> list[e.VitaleEvent]:
    """A card that was issued, and brought up to date again and again."""
    of: dict[str, Any] = {"person_id": PersonId(person), "card_id": CardId(person)}
    facts = {"serial": "12345678901", "serial_proof": f"serial:v1:{person}", "issued_on": AT.date()}
    updates = [
        e.VitaleUpdated(at=day, updated_at=day, **of)
        for day in (AT + dt.timedelta(days=one) for one in range(1, events))
    ]
    return [e.VitaleIssued(at=AT, **of, **facts), *updates]


async def recorded(service: Service, persons: Sequence[str], events: int) -> None:
    """Their lives, each as one commit."""

    async def draft(person: str) -> Draft:
        cmd, stream = some_id(), f"vitale:{person}"
        stored = await service.codec.encode(life(person, events), stream, cmd)
        return Draft(stream=stream, expected=0, cmd=cmd, fp=b"", events=stored, meta=meta(person).dump())

    for start in range(0, len(persons), 500):
        drafts = await asyncio.gather(*map(draft, persons[start : start + 500]))
        await asyncio.gather(*(service.store.append(one) for one in drafts))


@dataclass
class Crowd:
    """So many members at once, at the API of a service under this name."""

    url: str
    name: str
    issuer: TokenIssuer
    persons: Sequence[str]
    seconds: list[float] = field(default_factory=list)
    late: int = 0
    """Screens that did not yet show the member's own act."""

    async def work(self, number: int) -> None:
        """One of them, until cancelled; each act is about another person, so that each is new."""
        dice = random.Random(number)  # noqa: S311 - what is clicked is no secret
        async with httpx.AsyncClient(base_url=self.url, timeout=30) as browser:
            while True:
                await self._click(browser, dice.choice(self.persons), declares=dice.random() < DECLARES)
                await asyncio.sleep(THINKS)

    async def _click(self, browser: httpx.AsyncClient, person: str, *, declares: bool) -> None:
        token = self.issuer.issue(self.name, actor=person, actor_kind="member", acr="code", member_id=person)
        headers = {"Authorization": f"Bearer {token}"}
        path = f"/persons/{person}/vitale"
        started = time.perf_counter()
        if declares:
            form = {
                "reason": "damaged",
                "card_id": person,
                "place": "chez moi",
                "happened_on": dt.datetime.now(dt.UTC).date().isoformat(),
                "declared_on_honour": True,
            }
            answer = await browser.post(
                f"{path}/reports", json=form, headers={**headers, "Idempotency-Key": str(uuid.uuid4())}
            )
            if answer.is_success:  # not a second time
                written = answer.json()
                headers["X-Written"] = f"{written['version']}@{written['stream']}"
        seen = await browser.get(path, headers=headers)
        self.seconds.append(time.perf_counter() - started)
        assert seen.status_code == 200, seen.text
        self.late += seen.headers["X-Lag"] != "0"
