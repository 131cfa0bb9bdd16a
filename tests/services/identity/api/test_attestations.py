"""« Mes attestations » over HTTP: made, kept, the same bytes again, checked, revoked."""

import datetime as dt
import hashlib
import io
import uuid
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pypdf import PdfReader

from services.identity.access.attestation_print import PREFIX, initials
from services.identity.access.attestations import FOLDER, Attestations
from services.identity.api.rights import signer
from services.identity.domain import attestation_events as e
from shared.documents import Renderer
from shared.documents.qr import Proof, QrReader, digest, public_jwk
from shared.numbers import number_of
from shared.testing.clock import HandClock
from tests.services.identity.api.test_profile import CHILD, LEA, PAULS
from tests.services.identity.conftest import Feeding, Site, open_account
from tests.services.identity.examples import CREATED, LINE, MEMBER, NOW, PAUL, VALIDATED
from tests.services.in_memory import InMemoryService, MemoryFiles

RIGHTS = [
    {"from": "2024-01-01", "to": "2025-12-31", "rate": 70},
    {"from": "2026-01-01", "to": "2027-12-31", "rate": 100},
]
CLAIRES: dict[str, Any] = {**LINE, "rights": RIGHTS, "exemptions": [{"kind": "ald", "from": "2025-01-01"}]}
FAMILY: dict[str, Any] = {"scope": "family"}


@pytest.fixture(autouse=True)
async def _family(service: InMemoryService, feed: Feeding) -> None:
    await feed(CLAIRES, PAULS, CHILD)
    await open_account(service)


async def ask(site: Site, **form: Any) -> str:
    answer = await site.post("/attestations", {"scope": "member", **form}, member=MEMBER)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["stream"].partition(":")[2])


async def refused(site: Site, **form: Any) -> str:
    answer = await site.post("/attestations", {"scope": "member", **form}, member=MEMBER)
    return str(answer.json()["code"])


async def pdf(site: Site, attestation_id: str) -> bytes:
    answer = await site.get(f"/attestations/{attestation_id}/pdf", MEMBER)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    return bytes(answer.content)


def text_of(content: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return " ".join(text.replace("\u00a0", " ").split())


async def event_of(service: InMemoryService) -> e.AttestationIssued:
    return [one for one in await service.events() if isinstance(one, e.AttestationIssued)][-1]


def read(service: InMemoryService, code: object) -> Proof:
    key: Any = load_pem_private_key(service.settings.private_key("documents").encode(), None)
    return QrReader({"keys": [public_jwk(key.public_key())]}).read(str(code).partition("#")[2])


async def test_for_the_member(site: Site, service: InMemoryService) -> None:
    text = text_of(await pdf(site, await ask(site)))
    for printed in (
        *("Claire Anne LEFÈVRE-D'ARC", "17 janvier 1985", "2 85 01 83 137 042 28", "01", "100 %"),
        *("du 1er janvier 2026 au 31 décembre 2027", "déclaré", "08 835 0300"),
        (await event_of(service)).number,
    ):
        assert printed in text, printed
    assert "Affection" not in text
    assert "Léa" not in text


async def test_the_exemption_is_named_on_request_alone(site: Site) -> None:
    assert "Affection de longue durée" in text_of(await pdf(site, await ask(site, with_exemptions=True)))


@pytest.mark.parametrize(
    ("form", "acting_for"), [({}, None), (FAMILY, None), ({"scope": "dependant", "dependant_id": LEA}, LEA)]
)
async def test_for_whom_it_was_made_stands_in_the_commit(
    site: Site, service: InMemoryService, form: dict[str, Any], acting_for: str | None
) -> None:
    await ask(site, **form)
    meta = service.store.commits[-1]["meta"]
    assert (meta["actor"], meta.get("acting_for"), meta["channel"]) == (MEMBER, acting_for, "web")


async def test_for_one_dependant_or_the_whole_family(site: Site) -> None:
    child = text_of(await pdf(site, await ask(site, scope="dependant", dependant_id=LEA)))
    assert "Léa" in child
    assert "Claire" not in child
    both = text_of(await pdf(site, await ask(site, scope="family")))
    assert both.index("Claire") < both.index("Léa")


async def test_what_cannot_be_attested(site: Site, feed: Feeding) -> None:
    assert await refused(site, scope="dependant", dependant_id=PAUL) == "attestation-unknown"
    assert await refused(site, scope="dependant") == "attestation-unknown"
    assert await refused(site, day="2026-11-25") == "attestation-day-future"
    assert await refused(site, day="2020-01-01") == "rights-none"
    assert await refused(site, scope="everybody") == "request-invalid"
    await feed({**CHILD, "confidential": ["rights"]})
    assert await refused(site, scope="dependant", dependant_id=LEA) == "rights-none"
    assert "Léa" not in text_of(await pdf(site, await ask(site, scope="family")))


async def test_rights_of_a_past_day(site: Site, service: InMemoryService) -> None:
    text = text_of(await pdf(site, await ask(site, day="2025-06-01")))
    assert "au 1er juin 2025" in text
    assert "70 %" in text
    issued = await event_of(service)
    assert (issued.past, issued.until) == (True, None)


async def test_the_same_bytes_from_the_event_and_from_the_archive(
    site: Site, service: InMemoryService, files: MemoryFiles, clock: HandClock, feed: Feeding
) -> None:
    attestation_id = await ask(site, scope="family", with_exemptions=True)
    first, issued = await pdf(site, attestation_id), await event_of(service)
    assert hashlib.sha256(first).hexdigest() == issued.sha256
    assert issued.template == "attestation.v1"
    clock.move(86_400)
    await feed({**CLAIRES, "surname": "MARTIN"})
    again = Attestations.printed(_printer(service), issued)
    assert again == first
    files.kept.clear()
    assert await pdf(site, attestation_id) == first


def _printer(service: InMemoryService) -> Attestations:
    unused: Any = None
    return Attestations(unused, unused, signer(service), Renderer(FOLDER), unused, unused)  # type: ignore[arg-type]


async def test_the_code_says_initials_and_hashes(site: Site, service: InMemoryService) -> None:
    attestation_id = await ask(site, scope="family")
    issued = await event_of(service)
    proof = read(service, issued.code)
    assert (proof.k, proof.i, proof.n, proof.d) == ("attestation", attestation_id, issued.number, NOW.date())
    assert proof.x == dt.date(2026, 12, 31), "the first end of all"
    printed = ("lefevre d'arc", "Claire Anne", "1985-01-17", "2 85 01 83 137 042 28", "2027-12-31")
    assert proof.p[0] == ("C. L.", digest(proof.s, *printed))
    assert isinstance(issued.named, tuple)
    assert [one for one, _ in proof.p] == [initials(one) for one in issued.named]
    assert number_of(attestation_id, PREFIX) == issued.number


async def test_asked_twice_under_one_id_it_is_one(site: Site, service: InMemoryService) -> None:
    cmd = str(uuid.uuid4())
    answers = [(await site.post("/attestations", {"scope": "member"}, member=MEMBER, cmd=cmd)).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert service.types().count("AttestationIssued") == 1


async def test_the_list_and_a_revocation(site: Site) -> None:
    attestation_id = await ask(site)
    path = f"/attestations/{attestation_id}"
    assert (await site.get(f"{path}/status")).json() == {"status": "stands"}
    [one] = (await site.get("/attestations", MEMBER)).json()["attestations"]
    assert (one["attestation_id"], one["names"], one["revoked_at"]) == (attestation_id, ["Claire Anne"], None)
    assert (await site.post(f"{path}/revocation", {}, member=MEMBER)).status_code == 200
    assert (await site.get(f"{path}/status")).json() == {"status": "revoked"}
    [one] = (await site.get("/attestations", MEMBER)).json()["attestations"]
    assert one["reason"] == "request"
    assert await pdf(site, attestation_id), "the paper exists, and can be looked at"


async def test_of_another_member_there_is_nothing(site: Site, service: InMemoryService) -> None:
    attestation_id = await ask(site)
    nowhere = uuid.uuid4()
    assert (await site.get(f"/attestations/{nowhere}/status")).json() == {"status": "unknown"}
    for path in (f"/attestations/{nowhere}/pdf",):
        assert (await site.get(path, MEMBER)).status_code == 404
    answer = await site.post(f"/attestations/{nowhere}/revocation", {}, member=MEMBER)
    assert (answer.status_code, answer.json()["code"]) == (404, "attestation-unknown")
    await service.happened(f"account:{PAUL}", *_account_of(PAUL))
    assert (await site.get(f"/attestations/{attestation_id}/pdf", PAUL)).status_code == 404
    answer = await site.post(f"/attestations/{attestation_id}/revocation", {}, member=PAUL)
    assert answer.status_code == 404


def _account_of(person_id: Any) -> list[Any]:
    whose = {"person_id": person_id, "member_id": person_id}
    return [one.model_copy(update=whose) for one in (CREATED, VALIDATED)]


async def test_when_rights_end_it_is_revoked(site: Site, service: InMemoryService, feed: Feeding) -> None:
    family = await ask(site, scope="family")
    past = await ask(site, day="2025-06-01")
    await service.settle()
    await feed({**CHILD, "rights": [{"from": "2026-01-01", "to": "2026-06-30"}]})
    await service.settle()
    assert (await site.get(f"/attestations/{family}/status")).json() == {"status": "revoked"}
    assert (await site.get(f"/attestations/{past}/status")).json() == {"status": "stands"}
