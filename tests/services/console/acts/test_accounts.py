"""The first account, invitations, both factors, locks: as the acts do it."""

import datetime as dt
import uuid

import pytest

from services.console.acts import accounts, doors
from services.console.acts.office import By
from services.console.domain.ids import StaffId
from services.console.domain.words import Role
from services.console.read_models.staff_list import Standing, staff_list
from shared.event_store import ClaimTaken
from shared.kernel import Rejected
from shared.problems import Refused
from shared.sign_in.gates import TooMany
from tests.services.console.world import CODE, Person, World


async def enter(console: World, login: str, code: str, otp: str) -> doors.Opened:
    cmd = str(uuid.uuid4())
    return await doors.sign_in(console.office, cmd, cmd, login, code, otp)


async def test_the_first_account_is_made_once(console: World) -> None:
    await console.first()
    with pytest.raises(ClaimTaken) as taken:
        await console.first("other")
    assert taken.value.kind == "first"


async def test_a_supervisor_invites_and_nobody_else(console: World) -> None:
    chef = await console.first()
    agent = await console.staff(Role.AGENT, by=chef)
    with pytest.raises(Refused, match="role-refused"):
        await accounts.invite(console.office, console.by(agent), "friend", Role.SUPERVISOR, "my friend")
    with pytest.raises(ClaimTaken):
        await accounts.invite(console.office, console.by(chef), "agent", Role.AGENT, "the same login")
    with pytest.raises(Rejected, match="login-invalid"):
        await accounts.invite(console.office, console.by(chef), "é", Role.AGENT, "no login")


async def test_the_same_command_invites_once(console: World) -> None:
    chef = await console.first()
    by = console.by(chef)
    first, second = [await accounts.invite(console.office, by, "a.b", Role.AGENT, "twice") for _ in range(2)]
    assert first == second
    assert console.service.types().count("StaffInvited") == 2


async def test_an_invitation_wants_a_long_code_and_the_app(console: World) -> None:
    chef = await console.first()
    invited = await accounts.invite(console.office, console.by(chef), "agent", Role.AGENT, "new")
    joining = await accounts.open_invitation(console.office, invited.token)
    person = Person("agent", Role.AGENT, invited.staff_id, joining.secret)
    by = By(invited.staff_id, Role.AGENT, str(uuid.uuid4()), "c")
    now = console.clock.now()
    for token, code, otp, refusal in (
        (invited.token, "short", person.otp(now), "code-too-short"),
        (invited.token, CODE, "000000", "totp-wrong"),
        ("wrong", CODE, person.otp(now), "invitation-invalid"),
    ):
        with pytest.raises(Rejected, match=refusal):
            await accounts.join(console.office, by, token, code, otp)
    await accounts.join(console.office, by, invited.token, CODE, person.otp(now))
    with pytest.raises(Rejected, match="invitation-invalid"):
        await accounts.open_invitation(console.office, invited.token)


async def test_both_factors_open_and_a_code_of_the_app_is_good_once(console: World) -> None:
    chef = await console.first()
    otp = chef.otp(console.clock.now())
    opened = await enter(console, " CHEF ", CODE, otp)
    assert (opened.staff_id, opened.role) == (chef.staff_id, Role.SUPERVISOR)
    assert await doors.still_open(console.office, chef.staff_id, opened.session_id) is Role.SUPERVISOR
    with pytest.raises(Rejected, match="sign-in-refused"):
        await enter(console, "chef", CODE, otp)


async def test_what_is_wrong_is_not_said(console: World) -> None:
    chef = await console.first()
    otp = chef.otp(console.clock.now())
    for login, code, typed in (("nobody", CODE, otp), ("chef", "another phrase", otp), ("chef", CODE, "123456")):
        with pytest.raises(Rejected, match="sign-in-refused"):
            await enter(console, login, code, typed)


async def test_a_login_is_not_tried_for_ever(console: World) -> None:
    chef = await console.first()
    for _ in range(5):
        with pytest.raises(Rejected):
            await enter(console, "chef", "wrong wrong wrong", "123456")
        console.clock.move(60)
    with pytest.raises(TooMany):
        await enter(console, "chef", CODE, chef.otp(console.clock.now()))
    console.clock.move(3600)
    await enter(console, "chef", CODE, chef.otp(console.clock.now()))


async def test_a_lock_ends_what_is_open(console: World) -> None:
    chef = await console.first()
    agent = await console.staff(Role.AGENT, by=chef)
    opened = await enter(console, "agent", CODE, agent.otp(console.clock.now()))
    await accounts.lock(console.office, console.by(chef), agent.staff_id, "left the fund")
    assert await doors.still_open(console.office, agent.staff_id, opened.session_id) is None
    console.clock.move(30)
    with pytest.raises(Rejected, match="sign-in-refused"):
        await enter(console, "agent", CODE, agent.otp(console.clock.now()))
    [listed] = [one for one in await console.office.queries.find(staff_list) if one.staff_id == agent.staff_id]
    assert (listed.login, listed.standing) == ("agent", Standing.LOCKED)
    await accounts.unlock(console.office, console.by(chef), agent.staff_id, "came back")
    console.clock.move(30)
    await enter(console, "agent", CODE, agent.otp(console.clock.now()))


async def test_an_auditors_session_ends_with_his_mandate(console: World) -> None:
    auditor = await console.staff(Role.AUDITOR)
    opened = await enter(console, "auditor", CODE, auditor.otp(console.clock.now()))
    assert await doors.still_open(console.office, auditor.staff_id, opened.session_id) is Role.AUDITOR
    console.clock.time += dt.timedelta(days=31)
    assert await doors.still_open(console.office, auditor.staff_id, opened.session_id) is None


async def test_sessions_are_ended_by_oneself_or_a_supervisor(console: World) -> None:
    chef = await console.first()
    one, two = [await console.staff(Role.AGENT, login, by=chef) for login in ("one", "two")]
    opened = await enter(console, "one", CODE, one.otp(console.clock.now()))
    with pytest.raises(Refused, match="role-refused"):
        await accounts.end_sessions(console.office, console.by(two), one.staff_id, "not mine")
    await accounts.end_sessions(console.office, console.by(one), one.staff_id, "lost my telephone")
    assert await doors.still_open(console.office, one.staff_id, opened.session_id) is None


async def test_neither_code_nor_login_nor_secret_stands_plain_in_the_log(console: World) -> None:
    await console.staff(Role.AGENT, "very.recognisable")
    written = repr(console.service.store.commits) + repr(console.ring.keys) + repr(console.ring.invitations)
    assert "recognisable" not in written
    assert CODE not in written


async def test_nobody_acts_for_an_account_that_is_not_there(console: World) -> None:
    chef = await console.first()
    with pytest.raises(Rejected, match="staff-unknown"):
        await accounts.lock(console.office, console.by(chef), StaffId(str(uuid.uuid4())), "who is that")
