"""Asked for by one, agreed to by another, used once."""

import pytest

from services.console.acts import two_persons
from services.console.domain.words import Action, Role
from shared.kernel import Rejected
from tests.services.console.world import World


async def test_two_operators_skip_together(console: World) -> None:
    chef = await console.first()
    one, two = [await console.staff(Role.OPERATIONS, login, by=chef) for login in ("one", "two")]
    facts = {"service": "cards", "row": "r|1"}
    asked = await two_persons.ask(console.office, console.by(one), Action.SKIP_PARKED, facts, "cannot be read")
    [waiting] = await two_persons.waiting(console.office)
    assert (waiting.approval_id, waiting.facts, waiting.given_by) == (asked, facts, None)
    with pytest.raises(Rejected, match="approval-missing"):
        await two_persons.given(console.office, asked, Action.SKIP_PARKED)
    with pytest.raises(Rejected, match="second-person-needed"):
        await two_persons.decide(console.office, console.by(one), asked, "I agree", agreed=True)
    await two_persons.decide(console.office, console.by(two), asked, "it is the test event", agreed=True)
    with pytest.raises(Rejected, match="approval-unknown"):
        await two_persons.given(console.office, asked, Action.LEGAL_HOLD)
    agreed = await two_persons.given(console.office, asked, Action.SKIP_PARKED)
    assert agreed.given_by == two.staff_id
    await two_persons.use(console.office, console.by(one), asked)
    with pytest.raises(Rejected, match="approval-used"):
        await two_persons.use(console.office, console.by(two), asked)
    assert await two_persons.waiting(console.office) == []


async def test_what_has_expired_is_not_shown(console: World) -> None:
    one = await console.staff(Role.OPERATIONS)
    await two_persons.ask(console.office, console.by(one), Action.SKIP_PARKED, {}, "cannot be read")
    console.clock.move(24 * 3600)
    assert await two_persons.waiting(console.office) == []
