"""Hints about a code while it is typed: what everybody tries is told to all, one's own data to oneself alone."""

import uuid
from typing import Any

import pytest

from tests.services.identity.api.test_enrolment import enrol
from tests.services.identity.conftest import Site
from tests.services.identity.examples import CLAIRE
from tests.services.in_memory import InMemoryService

pytestmark = pytest.mark.usefixtures("known")


async def hints(site: Site, code: str, *, member: str | None = None, **more: Any) -> Any:
    answer = await site.post("/code-hints", {"code": code, **more}, member=member)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_everybody_tries_is_told_to_everybody(site: Site) -> None:
    assert await hints(site, "Azerty-123!") == {"known": True, "personal": None}
    assert await hints(site, "Marée-basse-83!") == {"known": False, "personal": None}


@pytest.mark.parametrize("code", ["Lefèvre-83!", "Marée-17011985!", "Mer-claire-9", "Mer-83000-b"])
async def test_who_has_proved_who_he_is_is_told_that_it_is_made_of_his_data(site: Site, code: str) -> None:
    enrolment_id = await enrol(site)
    assert await hints(site, code, enrolment_id=enrolment_id) == {"known": False, "personal": True}
    assert await hints(site, code, member=CLAIRE) == {"known": False, "personal": True}
    assert await hints(site, code) == {"known": False, "personal": None}
    assert await hints(site, code, enrolment_id=str(uuid.uuid4())) == {"known": False, "personal": None}


async def test_nothing_is_written(site: Site, service: InMemoryService) -> None:
    before = len(service.store.commits)
    await hints(site, "Azerty-123!", member=CLAIRE)
    assert len(service.store.commits) == before
