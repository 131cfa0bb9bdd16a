"""Signing in: known and unknown numbers get the same answers for the same work, and refusals are told later."""

import uuid
from typing import Any

import pytest
from httpx import Response

from services.identity.access import refusals
from services.identity.access.desk import Desk
from services.identity.access.links import REOPENING
from services.identity.access.memory import MemoryCredentials, MemoryRefusals
from services.identity.domain import account_events as later
from services.identity.domain import events as e
from services.identity.settings import IdentitySettings
from shared.event_store import StoreUnavailable
from shared.sign_in.hashing import CodeHasher
from shared.testing.clock import HandClock
from tests.services.identity.api.test_enrolment import create, enrol, of_type
from tests.services.identity.conftest import CountingHasher, Feeding, Site, learn
from tests.services.identity.examples import CLAIRE, CODE, LINE, NIR, SERIAL
from tests.services.in_memory import InMemoryService

UNKNOWN = "1850183137042"
DEVICE = "d0" * 16
HERE, THERE = "192.0.2.0/24", "198.51.100.0/24"


@pytest.fixture
async def member(known: str, site: Site) -> str:
    """Claire has an account; her address is not confirmed yet."""
    await create(site, await enrol(site))
    return known


async def sign_in(
    site: Site, nir: str = NIR, code: str = CODE, origin: str = HERE, cmd: str | None = None, device: str = ""
) -> Response:
    return await site.post("/sign-ins", {"nir": nir, "code": code}, origin=origin, cmd=cmd, device=device)


async def test_the_right_code_opens_a_session(site: Site, service: InMemoryService, member: str) -> None:
    answer = await sign_in(site)
    assert answer.status_code == 200
    [signed] = await of_type(service, e.SignedIn)
    assert answer.json() == {
        "member_id": member,
        "session_id": signed.session_id,
        "access": "email-pending",
        "cgu_version": "2026-01",
        "closing": False,
        "stream": f"account:{CLAIRE}",
        "version": 3,
    }


@pytest.mark.usefixtures("member")
async def test_the_number_may_be_typed_with_its_key_or_without(site: Site) -> None:
    assert (await sign_in(site, nir="2 85 01 83 137 042 28")).status_code == 200
    assert (await sign_in(site, nir="2850183137042")).status_code == 200


@pytest.mark.usefixtures("member")
async def test_the_same_command_twice_is_one_session(site: Site, service: InMemoryService) -> None:
    cmd = str(uuid.uuid4())
    assert (await sign_in(site, cmd=cmd)).json() == (await sign_in(site, cmd=cmd)).json()
    assert len(await of_type(service, e.SignedIn)) == 1


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(("nir", "code"), [(NIR, "faux-code1"), (UNKNOWN, CODE)], ids=["wrong code", "unknown number"])
async def test_a_refusal_says_nothing(site: Site, nir: str, code: str) -> None:
    answer = await sign_in(site, nir=nir, code=code)
    assert answer.status_code == 401
    assert answer.json() == {
        "type": "urn:problem:sign-in-refused",
        "title": "Numéro de sécurité sociale ou code personnel incorrect",
        "status": 401,
        "code": "sign-in-refused",
        "errors": [],
    }


@pytest.mark.usefixtures("known")
async def test_a_person_without_an_account_is_as_good_as_unknown(site: Site) -> None:
    assert (await sign_in(site)).json()["code"] == "sign-in-refused"


@pytest.mark.usefixtures("member")
async def test_a_number_that_is_none_is_a_slip(site: Site) -> None:
    assert (await sign_in(site, nir="285018313704229")).json()["code"] == "nir-key"


@pytest.mark.usefixtures("member")
async def test_known_or_unknown_the_work_is_the_same(
    noted_site: Site, hasher: CountingHasher, steps: list[tuple[str, Any]]
) -> None:
    work = []
    await sign_in(noted_site, nir="1850183137043", code="faux-code1")  # the window of the network begins
    for nir in (NIR, UNKNOWN):
        steps.clear()
        before = hasher.verified
        await sign_in(noted_site, nir=nir, code="faux-code1")
        work.append((hasher.verified - before, [name for name, _ in steps]))
    assert work[0] == work[1] == (1, ["add", "load", "swap", "of", "count", "load"])


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize("nir", [NIR, UNKNOWN], ids=["known", "unknown"])
async def test_one_waits_longer_and_longer_and_then_no_more_comes_through(
    site: Site, clock: HandClock, hasher: CountingHasher, nir: str
) -> None:
    waits = []
    for _ in range(10):
        answer = await sign_in(site, nir=nir, code="faux-code1")
        while answer.status_code == 429:
            waits.append(int(answer.headers["Retry-After"]))
            clock.move(waits[-1])
            answer = await sign_in(site, nir=nir, code="faux-code1")
        assert answer.status_code == 401
    assert waits == [1, 2, 4, 8, 16, 32, 60]
    clock.move(3600)
    before = hasher.verified
    closed = await sign_in(site, nir=nir)
    assert (closed.status_code, closed.json()["code"]) == (429, "tries-exhausted")
    assert hasher.verified == before


@pytest.mark.usefixtures("member")
async def test_right_sign_ins_cost_those_who_share_the_network_nothing(site: Site, desk: Desk) -> None:
    object.__setattr__(desk, "settings", desk.settings.model_copy(update={"sign_ins_per_origin": 3}))
    for _ in range(2):
        assert (await sign_in(site, nir=UNKNOWN, code="faux-code1")).status_code == 401
    for number in range(5):
        assert (await sign_in(site, device=f"{number:032x}")).status_code == 200
    assert (await sign_in(site, nir=UNKNOWN, code="faux-code1")).status_code == 401
    assert (await sign_in(site, device="d1" * 16)).json()["code"] == "tries-exhausted"


@pytest.mark.usefixtures("member")
async def test_a_stranger_does_not_shut_the_member_out_of_a_browser_that_is_known(site: Site, clock: HandClock) -> None:
    assert (await sign_in(site, device=DEVICE)).status_code == 200
    for number in range(10):
        await sign_in(site, code="faux-code1", origin=f"198.51.{number}.0/24", device=f"{number:032x}")
        clock.move(60)
    assert (await sign_in(site, origin=THERE)).json()["code"] == "tries-exhausted"
    assert (await sign_in(site, device="d1" * 16)).status_code == 429, "whatever address, cookie or none"
    assert (await sign_in(site, device=DEVICE)).status_code == 200


@pytest.mark.usefixtures("member")
async def test_a_known_browser_has_tries_of_its_own(site: Site, clock: HandClock) -> None:
    await sign_in(site, device=DEVICE)
    for _ in range(10):
        await sign_in(site, code="faux-code1", device=DEVICE)
        clock.move(60)
    assert (await sign_in(site, device=DEVICE)).status_code == 429
    assert (await sign_in(site)).status_code == 200
    clock.move(86_400)
    assert (await sign_in(site, device=DEVICE)).status_code == 200


@pytest.mark.usefixtures("member")
async def test_one_address_prefix_gets_so_many_tries_for_all_numbers_from_browsers_that_are_new(
    site: Site, desk: Desk, settings: IdentitySettings
) -> None:
    await sign_in(site, device=DEVICE)
    object.__setattr__(desk, "settings", settings.model_copy(update={"sign_ins_per_origin": 3}))
    answers = [await sign_in(site, nir=f"18501831370{number:02d}", origin=THERE) for number in range(4)]
    assert [one.status_code for one in answers] == [401, 401, 401, 429]
    assert (await sign_in(site, origin=THERE, device=DEVICE)).status_code == 200


@pytest.mark.usefixtures("member")
async def test_a_door_that_has_shut_is_told_of_once_and_opened_by_its_link(
    site: Site, desk: Desk, service: InMemoryService, clock: HandClock
) -> None:
    for _ in range(12):
        await sign_in(site, code="faux-code1")
        clock.move(60)
    await refusals.tell(desk)
    await refusals.tell(desk)
    [shut] = await of_type(service, later.SignInsLocked)
    assert shut.member_id == CLAIRE
    token = desk.links.token(REOPENING, shut.link_id, shut.expires_at)
    assert (await sign_in(site)).status_code == 429
    assert (await site.post("/sign-in-reopenings", {"token": token})).status_code == 200
    assert (await sign_in(site)).status_code == 200
    again = await site.post("/sign-in-reopenings", {"token": token})
    assert (again.status_code, again.json()["code"]) == (410, "link-replaced")


@pytest.mark.parametrize("purpose", ["email-validation", "code-reset"])
@pytest.mark.usefixtures("member")
async def test_a_link_of_another_purpose_opens_no_door(
    site: Site, desk: Desk, service: InMemoryService, purpose: str
) -> None:
    [sent] = await of_type(service, e.EmailValidationRequested)
    token = desk.links.token(purpose, sent.link_id, sent.expires_at)
    assert (await site.post("/sign-in-reopenings", {"token": token})).json()["code"] == "link-invalid"


async def test_a_door_of_a_number_that_nobody_has_is_told_to_nobody(
    site: Site, desk: Desk, service: InMemoryService, clock: HandClock
) -> None:
    for _ in range(10):
        assert (await sign_in(site, nir=UNKNOWN)).status_code == 401
        clock.move(60)
    assert (await sign_in(site, nir=UNKNOWN)).status_code == 429
    await refusals.tell(desk)
    assert "SignInsLocked" not in service.types()


@pytest.mark.usefixtures("member")
async def test_the_right_code_forgives_the_wrong_ones(site: Site, clock: HandClock) -> None:
    for _ in range(3):
        for _ in range(5):
            await sign_in(site, code="faux-code1")
            clock.move(60)
        assert (await sign_in(site)).status_code == 200


@pytest.mark.usefixtures("member")
async def test_refusals_become_one_event_per_origin_and_five_minutes(
    site: Site, desk: Desk, service: InMemoryService, clock: HandClock
) -> None:
    for origin in (HERE, HERE, THERE):
        await sign_in(site, code="faux-code1", origin=origin)
        clock.move(10)
    await refusals.tell(desk)
    assert await of_type(service, e.SignInRefused) == [], "the five minutes are not over"
    clock.move(600)
    await refusals.tell(desk)
    await refusals.tell(desk)
    told = await of_type(service, e.SignInRefused)
    assert sorted(one.count for one in told) == [1, 2]
    assert {one.member_id for one in told} == {CLAIRE}
    together = max(told, key=lambda one: one.count)
    assert (together.last_at - together.first_at).total_seconds() == 10


@pytest.mark.usefixtures("member")
async def test_five_minutes_later_it_is_another_event(
    site: Site, desk: Desk, service: InMemoryService, clock: HandClock
) -> None:
    await sign_in(site, code="faux-code1")
    clock.move(301)
    await sign_in(site, code="faux-code1")
    clock.move(600)
    await refusals.tell(desk)
    assert [one.count for one in await of_type(service, e.SignInRefused)] == [1, 1]


@pytest.mark.usefixtures("known")
async def test_refusals_without_an_account_are_forgotten(
    site: Site, desk: Desk, service: InMemoryService, clock: HandClock
) -> None:
    for nir in (NIR, UNKNOWN):
        await sign_in(site, nir=nir)
    clock.move(600)
    await refusals.tell(desk)
    assert "SignInRefused" not in service.types()
    assert isinstance(desk.stores.refusals, MemoryRefusals)
    assert desk.stores.refusals.rows == {}


@pytest.mark.usefixtures("member")
async def test_told_twice_after_a_crash_it_is_one_event(
    site: Site, desk: Desk, service: InMemoryService, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in(site, code="faux-code1")
    clock.move(600)
    with monkeypatch.context() as crash:
        crash.setattr(desk.stores.refusals, "drop", _crash)
        with pytest.raises(StoreUnavailable):
            await refusals.tell(desk)
    await refusals.tell(desk)
    assert len(await of_type(service, e.SignInRefused)) == 1


async def _crash(*_: Any) -> None:
    raise StoreUnavailable


@pytest.mark.usefixtures("known")
async def test_a_crash_between_event_and_activation_locks_nobody_out(
    site: Site, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as crash:
        crash.setattr(desk.stores.credentials, "settle", _crash)
        assert (await create(site, await enrol(site))).status_code == 503
    assert isinstance(desk.stores.credentials, MemoryCredentials)
    [kept] = desk.stores.credentials.rows.values()
    assert not kept.active
    assert (await sign_in(site)).status_code == 200
    [kept] = desk.stores.credentials.rows.values()
    assert kept.active


@pytest.mark.usefixtures("known")
async def test_a_crash_before_the_event_leaves_a_code_that_opens_nothing(
    site: Site, service: InMemoryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolment_id = await enrol(site)
    with monkeypatch.context() as crash:
        crash.setattr(service, "handle", _no_handle)
        assert (await create(site, enrolment_id)).status_code == 503
    assert (await sign_in(site)).json()["code"] == "sign-in-refused"
    await create(site, enrolment_id, code="nouveau-1")
    assert (await sign_in(site)).json()["code"] == "sign-in-refused"
    assert (await sign_in(site, code="nouveau-1")).status_code == 200


async def _no_handle(*_: Any, **__: Any) -> None:
    raise StoreUnavailable


@pytest.mark.usefixtures("member")
async def test_a_weak_hash_is_renewed_when_the_code_is_right(site: Site, desk: Desk) -> None:
    assert isinstance(desk.stores.credentials, MemoryCredentials)
    [kept] = desk.stores.credentials.rows.values()
    stronger = CodeHasher(b"pepper", memory_kib=128, at_once=1, waiting=8)
    object.__setattr__(desk, "hasher", stronger)
    assert (await sign_in(site, code="faux-code1")).status_code == 401
    assert desk.stores.credentials.rows[kept.id] == kept
    assert (await sign_in(site)).status_code == 200
    renewed = desk.stores.credentials.rows[kept.id]
    assert not stronger.outdated(renewed.hash)
    assert (await sign_in(site)).status_code == 200


@pytest.mark.usefixtures("member")
async def test_a_number_that_changed_opens_the_same_account_and_so_does_the_former_one(
    site: Site, feed: Feeding
) -> None:
    await feed({**LINE, "nir": "2850183137043"})
    opened = [await sign_in(site, nir=nir, device=DEVICE) for nir in ("2850183137043", NIR)]
    assert [one.json()["member_id"] for one in opened] == [CLAIRE, CLAIRE]


@pytest.mark.parametrize("number", ["7100012345678", "8100012345678", "5100012345678", "6200012345678"])
async def test_whoever_waits_for_a_number_signs_in_with_the_provisional_one(
    site: Site, feed: Feeding, service: InMemoryService, number: str
) -> None:
    await feed({**LINE, "nir": number})
    await learn(service, CLAIRE, SERIAL)
    await create(site, await enrol(site, nir=number))
    assert (await sign_in(site, nir=number)).json()["access"] == "email-pending"
