"""Whose an attestation or an erasure is: asked by the number that is printed, with or without its letters."""

import uuid

from services.identity.read_models.attestations import attestations
from shared.envelope import Metadata
from tests.services.identity.conftest import Feeding, Site, open_account
from tests.services.identity.erasure_examples import REFERENCE, request
from tests.services.identity.examples import CLAIRE, LINE, MEMBER
from tests.services.in_memory import InMemoryService
from tests.services.numbers import whose


async def test_an_attestation_is_found_by_its_number(site: Site, service: InMemoryService, feed: Feeding) -> None:
    await feed({**LINE, "rights": [{"from": "2026-01-01", "to": "2027-12-31", "rate": 100}]})
    await open_account(service)
    answer = await site.post("/attestations", {"scope": "member"}, member=MEMBER)
    shown = await service.queries.get(attestations, answer.json()["stream"].partition(":")[2])
    assert shown is not None
    for typed in (shown.number, shown.number.lower().replace("-", " "), shown.number.removeprefix("AD-")):
        assert await whose(service, typed) == CLAIRE, typed
    assert await whose(service, "AD-AAAA-AAAA-AAAA") is None


async def test_an_erasure_is_found_by_its_reference(service: InMemoryService, known: str) -> None:
    meta = Metadata(pk=known, actor=known, actor_kind="member", correlation_id=str(uuid.uuid4()), person_id=known)
    await service.handle(f"erasure:{known}", request(), cmd=str(uuid.uuid4()), meta=meta)
    assert await whose(service, REFERENCE) == known
    assert await whose(service, REFERENCE.removeprefix("EF-").lower()) == known
