"""The whole way in on a real database: what memory cannot show (claims as transactions, sealed copies, raw rows)."""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient, Response

from deploy.local.seed.files import sender_key as private_key
from deploy.local.seed.files import sign
from deploy.local.stack import Stack
from services.identity.access.links import VALIDATION, LinkTokens
from services.identity.api.problems import PROBLEMS
from services.identity.domain import commands as c
from services.identity.domain.email import email_key
from services.identity.domain.ids import CardId, ChallengeId, LinkId
from services.identity.main import definition, importer, routes
from services.identity.read_models.profile import profile
from services.identity.settings import IdentitySettings
from shared.envelope import Metadata
from shared.messaging import delivered_of
from shared.security import TokenIssuer
from shared.service import Service, build_app
from tests.services.feed_files import feed_file
from tests.services.identity.examples import CHOICES, CLAIRE, CODE, EMAIL, LINE, NIR, PAUL, PROOFS, SERIAL

pytestmark = pytest.mark.connected

PAULS = {"person_id": PAUL, "nir": "1880183137042", "birth_date": "1988-01-05", "sex": "1", "insured_person_id": PAUL}
PAUL_TYPES = {"nir": "1880183137042", "birth_date": "1988-01-05", "serial": "98765432109"}


@pytest.fixture
async def service(stack: Stack, tmp_path: Path) -> AsyncIterator[Service]:
    settings = IdentitySettings(
        mongo_url=stack.mongo_url(),
        mongo_database=f"identity_{uuid.uuid4().hex[:12]}",
        kafka_bootstrap="unused",
        secrets_dir=Path(stack.env_for("identity")["SECRETS_DIR"]),
        var_dir=tmp_path,
        answer_seconds=0,
    )
    found = Service(definition(settings), settings)
    await found.prepare()
    await take_register(found)
    yield found
    await found.client.drop_database(settings.mongo_database)
    await found.close()


async def take_register(service: Service) -> None:
    content = feed_file("register", service.clock.now() - dt.timedelta(minutes=1), LINE, {**LINE, **PAULS})
    signature = sign(private_key(service.settings.secrets_dir, "register"), content)
    assert (await importer(service).take("register", content, signature)).set_aside == 0
    for person_id, serial in ((CLAIRE, SERIAL), (PAUL, "98765432109")):
        proof = service.blind("serial").of(serial)
        card = CardId(str(uuid.uuid4()))
        command = c.LearnSerial(at=service.clock.now(), person_id=person_id, card_id=card, serial_proof=proof)
        meta = Metadata(pk=person_id, actor="cards", actor_kind="process", correlation_id=str(uuid.uuid4()))
        await service.handle(f"person:{person_id}", command, cmd=str(uuid.uuid4()), meta=meta)


class Site:
    """The members' site."""

    def __init__(self, service: Service, client: AsyncClient) -> None:
        self._issuer = TokenIssuer(service.settings.private_key("gateway"), "gateway", None, service.clock)
        self._client = client

    def _headers(self, member: str | None) -> dict[str, str]:
        kind = "member" if member else "visitor"
        token = self._issuer.issue("identity", actor=member or kind, actor_kind=kind, acr="code", member_id=member)
        device = {"X-Device": "d0" * 16, "X-Device-Name": "Firefox sur Windows"}
        key = str(uuid.uuid4())
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "X-Origin": "192.0.2.0/24", **device}

    async def post(self, path: str, body: dict[str, Any], member: str | None = None) -> Response:
        return await self._client.post(path, json=body, headers=self._headers(member))

    async def get(self, path: str, member: str) -> Any:
        answer = await self._client.get(path, headers=self._headers(member))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def enrol(self, **typed: str) -> str:
        answer = await self.post("/enrolments", {**PROOFS, **typed})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["enrolment_id"])


@pytest.fixture
async def site(service: Service) -> AsyncIterator[Site]:
    app = build_app(service, routes, PROBLEMS)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://i") as client,
    ):
        yield Site(service, client)


async def project(service: Service) -> None:
    """What the worker would have done by now."""
    commits = await service.store.window(0)
    projector = service.projector(service.definition.projections)
    await projector.apply([delivery for commit in commits for delivery in delivered_of("identity", commit)])


async def token_of(service: Service) -> str:
    [sent] = [
        event
        for commit in await service.store.stream(f"account:{CLAIRE}")
        for event in commit["ev"]
        if event["type"] == "EmailValidationRequested"
    ]
    expires_at = dt.datetime.fromisoformat(sent["data"]["expires_at"])
    tokens = LinkTokens(service.settings.hash_key("link")[1])
    return tokens.token(VALIDATION, LinkId(sent["data"]["link_id"]), expires_at)


async def code_of(service: Service) -> str:
    [event] = [
        event
        for commit in await service.store.stream(f"factors:{CLAIRE}")
        for event in commit["ev"]
        if event["type"] == "OneTimeCodeRequested"
    ]
    expires_at = dt.datetime.fromisoformat(event["data"]["expires_at"])
    tokens = LinkTokens(service.settings.hash_key("link")[1])
    return tokens.digits("step-up", ChallengeId(event["data"]["challenge_id"]), expires_at)


async def test_the_whole_way_in(service: Service, site: Site) -> None:
    assert (await site.post("/enrolments", {**PROOFS, "surname": "MARTIN"})).status_code == 422
    assert (await site.post(f"/enrolments/{await site.enrol()}/account", CHOICES)).status_code == 202
    assert (await site.post("/sign-ins", {"nir": NIR, "code": "faux-code1"})).status_code == 401
    assert (await site.post("/sign-ins", {"nir": NIR, "code": CODE})).json()["access"] == "email-pending"
    token = await token_of(service)
    assert (await site.post("/email-validations", {"token": token})).status_code == 200
    assert (await site.post("/email-validations", {"token": token})).json()["code"] == "link-already-used"
    assert (await site.post("/sign-ins", {"nir": NIR, "code": CODE})).json()["access"] == "full"
    await project(service)
    account = await site.get("/account", CLAIRE)
    assert (account["email"], account["email_validated"]) == (EMAIL, True)
    assert (await site.get("/profile", CLAIRE))["surname"] == LINE["surname"]
    assert len((await site.get("/sign-ins", CLAIRE))["entries"]) == 3, "created, and two sign-ins"
    asked = await site.post("/step-ups", {"code": CODE}, CLAIRE)
    assert asked.status_code == 202
    code = await code_of(service)
    assert (await site.post(f"/step-ups/{asked.json()['challenge_id']}", {"one_time_code": code}, CLAIRE)).is_success
    await nothing_plain_in(service)


async def nothing_plain_in(service: Service) -> None:
    """No row of any collection holds a value of Claire's; the keyed hash of her number is where it must be."""
    rows = {
        name: str(await service.database[name].find().to_list(None))
        for name in await service.database.list_collection_names()
    }
    assert {"commits", "claims", "credentials", "tries", "refusals", profile.id} <= rows.keys()
    for name, text in rows.items():
        for plain in (NIR[:13], EMAIL, "LEFÈVRE", "Claire", "1985-01-17", "Remparts", "3M02606", SERIAL, CODE, "Ravel"):
            assert plain not in text, f"{plain} stands in {name}"
    number = service.blind("nir").of(NIR[:13])
    assert {name for name, text in rows.items() if number in text} == {"claims", "refusals"}


async def test_two_who_want_one_address_at_once(service: Service, site: Site) -> None:
    enrolments = [await site.enrol(), await site.enrol(**PAUL_TYPES)]
    answers = await asyncio.gather(*(site.post(f"/enrolments/{one}/account", CHOICES) for one in enrolments))
    assert [answer.status_code for answer in answers] == [202, 202]
    events = [event for commit in await service.store.window(0) for event in commit["ev"]]
    links = [event["data"].get("taken", False) for event in events if event["type"] == "EmailValidationRequested"]
    assert sorted(links) == [False, True], "one of them waits for an address of his own"
    assert [event["type"] for event in events].count("AccountCreationRefused") == 1
    assert len(await service.store.holders([service.blind("email").of(email_key(EMAIL))])) == 1


async def test_what_expires_is_dropped_by_the_database(service: Service, site: Site) -> None:
    await site.enrol()
    for name in ("enrolments", "tries"):
        indexes = await service.database[name].index_information()
        assert indexes["expires_at_1"]["expireAfterSeconds"] == 0
    [row] = await service.database["enrolments"].find().to_list(2)
    assert row.keys() == {"_id", "person_id", "expires_at", "provisional_code_id"}
