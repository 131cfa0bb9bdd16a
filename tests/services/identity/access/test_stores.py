"""What is remembered outside the log: the same cases in memory and on a real server."""

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest

from deploy.local.stack import Stack
from services.identity.access.challenges import Challenge, Totp
from services.identity.access.memory import memory_stores
from services.identity.access.mongo import mongo_stores
from services.identity.access.stores import Credential, Enrolment, Stores
from services.identity.domain.factor_events import Factor, Purpose
from services.identity.domain.ids import ChallengeId, CredentialId, DeviceId, EnrolmentId, TotpId
from shared.mongo import connect
from tests.services.identity.examples import CLAIRE, CREDENTIAL, MEMBER, NOW, PAUL, after

CLAIM = "nir:v1:abc"


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.connected)])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    if request.param == "memory":
        yield memory_stores()
        return
    stack: Stack = request.getfixturevalue("stack")  # asked for here, so that memory needs none
    client = connect(stack.mongo_url())
    name = f"identity_{uuid.uuid4().hex[:12]}"
    found = mongo_stores(client[name])
    await found.prepare()
    await found.prepare()
    yield found
    await client.drop_database(name)
    client.close()


def credential(**changes: object) -> Credential:
    known = Credential(id=CREDENTIAL, member_id=MEMBER, hash="$argon2id$1", created_at=NOW)
    return known.model_copy(update=changes)


OTHER = CredentialId("99999999-9999-4999-8999-999999999999")


async def test_an_enrolment_expires(stores: Stores) -> None:
    enrolment = Enrolment(id=EnrolmentId("e"), person_id=CLAIRE, expires_at=after(minutes=30))
    await stores.enrolments.put(enrolment)
    assert await stores.enrolments.get(enrolment.id, after(minutes=29)) == enrolment
    assert await stores.enrolments.get(enrolment.id, after(minutes=30)) is None
    assert await stores.enrolments.get(EnrolmentId("other"), NOW) is None


async def test_a_new_code_stands_beside_the_old_one_until_it_is_settled(stores: Stores) -> None:
    store, newer = stores.credentials, credential(id=OTHER, created_at=after(minutes=30), hash="$argon2id$2")
    assert await store.of(MEMBER) == []
    await store.add(credential())
    await store.settle(MEMBER, CREDENTIAL, NOW)
    await store.add(newer)
    assert await store.of(MEMBER) == [newer, credential(active=True)]
    await store.settle(MEMBER, OTHER, after(minutes=31))
    assert await store.of(MEMBER) == [newer.model_copy(update={"active": True})]


async def test_a_code_that_an_event_may_be_about_to_name_is_left_alone(stores: Stores) -> None:
    store, young = stores.credentials, credential(id=OTHER, created_at=after(minutes=1))
    await store.add(credential())
    await store.add(young)
    await store.settle(MEMBER, CREDENTIAL, after(minutes=2))
    assert await store.of(MEMBER) == [young, credential(active=True)]


async def test_a_hash_is_added_once(stores: Stores) -> None:
    await stores.credentials.add(credential())
    await stores.credentials.add(credential(hash="$argon2id$another"))
    assert await stores.credentials.of(MEMBER) == [credential()]


async def test_a_hash_is_renewed_and_dropped(stores: Stores) -> None:
    await stores.credentials.add(credential())
    await stores.credentials.rehash(CREDENTIAL, "$argon2id$new")
    assert await stores.credentials.of(MEMBER) == [credential(hash="$argon2id$new")]
    await stores.credentials.drop(CREDENTIAL)
    assert await stores.credentials.of(MEMBER) == []
    await stores.credentials.settle(MEMBER, CREDENTIAL, NOW)
    assert await stores.credentials.of(MEMBER) == []


async def test_refusals_are_counted_together(stores: Stores) -> None:
    for minute in (0, 1, 3):
        await stores.refusals.count("window", CLAIM, after(minutes=minute))
    assert await stores.refusals.last_before(after(minutes=3)) == []
    [found] = await stores.refusals.last_before(after(minutes=4))
    assert (found.id, found.nir, found.count, found.first_at, found.last_at) == (
        "window", CLAIM, 3, NOW, after(minutes=3),
    )  # fmt: skip
    await stores.refusals.drop("window")
    assert await stores.refusals.last_before(after(minutes=4)) == []


CHALLENGE = Challenge(
    id=ChallengeId("c-1"),
    member_id=MEMBER,
    credential_id=CREDENTIAL,
    session="browser-1",
    purpose=Purpose.SIGN_IN,
    factor=Factor.EMAIL,
    expires_at=after(minutes=10),
)


async def test_a_challenge_stands_in_its_session_until_it_expires_or_is_used(stores: Stores) -> None:
    store = stores.challenges
    await store.put(CHALLENGE)
    assert await store.get(CHALLENGE.id) == CHALLENGE
    assert await store.get(ChallengeId("other")) is None
    assert await store.standing(MEMBER, "browser-1", Purpose.SIGN_IN, NOW) == CHALLENGE
    assert await store.standing(MEMBER, "browser-2", Purpose.SIGN_IN, NOW) is None
    assert await store.standing(MEMBER, "browser-1", Purpose.STEP_UP, NOW) is None
    assert await store.standing(MEMBER, "browser-1", Purpose.SIGN_IN, after(minutes=10)) is None
    assert await store.use(CHALLENGE.id, "cmd-1")
    assert await store.standing(MEMBER, "browser-1", Purpose.SIGN_IN, NOW) is None


async def test_a_challenge_counts_its_tries_and_is_used_by_one_command(stores: Stores) -> None:
    store = stores.challenges
    await store.put(CHALLENGE)
    counted = await asyncio.gather(*(store.count(CHALLENGE.id, 5) for _ in range(8)))
    assert sum(counted) == 5
    await store.put(CHALLENGE)
    assert not await store.count(CHALLENGE.id, 5), "put again it is no other one"
    used = await asyncio.gather(*(store.use(CHALLENGE.id, f"cmd-{number}") for number in range(4)))
    assert sum(used) == 1
    winner = f"cmd-{used.index(True)}"
    assert await store.use(CHALLENGE.id, winner)
    assert not await store.count(CHALLENGE.id, 100)
    found = await store.get(CHALLENGE.id)
    assert found is not None
    assert found.used_by == winner


async def test_a_device_is_known_for_its_member_until_then(stores: Stores) -> None:
    device, other = DeviceId("d0" * 16), DeviceId("d1" * 16)
    assert not await stores.devices.known(MEMBER, device, NOW)
    await stores.devices.remember(MEMBER, device, after(days=1))
    await stores.devices.remember(MEMBER, device, after(days=2))
    await stores.devices.remember(MEMBER, other, after(days=2))
    assert await stores.devices.known(MEMBER, device, after(days=1))
    assert not await stores.devices.known(MEMBER, device, after(days=2))
    assert not await stores.devices.known(PAUL, device, NOW)
    await stores.devices.forget(MEMBER, device)
    assert not await stores.devices.known(MEMBER, device, NOW)
    assert await stores.devices.known(MEMBER, other, NOW)
    await stores.devices.forget(MEMBER)
    assert not await stores.devices.known(MEMBER, other, NOW)


async def test_a_code_app_s_steps_only_grow_and_its_recovery_codes_are_used_up(stores: Stores) -> None:
    store, one = stores.totp, Totp(id=TotpId("t-1"), member_id=MEMBER, sealed=b"sealed")
    assert await store.get(one.id) is None
    await store.put(one)
    await store.put(one.model_copy(update={"sealed": b"another"}))
    assert await store.get(one.id) == one
    assert [await store.advance(one.id, step) for step in (5, 5, 4, 6)] == [True, False, False, True]
    await store.set_recovery(one.id, ("a", "b"))
    used = await asyncio.gather(*(store.use_recovery(one.id, "a") for _ in range(4)))
    assert sum(used) == 1
    assert not await store.use_recovery(one.id, "c")
    assert await store.get(one.id) == one.model_copy(update={"step": 6, "recovery": ("b",)})
    await store.drop(MEMBER)
    assert await store.get(one.id) is None
