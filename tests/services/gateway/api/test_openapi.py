"""Whatever is sent to the interface, as its document describes it or just not: no 5xx, every 4xx a problem."""

import asyncio
import re

import pytest
from httpx import Response
from schemathesis import GenerationMode

from services.gateway.api.app import build_api
from tests.attacks import CLIENT_ERROR, MODES, attacked, is_a_problem
from tests.scale import sized
from tests.services.gateway.fakes import MEMBER, World, sent, story, world
from tests.web import NOW

EXAMPLES = sized(5, 100)
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


def refused(label: str, answer: Response) -> None:
    """Dots or a line's end may have led elsewhere on the site."""
    if re.fullmatch("/api/v1/.*", answer.url.path) and label not in OAUTH:
        is_a_problem(label, answer)


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
def test_no_request_breaks_the_interface(mode: GenerationMode) -> None:
    site = a_member_with_everything()
    document = build_api(site.app).openapi()
    loop = asyncio.new_event_loop()

    def headers(_: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {loop.run_until_complete(opened(site))}"}  # some calls end the sessions

    base, known = "http://site/api/v1", {"person_id": "me"}
    answered = attacked(
        site.app, headers, mode, EXAMPLES, loop, document=document, base=base, known=known, refused=refused
    )
    loop.close()
    operations = sum(len(methods) for methods in document["paths"].values())
    assert len(answered) > operations // 2
    if mode is GenerationMode.POSITIVE:
        assert len(answered) == operations
        reached = {label for label, codes in answered.items() if min(codes) < CLIENT_ERROR}
        assert len(reached) > operations // 2
