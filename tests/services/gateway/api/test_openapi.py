"""Whatever is sent to the interface, as its document describes it or just not: no 5xx, every 4xx a problem."""

import asyncio
import re
import uuid
from typing import Any

import pytest
import schemathesis
from httpx import ASGITransport, AsyncClient, Response
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from services.gateway.api.app import build_api
from shared.problems import MEDIA_TYPE
from tests.scale import sized
from tests.services.gateway.fakes import MEMBER, World, sent, story, world
from tests.web import NOW

EXAMPLES = sized(5, 100)
CLIENT_ERROR, SERVER_ERROR = 400, 500
OAUTH = {"POST /token"}
"""Its errors are those of RFC 6749."""


def a_member_with_everything() -> World:
    site = world(api_calls_per_10_minutes=10**9, posts_per_10_minutes=10**9)
    site.notifications.sent = (sent("vitale-sent", NOW, read=False),)
    site.cards.story = story("lost", ("reported", NOW), ("requested", NOW))
    return site


async def opened(site: World) -> str:
    """A token, without the way to it."""
    session = await site.site.tokens.open(None)
    session.holder = MEMBER
    session.change(email_confirmed=True, stepped_up_at=NOW)
    await site.site.tokens.keep(session)
    return session.cookie


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_no_request_breaks_the_interface(mode: GenerationMode) -> None:  # noqa: C901 - one story
    site = a_member_with_everything()
    schema = schemathesis.openapi.from_dict(build_api(site.app).openapi())
    loop = asyncio.new_event_loop()
    client = AsyncClient(transport=ASGITransport(site.app), base_url="http://site/api/v1")
    answered: dict[str, set[int]] = {}

    def headers(label: str) -> dict[str, str]:
        token = loop.run_until_complete(opened(site))  # some calls end the sessions
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}

    def attack(operation: Any) -> None:
        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def hold(case: Any) -> None:
            case.path_parameters = {**(case.path_parameters or {})}
            if "person_id" in case.path_parameters:
                case.path_parameters["person_id"] = "me"
            sent = case.as_transport_kwargs(base_url="http://site/api/v1", headers=headers(operation.label))
            sent["headers"] = {name: value.encode() for name, value in sent["headers"].items()}
            if isinstance(sent.get("data"), bytes):
                sent["content"] = sent.pop("data")
            kept = ("method", "url", "params", "headers", "json", "content", "data")
            answer: Response = loop.run_until_complete(
                client.request(**{name: sent[name] for name in kept if name in sent})
            )
            answered.setdefault(operation.label, set()).add(answer.status_code)
            assert answer.status_code < SERVER_ERROR, (operation.label, answer.text)
            if not re.fullmatch("/api/v1/.*", answer.url.path):  # dots or a line's end have led elsewhere on the site
                return
            if answer.status_code >= CLIENT_ERROR and operation.label not in OAUTH:
                assert answer.headers["content-type"] == MEDIA_TYPE, operation.label
                assert {"type", "title", "status", "code"} <= answer.json().keys()

        try:
            hold()
        except Unsatisfiable:  # what is not typed cannot be sent wrongly
            assert mode is GenerationMode.NEGATIVE

    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    for operation in operations:
        attack(operation)
    loop.close()
    assert len(answered) > len(operations) // 2
    if mode is GenerationMode.POSITIVE:
        assert len(answered) == len(operations)
        reached = {label for label, codes in answered.items() if min(codes) < CLIENT_ERROR}
        assert len(reached) > len(operations) // 2
