"""/internal/audit over HTTP at a real service: checkpoints, exports that `verify` takes, before and after an erasure."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from shared.clock import SystemClock
from shared.kernel import ERASED
from shared.problems import ProblemCatalogue
from shared.proofs.checkpoints import fingerprint, public_key
from shared.proofs.verify import verify
from shared.security import TokenIssuer
from shared.service import Service
from shared.service.roles import build_app
from shared.service.signing import checkpointer_of
from shared.settings import BaseServiceSettings
from tests import toy
from tests.shared.signing import signing
from tests.shared.toybox import box, log_of, open_box, put

pytestmark = pytest.mark.connected
NAME = "toy"


@pytest.fixture
async def service(settings: BaseServiceSettings, tmp_path: Path) -> AsyncIterator[Service]:
    """With a key of its own and a witness; nothing is signed yet."""
    own = signing(settings, tmp_path, NAME)
    made = Service(toy.definition(NAME), own)
    await made.prepare()
    yield made
    await made.close()


class Auditor:
    """Asks the service as the console does."""

    def __init__(self, service: Service, kind: str = "auditor") -> None:
        self._issuer = TokenIssuer(service.settings.private_key("console"), "console", None, SystemClock())
        app = build_app(service, lambda _: [], ProblemCatalogue())
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://toy")
        self._kind = kind

    async def get(self, path: str) -> httpx.Response:
        return await self._client.get(f"/internal/audit/{path}", headers=self._headers())

    async def export(self, **body: object) -> httpx.Response:
        return await self._client.post("/internal/audit/exports", json=body, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        token = self._issuer.issue(NAME, actor="eve", actor_kind=self._kind, acr="totp")
        return {"Authorization": f"Bearer {token}"}


async def sign(service: Service) -> None:
    signer = checkpointer_of(service)
    assert signer is not None
    signer._kafka = None  # the topic of a name made up here does not exist
    assert await signer._lease.acquire()
    await signer.once()
    await signer.stop()


def found(service: Service, content: bytes, folder: Path) -> tuple[list[str], int]:
    path = folder / "export.zip"
    path.write_bytes(content)
    key = fingerprint(public_key(service.settings.proof_public_key(NAME)))
    done = verify(path, key, folder / "witness" / f"{NAME}.checkpoints")
    return done.found, done.events


async def test_an_export_over_http_verifies_and_goes_on_to_verify_once_the_person_is_erased(
    service: Service, tmp_path: Path
) -> None:
    auditor = Auditor(service)
    person, other = await open_box(service, 1, 2), await open_box(service, 3)
    await sign(service)
    before = await auditor.export(person_id=person)
    assert found(service, before.content, tmp_path) == ([], 3)
    await service.vault.destroy(person, "things", SystemClock().now())
    await put(service, other, 4)
    await sign(service)
    after = await auditor.export(person_id=person)
    assert found(service, after.content, tmp_path) == ([], 3)
    older = found(service, before.content, tmp_path)[0]
    assert older == ["the witness holds a checkpoint of 6 commits, the export ends at 5"]
    [opened, *_] = await service.codec.decode(await service.store.stream(box(person)))
    assert opened.event.label is ERASED  # type: ignore[attr-defined]
    assert f"label of {person}".encode() not in after.content
    assert len(await log_of(service)) == 6


async def test_how_far_it_is_signed(service: Service) -> None:
    await open_box(service, 1)
    auditor = Auditor(service)
    assert (await auditor.get("checkpoints")).json()["alarms"] == ["no-witness", "not-signed"]
    await sign(service)
    await open_box(service, 2)
    told = (await auditor.get("checkpoints")).json()
    assert (told["alarms"], told["last"]["size"], told["witnessed"]["size"], told["younger"]) == ([], 2, 2, 2)


async def test_before_the_first_checkpoint_nothing_can_be_exported(service: Service) -> None:
    person = await open_box(service)
    refused = await Auditor(service).export(person_id=person)
    assert (refused.status_code, refused.json()["code"]) == (409, "log-not-signed")


async def test_one_stream_or_nobodys(service: Service, tmp_path: Path) -> None:
    person = await open_box(service, 1)
    await sign(service)
    auditor = Auditor(service)
    assert found(service, (await auditor.export(streams=[box(person)])).content, tmp_path) == ([], 2)
    assert found(service, (await auditor.export(person_id=str(uuid.uuid4()))).content, tmp_path) == ([], 0)
    assert (await auditor.export(person_id="Claire")).status_code == 422


async def test_the_classes_that_it_holds(service: Service) -> None:
    told = (await Auditor(service, "supervisor").get("retention")).json()
    assert told["service"] == NAME
    assert {one["retention"]: one["events"] for one in told["classes"]}["things"] == ["BoxOpened"]


@pytest.mark.parametrize("kind", ["agent", "operations", "supervisor", "member"])
async def test_none_but_auditors_take_anything_away(service: Service, kind: str) -> None:
    person = await open_box(service)
    await sign(service)
    assert (await Auditor(service, kind).export(person_id=person)).json()["code"] == "issuer-refused"
    if kind in {"agent", "member"}:
        assert (await Auditor(service, kind).get("checkpoints")).status_code == 403
    if kind != "supervisor":
        assert (await Auditor(service, kind).get("retention")).status_code == 403
