"""Whatever is sent to what operations, auditors and the desk ask of every service: no 5xx, and every 4xx is a problem."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from schemathesis import GenerationMode

from shared.admin import Decided, Decision, Kind, WorkItem, work_router
from shared.kernel import Issued
from shared.problems import ProblemCatalogue
from shared.security import TokenIssuer
from shared.service import Service
from shared.service.roles import build_app
from tests import toy
from tests.attacks import MODES, attacked
from tests.scale import sized
from tests.shared.signing import signing
from tests.shared.toybox import box, fill, log_of, opened_and_filled

pytestmark = [pytest.mark.connected, pytest.mark.slow]
EXAMPLES = sized(6, 100)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Of the service: hypothesis calls what is no coroutine."""
    made = asyncio.new_event_loop()
    yield made
    made.close()


async def one_item() -> list[WorkItem]:
    return [WorkItem(kind="toy-work", id="1", since=toy.T0, decisions=(Decision(name="empty"),))]


def emptied(item: WorkItem, _: Decided, now: Any) -> Issued:
    return Issued(box("ann"), toy.Empty(at=now, person_id="ann"))


async def running(settings: Any) -> Service:
    service = Service(toy.definition(), settings)
    await service.prepare()
    await fill(service, [opened_and_filled(person, 1, 2) for person in ("ann", "bob")])
    await service.projector(service.definition.projections).apply(await log_of(service))
    return service


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
@pytest.mark.parametrize("role", ["operations", "auditor", "supervisor", "agent"])
def test_no_request_breaks_what_the_console_asks(
    settings: Any, tmp_path: Path, loop: asyncio.AbstractEventLoop, mode: GenerationMode, role: str
) -> None:
    service = loop.run_until_complete(running(signing(settings, tmp_path, toy.definition().name)))
    kinds = [Kind("toy-work", one_item, emptied)]
    app = build_app(service, lambda made: [work_router(made, kinds)], ProblemCatalogue())
    issuer = TokenIssuer(service.settings.private_key("console"), "console", None, service.clock)

    def headers(_: str) -> dict[str, str]:
        token = issuer.issue(service.name, actor="x", actor_kind=role, acr="totp")
        return {"Authorization": f"Bearer {token}"}

    try:
        answered = attacked(app, headers, mode, EXAMPLES, loop)
    finally:
        loop.run_until_complete(service.close())
    if mode is GenerationMode.POSITIVE and role == "supervisor":
        reached = [label for label, codes in answered.items() if min(codes) < 400]
        assert len(reached) > len(answered) // 2, answered
