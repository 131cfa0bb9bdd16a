"""Photos, documents and certificates on a real database: kept encrypted, given out to whom they belong, deleted."""

import datetime as dt
import io
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient
from pypdf import PdfReader

from deploy.local.stack import Stack
from services.cards.access.certificates import Certificates
from services.cards.access.uploads import UNSENT, Uploads
from services.cards.api.problems import CATALOGUE
from services.cards.domain import order_events as o
from services.cards.domain.ceam_words import Trip
from services.cards.domain.holder import Address, RecordHolder
from services.cards.domain.ids import DeclarationId, MemberId, OrderId, PersonId
from services.cards.main import definition, routes
from services.cards.settings import Settings, settings_of
from shared.documents import Archive
from shared.documents.qr import Proof, QrReader, QrSigner, digest
from shared.envelope import Metadata
from shared.event_store.protocol import Draft
from shared.security import TokenIssuer
from shared.service import Service
from shared.service.roles import build_app
from tests.conftest import toy_settings
from tests.documents import compliant
from tests.services.cards.ceam_sample import certificate
from tests.services.cards.opposing import issue
from tests.services.cards.sample import AT
from tests.services.cards.test_pictures import picture

pytestmark = pytest.mark.connected


@pytest.fixture
async def service(stack: Stack, tmp_path: Path) -> AsyncIterator[Service]:
    base = toy_settings(stack, f"cards_{uuid.uuid4().hex[:12]}", tmp_path)
    settings = Settings.model_validate(base.model_dump() | {"public_url": "https://compte.example"})
    found = Service(definition(settings), settings)
    await found.prepare()
    yield found
    await found.close()


@pytest.fixture
async def http(service: Service) -> AsyncIterator[AsyncClient]:
    app = build_app(service, routes, CATALOGUE)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://cards") as client:
        yield client


def signed_in(http: AsyncClient, stack: Stack, service: Service, person: str) -> dict[str, str]:
    pem = (Path(stack.env_for("cards")["SECRETS_DIR"]) / "gateway_ed25519.pem").read_text()
    token = TokenIssuer(pem, "gateway", None, service.clock).issue(
        "cards", actor=person, actor_kind="member", acr="full", member_id=person
    )
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}


async def learn(service: Service, person: str, **change: Any) -> None:
    facts: dict[str, Any] = {
        "at": AT,
        "person_id": PersonId(person),
        "as_of": AT,
        "surname": "Le Bihan-Caro",
        "given_names": "Maëlle",
        "birth_date": dt.date(1985, 1, 1),
        "personal_number": "2850183137042",
        "insured_person_id": PersonId(person),
        "address": Address(lines=("12 rue du Four",), postcode="83000", city="TOULON", country="FR"),
        "rights_from": dt.date(2020, 1, 1),
        "rights_to": dt.date(2099, 1, 1),
    }
    meta = Metadata(pk=person, actor="register", actor_kind="feed", correlation_id="c", person_id=person)
    command = RecordHolder.model_validate(facts | change)
    await service.handle(f"holder:{person}", command, cmd=str(uuid.uuid4()), meta=meta)


async def stored(service: Service) -> str:
    return str([row async for row in service.database["files"].find({})]) + str(
        [row async for row in service.database["file_chunks"].find({})]
    )


async def test_a_photo_is_kept_encrypted_and_dropped_with_its_order(
    service: Service, http: AsyncClient, stack: Stack
) -> None:
    person, _ = await issue(service, 1)
    taken = await http.post(
        f"/persons/{person}/vitale/files/photo",
        content=picture(700, 900),
        headers=signed_in(http, stack, service, person),
    )
    assert taken.status_code == 200, taken.text
    file = taken.json()["file"]
    kept = await Uploads(service).get(PersonId(person), file)
    assert kept is not None
    assert kept[:3] == b"\xff\xd8\xff"
    assert file not in await stored(service)
    assert "\\xff\\xd8\\xff" not in await stored(service)
    purged = o.VitaleDocumentsPurged(
        at=AT,
        person_id=PersonId(person),
        member_id=MemberId(person),
        order_id=OrderId(str(uuid.uuid4())),
        declaration_id=DeclarationId(str(uuid.uuid4())),
        files=(file,),
    )
    for _ in range(2):  # after a crash it is done again
        await Uploads(service).delete(purged, "")
        assert await Uploads(service).get(PersonId(person), file) is None
    assert await service.database["file_chunks"].count_documents({}) == 0


async def test_what_no_order_was_given_is_dropped_after_a_day(
    service: Service, http: AsyncClient, stack: Stack
) -> None:
    person, _ = await issue(service, 1)
    uploads = Uploads(service)
    left = await uploads.keep(PersonId(person), picture(700, 900))
    ordered = await uploads.keep(PersonId(person), picture(701, 900))
    facts: dict[str, Any] = {"at": AT, "person_id": PersonId(person), "member_id": MemberId(person)}
    order: dict[str, Any] = {"order_id": OrderId(str(uuid.uuid4())), "declaration_id": DeclarationId(str(uuid.uuid4()))}
    received = o.VitaleDocumentsReceived(**facts, **order, photo=ordered, identity_document=ordered)
    events = [o.VitaleReplacementOrdered(**facts, **order), received]
    cmd, stream = str(uuid.uuid4()), f"vitale:{person}"
    stored_events = await service.codec.encode(events, stream, cmd)
    meta = Metadata(pk=person, actor="test", actor_kind="process", correlation_id=cmd, person_id=person)
    version = (await service.state(stream))[1]
    await service.store.append(Draft(stream, version, cmd, b"", stored_events, meta.dump()))
    archive = Archive(service.database, service.vault)
    assert await uploads.sweep() == 0
    tomorrow = service.clock.now() + UNSENT + dt.timedelta(seconds=1)
    assert await archive.sweep(tomorrow, uploads.of_orders) == 1
    assert await uploads.get(PersonId(person), left) is None
    assert await uploads.get(PersonId(person), ordered) is not None
    assert await archive.sweep(tomorrow + dt.timedelta(days=9), uploads.of_orders) == 0


@pytest.mark.parametrize(
    ("kind", "content", "status", "code"),
    [
        ("photo", b"no picture", 422, "upload-not-a-picture"),
        ("photo", picture(700, 700), 422, "photo-ratio"),
        ("identity_document", picture(300, 200), 422, "document-too-small"),
        ("photo", b"x" * (9 * 1024 * 1024), 413, "payload-too-large"),
        ("passport", picture(700, 900), 422, "request-invalid"),
    ],
)
async def test_what_is_refused_is_not_kept(
    service: Service, http: AsyncClient, stack: Stack, kind: str, content: bytes, status: int, code: str
) -> None:
    person, _ = await issue(service, 1)
    answer = await http.post(
        f"/persons/{person}/vitale/files/{kind}", content=content, headers=signed_in(http, stack, service, person)
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await service.database["files"].count_documents({}) == 0


async def test_a_certificate_is_made_kept_and_checked(service: Service, http: AsyncClient, stack: Stack) -> None:
    person, _ = await issue(service, 1)
    await learn(service, person)
    near = (service.clock.now().date() + dt.timedelta(days=3)).isoformat()
    headers = signed_in(http, stack, service, person)
    path = f"/persons/{person}/ceam/certificates"
    made = await http.post(path, json={"country": "IT", "departure_on": near}, headers=headers)
    assert made.status_code == 200, made.text
    again = await http.post(path, json={"country": "IT", "departure_on": near}, headers=headers)
    assert again.json() == made.json(), "asked twice, made once"
    second = await http.post(
        path,
        json={"country": "IT", "departure_on": near},
        headers=headers | {"Idempotency-Key": str(uuid.uuid4())},
    )
    assert (second.status_code, second.json()["code"]) == (409, "ceam-certificate-valid")

    state, _ = await service.state(f"ceam:{person}")
    events = await service.codec.decode(await service.store.stream(f"ceam:{person}"))
    document: Any = vars(events[-1].event)["document"]
    archive = Uploads(service)
    pdf = await archive.get(PersonId(person), document)
    assert pdf is not None
    compliant(pdf)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    for words in ("Le Bihan-Caro", "Maëlle", "2850183137042", "08 835 0300", "CP-"):
        assert words in text
    path = f"/ceam/certificates/{state.certificate.certificate_id}/status"
    assert (await http.get(path, headers=headers)).json() == {"status": "stands"}
    assert (await http.get(f"/ceam/certificates/{uuid.uuid4()}/status", headers=headers)).json() == {
        "status": "unknown"
    }


async def test_a_child_bears_the_number_of_the_insured_person(
    service: Service, http: AsyncClient, stack: Stack
) -> None:
    parent, _ = await issue(service, 1)
    child, _ = await issue(service, 2)
    await learn(service, parent)
    await learn(service, child, personal_number=None, insured_person_id=PersonId(parent), given_names="Léa")
    near = (service.clock.now().date() + dt.timedelta(days=3)).isoformat()
    headers = signed_in(http, stack, service, child)
    answer = await http.post(
        f"/persons/{child}/ceam/certificates", json={"country": "IT", "departure_on": near}, headers=headers
    )
    assert answer.status_code == 200
    events = await service.codec.decode(await service.store.stream(f"ceam:{child}"))
    pdf = await Uploads(service).get(PersonId(child), vars(events[-1].event)["document"])
    assert pdf is not None
    assert "2850183137042" in " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


async def test_the_declaration_is_a_document_of_the_person_alone(
    service: Service, http: AsyncClient, stack: Stack
) -> None:
    person, serial = await issue(service, 1)
    await learn(service, person)
    declaration = str(uuid.uuid4())
    form = {
        "reason": "lost",
        "card_id": str(uuid.uuid5(uuid.UUID(person), "card")),
        "place": "Toulon, gare",
        "happened_on": AT.date().isoformat(),
        "declared_on_honour": True,
        "declaration_id": declaration,
    }
    headers = signed_in(http, stack, service, person)
    assert (await http.post(f"/persons/{person}/vitale/reports", json=form, headers=headers)).status_code == 200
    path = f"/persons/{person}/vitale/reports/{declaration}/document"
    first, again = await http.get(path, headers=headers), await http.get(path, headers=headers)
    assert first.status_code == 200, first.text
    assert first.content == again.content
    compliant(first.content)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(first.content)).pages)
    for words in ("Le Bihan-Caro", "Perdue", "Toulon, gare", serial):
        assert words in text
    stranger = signed_in(http, stack, service, str(uuid.uuid4()))
    assert (await http.get(path, headers=stranger)).status_code == 404


class Recording(QrSigner):
    """Remembers what it has signed."""

    said: str = ""

    def url(self, proof: Proof) -> str:
        self.said = super().url(proof)
        return self.said


async def test_the_code_on_a_certificate_says_no_more_than_initials_and_proves_the_rest(service: Service) -> None:
    person = PersonId(str(uuid.uuid4()))
    await learn(service, person)
    signer = Recording(service.settings.private_key("documents"), "https://compte.example")
    made = replace(Certificates.of(service), signer=signer)
    facts = certificate(Trip(country="IT", departure_on=AT.date())).model_dump(
        exclude={"document", "template_version", "renderer", "trip", "rules"}
    )
    trip, rules = Trip(country="IT", departure_on=AT.date()), settings_of(service).ceam_rules
    await made.prepared(person, {**facts, "person_id": person, "trip": trip, "rules": rules})
    proof = QrReader(service.settings.document_keys()).read(signer.said.partition("#")[2])
    last = AT.date() + dt.timedelta(days=89)
    assert (proof.k, proof.d, proof.x) == ("ceam", AT.date(), last)
    [(initials, hashed)] = proof.p
    assert initials == "M. L."
    assert hashed == digest(proof.s, "LE BIHAN CARO", "Maelle", "1985-01-01", "2850183137042", last.isoformat())
    assert "2850183137042" not in signer.said
