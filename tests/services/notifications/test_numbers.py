"""Whose a message is: asked by its reference."""

import uuid

import pytest

from services.notifications.domain import commands as c
from tests.services.in_memory import InMemoryService
from tests.services.notifications.sample import MEMBER, REQUEST, learn
from tests.services.notifications.test_api import META, do
from tests.services.numbers import whose


@pytest.mark.parametrize("typed", ["7KQ2-M4XD-9VTA", "7kq2m4xd9vta", "7kq2 m4xd 9vta"])
async def test_a_message_is_found_by_its_reference(service: InMemoryService, typed: str) -> None:
    await do(service, learn(), REQUEST)
    assert await whose(service, typed) == MEMBER
    assert await whose(service, "7KQ2-M4XD-9VTB") is None


async def test_an_erased_message_is_nobodys(service: InMemoryService) -> None:
    await do(service, learn(), REQUEST)
    erase = c.EmptyMailbox(at=REQUEST.at, member_id=MEMBER)
    await service.handle(f"mailbox:{MEMBER}", erase, cmd=str(uuid.uuid4()), meta=META)
    assert await whose(service, REQUEST.reference) is None
