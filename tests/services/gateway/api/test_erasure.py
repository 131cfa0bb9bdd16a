"""Being forgotten, asked for and taken back by a program."""

import pytest

from tests.services.gateway.api.program import Program, program
from tests.services.gateway.fake_erasures import CODE, REFERENCE
from tests.services.gateway.fakes import World, world

KEY = "3f1c2f64-51c8-4a7c-9d5e-2b8d9a6f0e11"
YES = {"understood": True}


@pytest.fixture
def site() -> World:
    return world()


@pytest.fixture
async def phone(site: World) -> Program:
    return await program(site, acr_values="step-up")


async def test_what_goes_and_what_is_kept_is_shown_before_anything_is_asked(phone: Program) -> None:
    shown = (await phone.call("GET", "/account/erasure")).json()
    assert (shown["requested"], shown["code"]) == (False, None)
    assert shown["kept"][0]["source"] == "Code de commerce, art. L123-22"


async def test_asked_for_it_waits_and_opens_nothing_but_the_way_back(phone: Program) -> None:
    other = await program(phone.world)
    asked = await phone.call("POST", "/account/erasure", key=KEY, json=YES)
    assert asked.status_code == 204
    assert phone.world.erasures.last("request")["command_id"] == KEY
    shown = (await phone.call("GET", "/account/erasure")).json()
    assert (shown["requested"], shown["reference"], shown["code"]) == (True, REFERENCE, CODE)
    refused = await phone.call("GET", "/account")
    assert (refused.status_code, refused.json()["code"]) == (403, "erasure-waits")
    assert (await other.call("GET", "/account")).status_code == 401
    assert [name for name, _ in phone.world.keys.calls if name == "end_others"] == ["end_others"]


async def test_the_same_request_sent_again_is_answered_alike(phone: Program) -> None:
    answers = [await phone.call("POST", "/account/erasure", key=KEY, json=YES) for _ in range(2)]
    assert [one.status_code for one in answers] == [204, 204]
    named = {call["command_id"] for name, call in phone.world.erasures.calls if name == "request"}
    assert named == {KEY}


async def test_taken_back_all_is_open_again(phone: Program) -> None:
    await phone.call("POST", "/account/erasure", json=YES)
    assert (await phone.call("POST", "/account/erasure/cancellation")).status_code == 204
    assert (await phone.call("GET", "/account")).status_code == 200
    again = await phone.call("POST", "/account/erasure/cancellation")
    assert (again.status_code, again.json()["code"]) == (404, "erasure-unknown")


async def test_who_has_not_just_confirmed_asks_for_nothing(site: World) -> None:
    phone = await program(site)
    refused = await phone.call("POST", "/account/erasure", json=YES)
    assert (refused.status_code, refused.json()["code"]) == (401, "step-up-required")
    assert not site.erasures.requested


@pytest.mark.parametrize("body", [{}, {"understood": False}, {"understood": True, "more": 1}])
async def test_who_has_not_understood_asks_for_nothing(phone: Program, body: dict[str, object]) -> None:
    assert (await phone.call("POST", "/account/erasure", json=body)).status_code == 422
    assert not phone.world.erasures.requested


async def test_asked_for_elsewhere_it_closes_this_session_within_a_minute(phone: Program) -> None:
    assert (await phone.call("GET", "/account")).status_code == 200
    phone.world.keys.closing = True
    phone.world.clock.pass_(minutes=1, seconds=1)
    assert (await phone.call("GET", "/account")).json()["code"] == "erasure-waits"
