"""Nobody learns from the time of an answer whether a number or an address is known: interleaved pairs, a real database.

The limits alone are lifted; the time after which every answer comes is the one of production. Pairs go side by side in
a few lanes, each with people of its own, or most of the time would be spent waiting.
"""

import asyncio
import datetime as dt
import itertools
import statistics
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient, Response

from deploy.local.seed.files import sender_key as private_key
from deploy.local.seed.files import sign
from deploy.local.stack import Stack
from services.identity.access.mongo import mongo_stores
from services.identity.access.stores import Enrolment
from services.identity.api.problems import PROBLEMS
from services.identity.domain.ids import EnrolmentId, PersonId
from services.identity.main import definition, importer, routes
from services.identity.settings import IdentitySettings
from shared.security import TokenIssuer
from shared.service import Service, build_app
from tests.scale import sized
from tests.services.feed_files import feed_file
from tests.services.identity.examples import CHOICES, LINE, PROOFS

pytestmark = pytest.mark.connected

PAIRS = sized(50, 400)
OF_SIGN_INS = sized(100, 400)
LANES, HASHING = 6, 3
"""The second where each answer costs a hash: two at a time are made, and none may have to wait past its due time."""
NEARLY_THE_SAME = 0.005
"""Seconds between the medians."""
LOOKS = 3
"""A machine that is busy with something else disturbs one look; a difference shows in each."""
MANY = 1_000_000
FREE = itertools.count(1)


@dataclass(frozen=True)
class Lane:
    """Somebody with an account, a number that is nobody's, an address that is another's: a network of their own."""

    number: int
    member: str = field(default_factory=lambda: str(uuid.uuid4()))

    def nir(self, *, known: bool) -> str:
        return f"{2 if known else 1}850183137{self.number:03d}"

    @property
    def email(self) -> str:
        return f"membre{self.number}@exemple.fr"

    @property
    def taken(self) -> str:
        return f"prise{self.number}@exemple.fr"


class Site:
    """The members' site, from as many networks as there are lanes."""

    def __init__(self, service: Service, client: AsyncClient) -> None:
        self._issuer = TokenIssuer(service.settings.private_key("gateway"), "gateway", None, service.clock)
        self._enrolments = mongo_stores(service.database).enrolments
        self._client, self._clock = client, service.clock

    async def post(self, lane: Lane, path: str, body: dict[str, Any], member: str | None = None) -> Response:
        kind = "member" if member else "visitor"
        token = self._issuer.issue("identity", actor=member or kind, actor_kind=kind, acr="code", member_id=member)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}
        return await self._client.post(path, json=body, headers={**headers, "X-Origin": f"192.0.{lane.number}.0/24"})

    async def create(self, lane: Lane, person_id: str, email: str) -> Response:
        """An account for somebody who has proved who he is."""
        expires_at = self._clock.now() + dt.timedelta(minutes=30)
        enrolment_id = EnrolmentId(str(uuid.uuid4()))
        await self._enrolments.put(Enrolment(id=enrolment_id, person_id=PersonId(person_id), expires_at=expires_at))
        return await self.post(lane, f"/enrolments/{enrolment_id}/account", {**CHOICES, "email": email})


Ask = Callable[[Lane, bool], Awaitable[tuple[float, Response]]]
"""One request: about what is known, or about what is not; its seconds."""


@pytest.fixture
async def service(stack: Stack, tmp_path: Path) -> AsyncIterator[Service]:
    settings = IdentitySettings(
        mongo_url=stack.mongo_url(),
        mongo_database=f"identity_{uuid.uuid4().hex[:12]}",
        kafka_bootstrap="unused",
        secrets_dir=Path(stack.env_for("identity")["SECRETS_DIR"]),
        var_dir=tmp_path,
        sign_in_failures=MANY,
        sign_in_delays_from=MANY,
        sign_ins_per_origin=MANY,
        proofs_per_origin=MANY,
        proofs_per_day=MANY,
        resets_per_day=MANY,
        emails_per_day=MANY,
    )
    found = Service(definition(settings), settings)
    await found.prepare()
    yield found
    await found.client.drop_database(settings.mongo_database)
    await found.close()


@pytest.fixture
async def lanes(service: Service) -> Sequence[Lane]:
    """All in the register."""
    found = [Lane(number) for number in range(LANES)]
    lines = [{**LINE, "person_id": lane.member, "nir": lane.nir(known=True)} for lane in found]
    content = feed_file("register", service.clock.now() - dt.timedelta(minutes=1), *lines)
    signature = sign(private_key(service.settings.secrets_dir, "register"), content)
    assert (await importer(service).take("register", content, signature)).set_aside == 0
    return found


@pytest.fixture
async def site(service: Service, lanes: Sequence[Lane]) -> AsyncIterator[Site]:
    """Each lane's member has an account, and somebody else the address that is taken."""
    app = build_app(service, routes, PROBLEMS)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://i") as client,
    ):
        found = Site(service, client)
        await asyncio.gather(*(found.create(lane, lane.member, lane.email) for lane in lanes))
        await asyncio.gather(*(found.create(lane, str(uuid.uuid4()), lane.taken) for lane in lanes))
        yield found


async def medians(lanes: Sequence[Lane], ask: Ask, pairs: int, status: int) -> tuple[float, float]:
    """Seconds for what is known and for what is not; every second pair begins with the other one."""
    seconds: dict[bool, list[float]] = {True: [], False: []}
    numbers = iter(range(pairs))

    async def go(lane: Lane) -> None:
        for number in numbers:
            for known in (True, False) if number % 2 else (False, True):
                taken, answer = await ask(lane, known)
                seconds[known].append(taken)
                assert answer.status_code == status, answer.text

    await asyncio.gather(*map(go, lanes))
    assert len(seconds[True]) == len(seconds[False]) == pairs
    return statistics.median(seconds[True]), statistics.median(seconds[False])


async def same_time(lanes: Sequence[Lane], ask: Ask, pairs: int, status: int) -> None:
    seen = []
    for _ in range(LOOKS):
        known, unknown = await medians(lanes, ask, pairs, status)
        if abs(known - unknown) < NEARLY_THE_SAME:
            return
        seen.append((known, unknown))
    pytest.fail(f"medians of what is known and of what is not, in seconds: {seen}")


async def timed(asked: Awaitable[Response]) -> tuple[float, Response]:
    started = time.perf_counter()
    answer = await asked
    return time.perf_counter() - started, answer


FACTS = {name: PROOFS[name] for name in ("surname", "birth_date", "postcode")}
BY_NUMBER: dict[str, tuple[dict[str, Any], int, int]] = {
    "/sign-ins": ({"code": "faux-code1"}, 401, OF_SIGN_INS),
    "/enrolments": ({**FACTS, "iban_last_7": PROOFS["iban_last_7"], "serial": "11111111111"}, 422, PAIRS),
    "/provisional-codes": (FACTS, 202, PAIRS),
    "/code-resets": ({"birth_date": PROOFS["birth_date"]}, 202, PAIRS),
    "/contests": ({"code": "7KQ2-M4XD-9VTA"}, 422, PAIRS),
}
"""What is sent besides the number, how it is answered, and how many pairs."""


@pytest.mark.parametrize("path", BY_NUMBER)
async def test_a_known_number_and_an_unknown_one_take_the_same_time(
    site: Site, lanes: Sequence[Lane], path: str
) -> None:
    body, status, pairs = BY_NUMBER[path]

    async def ask(lane: Lane, known: bool) -> tuple[float, Response]:  # noqa: FBT001 - the one thing that is asked
        return await timed(site.post(lane, path, {"nir": lane.nir(known=known), **body}))

    own = lanes[:HASHING] if path == "/sign-ins" else lanes
    await same_time(own, ask, pairs, status)


@pytest.mark.parametrize("obstacle", ["account", "address"])
async def test_an_account_that_is_made_and_one_that_is_not_take_the_same_time(
    site: Site, lanes: Sequence[Lane], obstacle: str
) -> None:
    async def ask(lane: Lane, known: bool) -> tuple[float, Response]:  # noqa: FBT001 - as above
        person = lane.member if known and obstacle == "account" else str(uuid.uuid4())
        email = lane.taken if known and obstacle == "address" else free()
        return await timed(site.create(lane, person, email))

    await same_time(lanes[:HASHING], ask, PAIRS, 202)


async def test_an_address_that_is_somebodys_and_one_that_is_free_take_the_same_time(
    site: Site, lanes: Sequence[Lane]
) -> None:
    # By turns, for whose address looks like the member's own is refused a second time, as any other would be.
    taken = {lane: itertools.cycle([lane.taken, lanes[lane.number - 1].taken]) for lane in lanes}

    async def ask(lane: Lane, known: bool) -> tuple[float, Response]:  # noqa: FBT001 - as above
        email = {"email": next(taken[lane]) if known else free()}
        return await timed(site.post(lane, "/email/correction", email, lane.member))

    await same_time(lanes, ask, PAIRS, 200)


def free() -> str:
    return f"libre{next(FREE)}@exemple.fr"
