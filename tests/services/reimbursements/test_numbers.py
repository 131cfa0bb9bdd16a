"""Whose a claim or a paid act is: asked by its reference, through a keyed hash that goes with the care key."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local.stack import Stack
from services.reimbursements.access.numbers import forgetting, numbers_of
from services.reimbursements.domain.claims import ClaimMoved, ClaimNews, Stage
from services.reimbursements.domain.ids import HouseholdId, PersonId
from shared.erasure import Asked
from shared.event_store import Draft
from shared.service import Service
from tests.services.in_memory import InMemoryService
from tests.services.numbers import whose
from tests.services.reimbursements.conftest import Feeding
from tests.services.reimbursements.files import lot_line
from tests.services.reimbursements.on_stack import money_service, project
from tests.services.reimbursements.sample import AT, CHILD, HOUSEHOLD, MEMBER, line
from tests.services.reimbursements.test_erasure import destroy
from tests.services.reimbursements.test_inbound import CLAIM
from tests.shared.toybox import meta, some_id

RECEIVED = {**CLAIM, "stage": "received", "on": "2026-03-05"}


@pytest.mark.parametrize("typed", ["0001 000000000777", "0001000000000777", " 0001-0000-0000-0777 "])
async def test_a_claim_is_found_however_it_is_typed(feed: Feeding, service: InMemoryService, typed: str) -> None:
    await feed(RECEIVED)
    assert await whose(service, typed) == MEMBER
    assert await whose(service, "0001 000000000778") is None


async def test_a_paid_act_is_found_of_which_there_never_was_news(feed: Feeding, service: InMemoryService) -> None:
    mine, other = line(reference="0001 000000000901"), line(reference="0001 000000000902", person_id=CHILD)
    await feed(lot_line(mine, other))
    assert "ClaimMoved" not in service.types()
    assert [await whose(service, one.reference) for one in (mine, other)] == [MEMBER, CHILD]
    await destroy(service, CHILD)
    assert [await whose(service, one.reference) for one in (mine, other)] == [MEMBER, None]


async def test_the_index_holds_no_reference(feed: Feeding, service: InMemoryService) -> None:
    await feed(RECEIVED)
    [found] = await service.queries.all(numbers_of(service))  # type: ignore[arg-type]
    assert "000000000777" not in found


async def test_whose_key_is_destroyed_is_not_found(feed: Feeding, service: InMemoryService) -> None:
    await feed(RECEIVED)
    await destroy(service, MEMBER)
    assert await whose(service, str(CLAIM["reference"])) is None


@pytest.fixture
async def stored(stack: Stack, tmp_path: Path) -> AsyncIterator[Service]:
    async with money_service(stack, tmp_path) as found:
        yield found


async def moved(service: Service, person: str) -> str:
    """A claim of this person, recorded and shown; its reference."""
    reference = f"0001 {len(person):012d}"
    news = ClaimNews(reference=reference, care_date=AT.date(), stage=Stage.RECEIVED, on=AT.date())
    event = ClaimMoved(at=AT, person_id=PersonId(person), household_id=HouseholdId(HOUSEHOLD), news=news)
    stream, cmd = f"claims:{person}", some_id()
    events = await service.codec.encode([event], stream, cmd)
    await service.store.append(Draft(stream, 0, cmd, b"", events, meta(person).dump()))
    await project(service, [stream])
    return reference


@pytest.mark.connected
async def test_forgotten_the_index_drops_him_and_keeps_others(stored: Service) -> None:
    ann, bob = "ann", "robert"
    references = [await moved(stored, one) for one in (ann, bob)]
    find = stored.definition.numbers
    assert find is not None
    assert [await find(stored)(one) for one in references] == [[ann], [bob]]
    [index] = forgetting(stored).holdings
    asked = Asked(person_id=ann, erasure_id=some_id(), classes=("care",), at=AT)
    assert await index.count(asked) == 1
    await stored.vault.destroy(ann, "care", AT)
    for _ in range(2):
        await index.drop(asked)
    assert [await find(stored)(one) for one in references] == [[], [bob]]
    assert await index.count(asked) == 0
