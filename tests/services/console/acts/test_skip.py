"""Passing over an event: the agreement is used up first, then the service is told; killed in between it goes on."""

from dataclasses import replace

import pytest

from services.console.acts import operations as acts
from services.console.acts import two_persons
from services.console.domain.words import Role
from shared.kernel import Rejected
from shared.problems import Refused
from shared.web.channel import ServiceDown
from tests.services.console.ops_book import PARKED, ROW
from tests.services.console.world import Person, World

WHY = acts.Why(reason="incident du matin")


@pytest.fixture
async def pair(console: World) -> tuple[Person, Person]:
    chief = await console.first()
    one, two = [await console.staff(Role.OPERATIONS, login, by=chief) for login in ("one", "two")]
    return one, two


@pytest.fixture
async def agreed(console: World, pair: tuple[Person, Person]) -> str:
    """That this event is passed over."""
    one, two = pair
    desk = acts.Desk(console.office, console.site.lines, console.by(one), "cards")
    approval_id = await acts.ask_to_skip(desk, ROW, WHY)
    await two_persons.decide(console.office, console.by(two), approval_id, "vu aussi", agreed=True)
    return approval_id


async def skip(console: World, by: Person, approval_id: str, why: acts.Why = WHY) -> None:
    await acts.skip(console.office, console.site.lines, console.by(by), approval_id, why)


def told(console: World) -> int:
    return len(console.services.of(f"/parked/{ROW}"))


async def test_the_agreement_is_used_before_the_order_and_once(
    console: World, pair: tuple[Person, Person], agreed: str
) -> None:
    await skip(console, pair[0], agreed)
    assert console.service.types()[-2:] == ["ApprovalUsed", "OperationOrdered"]
    with pytest.raises(Rejected, match="approval-used"):
        await skip(console, pair[0], agreed)
    assert told(console) == 1


async def test_killed_after_the_use_it_goes_on(console: World, pair: tuple[Person, Person], agreed: str) -> None:
    await two_persons.use(console.office, console.by(pair[0]), agreed)
    await skip(console, pair[1], agreed)
    assert told(console) == 1


async def test_killed_after_the_order_it_goes_on_and_orders_nothing_twice(
    console: World, pair: tuple[Person, Person], agreed: str
) -> None:
    console.services.refuse[f"/parked/{ROW}"] = "unavailable"
    with pytest.raises(Exception, match="unavailable"):
        await skip(console, pair[0], agreed)
    console.services.refuse.clear()
    await skip(console, pair[0], agreed, acts.Why(reason="encore une fois"))
    assert console.service.types().count("OperationOrdered") == 1
    assert console.service.types().count("ApprovalUsed") == 1


async def test_a_service_that_is_silent_uses_nothing_up(
    console: World, pair: tuple[Person, Person], agreed: str
) -> None:
    console.services.down.add("cards")
    with pytest.raises(ServiceDown):
        await skip(console, pair[0], agreed)
    assert "ApprovalUsed" not in console.service.types()


@pytest.mark.parametrize("now", [[], [{**PARKED, "version": 2}]])
async def test_another_event_than_the_agreed_one_is_not_passed_over(
    console: World, pair: tuple[Person, Person], agreed: str, now: list[dict[str, object]]
) -> None:
    console.services.ops.parked = now
    with pytest.raises(Rejected, match="not-parked"):
        await skip(console, pair[0], agreed)
    assert told(console) == 0
    assert not {"ApprovalUsed", "OperationOrdered"} & set(console.service.types())


async def test_who_may_not_uses_nothing_up(console: World, pair: tuple[Person, Person], agreed: str) -> None:
    auditor = replace(console.by(pair[0]), role=Role.AUDITOR)
    with pytest.raises(Refused, match="role-refused"):
        await acts.skip(console.office, console.site.lines, auditor, agreed, WHY)
    assert "ApprovalUsed" not in console.service.types()
