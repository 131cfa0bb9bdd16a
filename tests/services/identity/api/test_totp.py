"""The member's code app: switched on by a code of it, asked for instead of a mail, and its recovery codes."""

import datetime as dt
import uuid

import pyotp
import pytest

from services.identity.access.desk import Desk
from services.identity.domain import factor_events as f
from shared.testing.clock import HandClock
from tests.services.identity.api.test_account import confirm, last_token
from tests.services.identity.api.test_enrolment import create, enrol, of_type
from tests.services.identity.api.test_one_time_codes import answer_code, challenge
from tests.services.identity.conftest import Site
from tests.services.identity.examples import CLAIRE, CODE, PAUL
from tests.services.in_memory import InMemoryService


@pytest.fixture
async def secret(known: str, site: Site, service: InMemoryService, desk: Desk, clock: HandClock) -> str:
    """Claire's app knows it."""
    await create(site, await enrol(site))
    await confirm(site, await last_token(service, desk))
    begun = (await site.post("/totp", {}, member=known, stepped_up=True)).json()
    code = now_code(begun["secret"], clock)
    enabled = await site.post(f"/totp/{begun['totp_id']}", {"one_time_code": code}, member=known, stepped_up=True)
    assert enabled.status_code == 200, enabled.text
    SHOWN[:] = enabled.json()["codes"]
    clock.move(30)
    return str(begun["secret"])


SHOWN: list[str] = []
"""The recovery codes, as the member has written them down."""


def now_code(secret: str, clock: HandClock, late: float = 0) -> str:
    return pyotp.TOTP(secret).at(clock.now() - dt.timedelta(seconds=late))


async def test_a_code_of_the_app_opens_the_door_once_and_no_mail_is_sent(
    secret: str, site: Site, service: InMemoryService, clock: HandClock
) -> None:
    asked = await site.post("/sign-ins", {"nir": "285018313704228", "code": CODE})
    assert asked.json()["factor"] == "totp"
    code = now_code(secret, clock)
    assert (await answer_code(site, asked.json()["challenge_id"], code)).status_code == 200
    again = await challenge(site)
    assert (await answer_code(site, again, code)).status_code == 422, "each code is good once"
    clock.move(30)
    assert (await answer_code(site, again, now_code(secret, clock))).status_code == 200
    assert await of_type(service, f.OneTimeCodeRequested) == []


@pytest.mark.parametrize(("late", "status"), [(0, 200), (30, 422), (90, 422)])
async def test_a_code_is_good_half_a_minute_around_and_never_before_one_that_was_used(
    secret: str, site: Site, clock: HandClock, late: float, status: int
) -> None:
    assert (await answer_code(site, await challenge(site), now_code(secret, clock, late))).status_code == status


async def test_a_recovery_code_opens_the_door_once(secret: str, site: Site) -> None:
    assert secret
    assert len(set(SHOWN)) == 8
    assert (await answer_code(site, await challenge(site), f"{SHOWN[0][:4]}-{SHOWN[0][4:].lower()}")).status_code == 200
    assert (await answer_code(site, await challenge(site), SHOWN[0])).status_code == 422


async def test_a_step_up_takes_it_as_well_and_it_can_be_switched_off(
    secret: str, site: Site, service: InMemoryService, clock: HandClock
) -> None:
    asked = await site.post("/step-ups", {"code": CODE}, member=CLAIRE)
    path = f"/step-ups/{asked.json()['challenge_id']}"
    assert (await site.post(path, {"one_time_code": now_code(secret, clock)}, member=CLAIRE)).status_code == 200
    assert (await site.get("/totp", CLAIRE)).json() == {"enabled": True}
    assert (await site.post("/totp-end", {}, member=CLAIRE)).json()["code"] == "step-up-required"
    assert (await site.post("/totp-end", {}, member=CLAIRE, stepped_up=True)).status_code == 200
    assert (await site.get("/totp", CLAIRE)).json() == {"enabled": False}
    assert [type(event) for event in await of_type(service, f.TotpEnabled | f.TotpDisabled)] == [
        f.TotpEnabled,
        f.TotpDisabled,
    ]
    await challenge(site)
    assert len(await of_type(service, f.OneTimeCodeRequested)) == 1


async def test_a_wrong_first_code_switches_nothing_on_and_nobody_takes_anothers(
    secret: str, site: Site, service: InMemoryService, clock: HandClock
) -> None:
    assert secret
    begun = (await site.post("/totp", {}, member=PAUL, stepped_up=True)).json()
    path, right = f"/totp/{begun['totp_id']}", now_code(begun["secret"], clock)
    wrong = await site.post(path, {"one_time_code": "000000"}, member=PAUL, stepped_up=True)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "one-time-code-wrong")
    stolen = await site.post(path, {"one_time_code": right}, member=CLAIRE, stepped_up=True)
    unknown = await site.post(f"/totp/{uuid.uuid4()}", {"one_time_code": right}, member=PAUL, stepped_up=True)
    assert {stolen.json()["code"], unknown.json()["code"]} == {"totp-unknown"}
    assert len(await of_type(service, f.TotpEnabled)) == 1


async def test_no_secret_stands_in_the_clear(secret: str, service: InMemoryService, desk: Desk) -> None:
    kept = str(desk.stores.totp.rows) + str(service.store.commits)
    for hidden in (secret, *SHOWN):
        assert hidden not in kept
