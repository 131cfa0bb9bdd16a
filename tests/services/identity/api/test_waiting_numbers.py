"""Numbers that wait for a NIR (NIA, NNP, MIG): from the register to an account, and on to the NIR (R114-26)."""

from typing import Any

import pytest

from services.identity.access.desk import Desk
from services.identity.domain import provisional as p
from shared.testing.clock import HandClock
from tests.services.identity.api.test_account import confirm, last_token
from tests.services.identity.api.test_enrolment import create, enrol, of_type
from tests.services.identity.api.test_provisional_codes import FACTS
from tests.services.identity.api.test_sign_in import DEVICE, sign_in
from tests.services.identity.conftest import Feeding, Site, learn
from tests.services.identity.examples import CLAIRE, LINE, NIR, PAUL, SERIAL
from tests.services.in_memory import InMemoryService

NIA, NIA_WITH_KEY = "4850183137042", "485018313704225"
NNP, MIG = "8183500012345", "6183500012345"
WAITING = pytest.mark.parametrize(
    ("number", "shown"),
    [(NIA, "4 85 ** ** *** *** **"), (NNP, "8 ** ** ** *** ***"), (MIG, "6 ** ** ** *** ***")],
    ids=["NIA", "NNP", "MIG"],
)


async def registered(service: InMemoryService, feed: Feeding, number: str, **more: Any) -> None:
    report = await feed({**LINE, "nir": number, **more})
    assert report.set_aside == 0
    await learn(service, CLAIRE, SERIAL)


@WAITING
async def test_from_the_register_to_an_account(
    site: Site, service: InMemoryService, desk: Desk, feed: Feeding, number: str, shown: str
) -> None:
    await registered(service, feed, number)
    assert (await create(site, await enrol(site, nir=number))).status_code == 202
    await confirm(site, await last_token(service, desk))
    assert (await sign_in(site, nir=number, device=DEVICE)).status_code == 202, "a new device"
    answer = await site.get("/profile", CLAIRE)
    assert answer.json()["nir_masked"] == shown
    assert number not in answer.text


@WAITING
async def test_a_code_by_post(site: Site, service: InMemoryService, feed: Feeding, number: str, shown: str) -> None:
    await registered(service, feed, number)
    assert (await site.post("/provisional-codes", {**FACTS, "nir": number})).status_code == 202
    assert len(await of_type(service, p.ProvisionalCodeRequested)) == 1
    assert shown


async def test_a_waiting_number_may_be_typed_with_its_key_and_a_provisional_one_has_none(
    site: Site, service: InMemoryService, feed: Feeding
) -> None:
    await registered(service, feed, NIA)
    assert await enrol(site, nir=NIA_WITH_KEY)
    for wrong, code in ((f"{NIA}76", "nir-key"), (f"{NNP}12", "nir-length")):
        answer = await site.post("/sign-ins", {"nir": wrong, "code": "Marée-basse-83!"})
        assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_when_the_nir_comes_the_account_stays_and_both_numbers_open_it(
    site: Site, service: InMemoryService, desk: Desk, feed: Feeding, clock: HandClock
) -> None:
    await registered(service, feed, NIA)
    await create(site, await enrol(site, nir=NIA))
    await confirm(site, await last_token(service, desk))
    assert (await feed({**LINE, "nir": NIR})).set_aside == 0
    for number in (NIR, NIA):
        assert (await sign_in(site, nir=number)).status_code == 202
    assert (await site.get("/profile", CLAIRE)).json()["nir_masked"] == "2 85 ** ** *** *** **"
    for number in (NIR, NIA) * 5:  # two numbers are no more tries than one
        assert (await sign_in(site, nir=number, code="faux-code1")).status_code == 401
        clock.move(61)
    for number in (NIR, NIA):
        shut = await sign_in(site, nir=number)
        assert (shut.status_code, shut.json()["code"]) == (429, "tries-exhausted")
    stolen = await feed({**LINE, "person_id": PAUL, "nir": NIA})
    assert [one.reason for one in stolen.listed] == ["nir-taken"], "a former number stays his"
