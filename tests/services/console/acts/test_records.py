"""Who saw what: found by month, person, role and part; whoever looks is recorded; after a year nobody knows any more."""

import uuid

import pytest

from services.console.acts import old_reads, reading, records
from services.console.acts.office import By
from services.console.acts.reading import Why
from services.console.acts.records import Wanted
from services.console.domain.words import Part, Purpose, Role
from services.console.read_models.file_reads import file_reads
from shared.kernel import ERASED, Rejected
from shared.problems import Refused
from tests.services.console.world import Person, World

CLAIRE, PAUL = str(uuid.uuid4()), str(uuid.uuid4())
CALL = Why(purpose=Purpose.CALL, reason="asks for her card")
AUDIT = Why(purpose=Purpose.AUDIT, reason="yearly control", ticket="A-1")
NOVEMBER = "2026-11"


async def alone(_: By, person_id: str) -> frozenset[str]:
    return frozenset({person_id})


@pytest.fixture
async def auditor(console: World) -> Person:
    """Looks of an agent at two files, in two months."""
    chef = await console.first()
    agent = await console.staff(Role.AGENT, by=chef)
    for person_id, part in ((CLAIRE, Part.PROFILE), (CLAIRE, Part.CARDS), (PAUL, Part.CARDS)):
        await reading.read(console.office, console.by(agent), person_id, part, CALL, alone)
        console.clock.move(60)
    found = await console.staff(Role.AUDITOR, by=chef)
    console.clock.move(20 * 86_400)
    await reading.read(console.office, console.by(agent), PAUL, Part.PROFILE, CALL, alone)
    return found


async def seen(console: World, **wanted: object) -> list[tuple[str, str]]:
    found = await records.page(console.office, Wanted.model_validate(wanted))
    return [(one.person_id, str(one.part)) for one in found.items]


async def test_looks_are_found_by_month_person_role_and_part(console: World, auditor: Person) -> None:
    del auditor
    assert await seen(console, month=NOVEMBER) == [(PAUL, "cards"), (CLAIRE, "cards"), (CLAIRE, "profile")]
    assert await seen(console, month="2026-12") == [(PAUL, "profile")]
    assert await seen(console, person_id=PAUL) == [(PAUL, "profile"), (PAUL, "cards")]
    assert await seen(console, person_id=PAUL, month=NOVEMBER) == [(PAUL, "cards")]
    assert await seen(console, month=NOVEMBER, part="profile") == [(CLAIRE, "profile")]
    assert await seen(console, month=NOVEMBER, role="supervisor") == []
    assert len(await seen(console, month=NOVEMBER, role="agent")) == 3


async def test_a_look_at_the_records_of_a_month_is_recorded_without_a_name_in_the_open(
    console: World, auditor: Person
) -> None:
    wanted = Wanted(month=NOVEMBER, role=Role.AGENT)
    await records.record(console.office, console.by(auditor), wanted, AUDIT, alone, exported=True)
    [look] = (await records.page(console.office, Wanted(month="2026-12"))).looks
    assert (look.reader, look.reason, look.asked, look.exported) == (
        auditor.staff_id, "yearly control", {"month": NOVEMBER, "role": "agent"}, True,
    )  # fmt: skip
    assert auditor.staff_id not in repr(console.service.store.commits[-1])


async def test_a_look_at_who_read_one_file_is_a_look_at_that_file(console: World, auditor: Person) -> None:
    await records.record(console.office, console.by(auditor), Wanted(person_id=CLAIRE), AUDIT, alone)
    newest = (await records.page(console.office, Wanted(person_id=CLAIRE))).items[0]
    assert console.service.queries.waited[-1] is not None  # his own look is shown to him
    assert (newest.reader, newest.part, newest.purpose) == (auditor.staff_id, Part.ACCESS, Purpose.AUDIT)
    assert "AccessRecordsRead" not in console.service.types()


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(month="2026"), Wanted(month="2026-13"), Wanted(role=Role.AGENT)])
async def test_neither_month_nor_person_is_refused_and_changes_nothing(
    console: World, auditor: Person, wanted: Wanted
) -> None:
    before = len(console.service.store.commits)
    with pytest.raises(Rejected, match="records-unbounded"):
        await records.record(console.office, console.by(auditor), wanted, AUDIT, alone)
    assert len(console.service.store.commits) == before


@pytest.mark.parametrize("role", [Role.AGENT, Role.OPERATIONS, Role.SUPERVISOR])
async def test_none_but_auditors_go_through_them(console: World, role: Role) -> None:
    somebody = await console.staff(role)
    with pytest.raises(Refused, match="role-refused"):
        await records.record(console.office, console.by(somebody), Wanted(month=NOVEMBER), AUDIT, alone)


async def test_a_long_list_goes_on_where_it_stopped(console: World, auditor: Person) -> None:
    del auditor
    found, after, pages = [], "", 0
    while True:
        page = await records.page(console.office, Wanted(month=NOVEMBER), after, at_once=2)
        found += [one.read_id for one in page.items]
        pages += 1
        if page.more is None:
            break
        after = page.more
    everything = [one.read_id async for one in records.everything(console.office, Wanted(month=NOVEMBER))]
    assert (found, pages) == (everything, 2)
    assert len(set(found)) == 3


async def test_after_a_year_who_and_why_are_gone_and_the_count_stays(console: World, auditor: Person) -> None:
    await records.record(console.office, console.by(auditor), Wanted(month=NOVEMBER), AUDIT, alone)
    console.clock.time = console.clock.time.replace(year=2027, month=12, day=1)
    assert await old_reads.destroy_old(console.service, console.clock, 12) == [NOVEMBER]
    found = await records.page(console.office, Wanted(month=NOVEMBER))
    assert {(one.reader, one.part, one.reason) for one in found.items} == {(ERASED, ERASED, ERASED)}
    assert len(found.items) == 3
    assert await records.page(console.office, Wanted(month=NOVEMBER, role=Role.AGENT)) == records.Found(
        items=(), more=None
    )
    assert len(await console.office.queries.find(file_reads, person_id=CLAIRE)) == 2


def test_the_next_month_to_go_is_known(console: World) -> None:
    today = console.clock.now().date()
    assert old_reads.due_first(today, 12, ()) == ("2026-11", today.replace(year=2027, month=12, day=1))
    assert old_reads.due_first(today, 12, {"2026-11"}) == ("2026-12", today.replace(year=2028, month=1, day=1))
