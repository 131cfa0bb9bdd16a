"""Legal holds over the console: asked for by one supervisor, placed and lifted with another; nothing half done is lost."""

import datetime as dt

import pytest

from services.console.acts import accounts, holds, two_persons
from services.console.acts.operations import Why
from services.console.domain.ids import PersonId
from services.console.domain.words import Role
from shared.kernel import Rejected
from shared.problems import Refused
from shared.web.channel import ServiceDown
from tests.services.console.control import Control
from tests.services.console.services import CLAIRE, NIR
from tests.services.console.world import Person, World

BORN = dt.date(1985, 7, 1)
WHY = Why(reason="asked for by the court", ticket="J-1")
CASE = "TJ Toulon 26/01234"


@pytest.fixture
def control(console: World) -> Control:
    made = Control()
    console.services.control = made.answer
    return made


@pytest.fixture
async def pair(console: World, control: Control) -> tuple[Person, Person]:
    del control
    one = await console.first()
    return one, await console.staff(Role.SUPERVISOR, "second", by=one)


async def ask(console: World, by: Person, **more: object) -> str:
    facts = {"nir": NIR, "birth_date": BORN, "case": CASE, **more}
    return await holds.ask(console.office, console.site.lines, console.by(by), **facts, why=WHY)  # type: ignore[arg-type]


async def decide(console: World, by: Person, approval_id: str, *, agreed: bool = True) -> None:
    await holds.decide(console.office, console.site.lines, console.by(by), approval_id, "seen", agreed=agreed)


def statuses(control: Control) -> list[str]:
    return [one["status"] for one in control.holds.values()]


async def test_two_supervisors_place_a_hold_and_two_lift_it(
    console: World, control: Control, pair: tuple[Person, Person]
) -> None:
    one, two = pair
    asked = await ask(console, one)
    assert statuses(control) == ["requested"]
    await decide(console, two, asked)
    assert statuses(control) == ["placed"]
    [hold_id] = control.holds
    lift = await holds.ask_lift(console.office, console.site.lines, console.by(two), CLAIRE, hold_id, WHY)
    assert statuses(control) == ["lift-requested"]
    await decide(console, one, lift)
    assert control.holds == {}
    assert await two_persons.waiting(console.office) == []
    assert console.service.types()[-2:] == ["ApprovalGiven", "ApprovalUsed"]


async def test_nobody_agrees_with_himself_and_nothing_is_placed(
    console: World, control: Control, pair: tuple[Person, Person]
) -> None:
    asked = await ask(console, pair[0])
    with pytest.raises(Rejected, match="second-person-needed"):
        await decide(console, pair[0], asked)
    assert statuses(control) == ["requested"]


async def test_what_is_refused_is_withdrawn(console: World, control: Control, pair: tuple[Person, Person]) -> None:
    await decide(console, pair[1], await ask(console, pair[0]), agreed=False)
    assert control.holds == {}


async def test_a_lift_that_is_refused_leaves_the_hold(
    console: World, control: Control, pair: tuple[Person, Person]
) -> None:
    one, two = pair
    await decide(console, two, await ask(console, one))
    [hold_id] = control.holds
    lift = await holds.ask_lift(console.office, console.site.lines, console.by(one), CLAIRE, hold_id, WHY)
    await decide(console, two, lift, agreed=False)
    assert statuses(control) == ["lift-requested"]


async def test_an_agreement_that_could_not_be_carried_out_waits_for_who_gave_it(
    console: World, control: Control, pair: tuple[Person, Person]
) -> None:
    one, two = pair
    asked = await ask(console, one)
    console.services.down.add("identity")
    with pytest.raises(ServiceDown):
        await decide(console, two, asked)
    [waits] = await two_persons.waiting(console.office)
    assert (waits.given_by, statuses(control)) == (two.staff_id, ["requested"])
    console.services.down.clear()
    with pytest.raises(Rejected, match="second-person-needed"):
        await holds.finish(console.office, console.site.lines, console.by(one), asked)
    for _ in range(2):  # sent twice
        await holds.finish(console.office, console.site.lines, console.by(two), asked)
    assert statuses(control) == ["placed"]
    assert await two_persons.waiting(console.office) == []


async def test_nothing_is_finished_that_nobody_agreed_to(console: World, pair: tuple[Person, Person]) -> None:
    asked = await ask(console, pair[0])
    with pytest.raises(Rejected, match="approval-missing"):
        await holds.finish(console.office, console.site.lines, console.by(pair[1]), asked)
    with pytest.raises(Rejected, match="approval-unknown"):
        await holds.finish(console.office, console.site.lines, console.by(pair[1]), "nothing")


async def test_who_is_nobody_or_ones_own_is_not_held(
    console: World, control: Control, pair: tuple[Person, Person]
) -> None:
    with pytest.raises(Rejected, match="nobody-found"):
        await ask(console, pair[0], birth_date=dt.date(1986, 7, 1))
    await accounts.name_own_files(
        console.office, console.by(pair[0]), pair[1].staff_id, [PersonId(CLAIRE)], "his own file"
    )
    with pytest.raises(Refused, match="own-file"):
        await ask(console, pair[1])
    assert control.holds == {}


@pytest.mark.parametrize("role", [Role.AGENT, Role.OPERATIONS, Role.AUDITOR])
async def test_none_but_supervisors_ask(console: World, control: Control, role: Role) -> None:
    somebody = await console.staff(role)
    with pytest.raises(Refused, match="role-refused"):
        await ask(console, somebody)
    assert control.holds == {}


@pytest.mark.parametrize("hours", [1, 25])
async def test_what_was_asked_for_is_taken_back_also_when_nobody_decided_in_time(
    console: World, control: Control, pair: tuple[Person, Person], hours: int
) -> None:
    await ask(console, pair[0])
    [hold_id] = control.holds
    console.clock.move(hours * 3600)
    for by in pair:  # said twice it is the same
        await holds.withdraw(console.office, console.site.lines, console.by(by), CLAIRE, hold_id, "an error")
    assert control.holds == {}
    assert console.service.types().count("ApprovalRefused") == 1


async def test_what_another_has_agreed_to_is_not_taken_back(
    console: World, control: Control, pair: tuple[Person, Person]
) -> None:
    asked = await ask(console, pair[0])
    console.services.refuse["/approval"] = "unavailable"
    with pytest.raises(Exception, match="unavailable"):
        await decide(console, pair[1], asked)
    [hold_id] = control.holds
    with pytest.raises(Rejected, match="approval-decided"):
        await holds.withdraw(console.office, console.site.lines, console.by(pair[0]), CLAIRE, hold_id, "an error")
    assert statuses(control) == ["requested"]


async def test_only_a_supervisor_takes_back(console: World, control: Control, pair: tuple[Person, Person]) -> None:
    await ask(console, pair[0])
    [hold_id] = control.holds
    agent = await console.staff(Role.AGENT, by=pair[0])
    with pytest.raises(Refused, match="role-refused"):
        await holds.withdraw(console.office, console.site.lines, console.by(agent), CLAIRE, hold_id, "an error")
    assert statuses(control) == ["requested"]
