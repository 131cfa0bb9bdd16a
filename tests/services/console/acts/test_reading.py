"""A look at a file is recorded before anything is shown; own files and relatives' are refused; values for 15 minutes."""

import uuid

import pytest

from services.console.acts import accounts, old_reads, reading
from services.console.acts.office import By
from services.console.acts.reading import Why
from services.console.domain.ids import PersonId
from services.console.domain.words import Part, Purpose, Role
from services.console.read_models.file_reads import file_reads
from shared.kernel import ERASED, Rejected
from shared.problems import Refused
from shared.sign_in.gates import TooMany
from tests.services.console.world import World, world

CLAIRE, CHILD = str(uuid.uuid4()), str(uuid.uuid4())
CALL = Why(purpose=Purpose.CALL, reason="asks for her card", ticket="D-1")


async def household(_: By, person_id: str) -> frozenset[str]:
    """Claire sees her child."""
    return frozenset({CLAIRE, CHILD}) if person_id in {CLAIRE, CHILD} else frozenset({person_id})


async def test_a_look_says_who_why_and_what(console: World) -> None:
    agent = await console.staff(Role.AGENT)
    await reading.read(console.office, console.by(agent), CLAIRE, Part.ACCOUNT, CALL, household)
    [one] = await console.office.queries.find(file_reads, person_id=CLAIRE)
    assert (one.reader, one.role, one.purpose, one.part) == (agent.staff_id, Role.AGENT, Purpose.CALL, Part.ACCOUNT)
    assert (one.reason, one.ticket, one.period) == ("asks for her card", "D-1", "2026-11")


async def test_who_it_was_stands_in_the_event_alone(console: World) -> None:
    agent = await console.staff(Role.AGENT)
    await reading.read(console.office, console.by(agent), CLAIRE, Part.ACCOUNT, CALL, household)
    commit = console.service.store.commits[-1]
    assert commit["s"] == f"file:{CLAIRE}"
    assert agent.staff_id not in repr(commit)
    assert commit["meta"]["actor"] == "agent"


async def test_nobody_opens_his_own_file_or_a_relatives(console: World) -> None:
    chef = await console.first()
    agent = await console.staff(Role.AGENT, by=chef)
    await accounts.name_own_files(console.office, console.by(chef), agent.staff_id, [PersonId(CHILD)], "his child")
    for person_id in (CHILD, CLAIRE):
        with pytest.raises(Refused, match="own-file"):
            await reading.read(console.office, console.by(agent), person_id, Part.ACCOUNT, CALL, household)
    assert "MemberFileRead" not in console.service.types()
    await reading.read(console.office, console.by(agent), str(uuid.uuid4()), Part.ACCOUNT, CALL, household)


async def test_values_show_after_a_reason_and_for_a_quarter_of_an_hour(console: World) -> None:
    chef = await console.first()
    agent = await console.staff(Role.AGENT, by=chef)
    why = Why(purpose=Purpose.INCIDENT, reason="a wrong amount", ticket="I-7")
    assert not await reading.shows_values(console.office, console.by(chef), CLAIRE)
    await reading.unmask(console.office, console.by(chef), CLAIRE, why, household)
    assert await reading.shows_values(console.office, console.by(chef), CLAIRE)
    assert not await reading.shows_values(console.office, console.by(agent), CLAIRE)
    [one] = await console.office.queries.find(file_reads, person_id=CLAIRE)
    assert one.part is Part.VALUES
    console.clock.move(15 * 60)
    assert not await reading.shows_values(console.office, console.by(chef), CLAIRE)
    with pytest.raises(Rejected, match="role-refused"):
        await reading.unmask(console.office, console.by(agent), CLAIRE, CALL, household)


async def test_a_day_has_so_many_look_ups_and_the_last_is_told(console: World) -> None:
    console = world(look_ups_per_day=2)
    agent = await console.staff(Role.AGENT)
    for _ in range(2):
        await reading.count_look_up(console.office, console.by(agent))
    for _ in range(2):
        with pytest.raises(TooMany):
            await reading.count_look_up(console.office, console.by(agent))
    assert console.service.types().count("LookUpsExhausted") == 1
    console.clock.move(24 * 3600)
    await reading.count_look_up(console.office, console.by(agent))


async def test_after_a_year_nobody_knows_who_looked(console: World) -> None:
    agent = await console.staff(Role.AGENT)
    await reading.read(console.office, console.by(agent), CLAIRE, Part.ACCOUNT, CALL, household)
    destroy = [await old_reads.destroy_old(console.service, console.clock, 12)]
    console.clock.time = console.clock.time.replace(year=2027, month=11, day=30)
    destroy.append(await old_reads.destroy_old(console.service, console.clock, 12))
    console.clock.time = console.clock.time.replace(month=12, day=1)
    destroy += [await old_reads.destroy_old(console.service, console.clock, 12) for _ in range(2)]
    assert destroy == [[], [], ["2026-11"], ["2026-11"]]
    assert console.service.types().count("AccessKeyDestroyed") == 1
    [one] = await console.office.queries.find(file_reads, person_id=CLAIRE)
    assert (one.reader, one.reason, one.person_id) == (ERASED, ERASED, CLAIRE)
