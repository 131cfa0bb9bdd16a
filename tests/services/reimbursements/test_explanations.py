"""« Mes données »: what is exported is FHIR that others can read."""

import httpx
import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.explanationofbenefit import ExplanationOfBenefit
from pydantic import ValidationError

from services.reimbursements.domain.facts import Kind
from tests.services.in_memory import InMemoryService
from tests.services.reimbursements.conftest import Feeding
from tests.services.reimbursements.files import lot_line
from tests.services.reimbursements.sample import CHILD, LAB, MEMBER, line, third_party
from tests.services.reimbursements.test_api import D, see

BASE = f"/persons/{MEMBER}/explanations"


async def exported(http: httpx.AsyncClient) -> list[ExplanationOfBenefit]:
    answer = await http.get(BASE)
    assert answer.headers["content-type"] == "application/fhir+json"
    found = Bundle.model_validate_json(answer.content)
    assert all(entry.fullUrl == f"urn:uuid:{entry.resource.id}" for entry in found.entry or ())
    return [entry.resource for entry in found.entry or ()]


async def test_an_export_is_valid_fhir_of_every_kind_of_care(feed: Feeding, http: httpx.AsyncClient) -> None:
    await feed(lot_line(*(line(kind) for kind in Kind), third_party(professional=LAB)))
    types = [one.type.coding[0].code for one in await exported(http)]
    assert len(types) == len(Kind) + 1
    assert set(types) == {"professional", "pharmacy", "oral", "institutional"}


async def test_whose_a_line_is_stands_as_in_the_export_of_persons(
    feed: Feeding, http: httpx.AsyncClient, service: InMemoryService
) -> None:
    await see(service, CHILD)
    await feed(lot_line(line(person_id=CHILD), line(person_id=CHILD, confidential=True)))
    assert [one.patient.reference for one in await exported(http)] == [f"Patient/{CHILD}"]


async def test_a_line_taken_back_is_cancelled(feed: Feeding, http: httpx.AsyncClient) -> None:
    wrong = line()
    await feed(lot_line(wrong), lot_line(line(), number=2, paid_on=D(2026, 4, 2), cancels=[wrong.name]))
    status = {one.identifier[0].value: one.status for one in await exported(http)}
    assert status.pop(wrong.name) == "cancelled"
    assert set(status.values()) == {"active"}


async def test_nothing_to_export_is_a_bundle_too(http: httpx.AsyncClient) -> None:
    assert await exported(http) == []


def test_what_is_no_fhir_is_seen() -> None:
    with pytest.raises(ValidationError):
        Bundle.model_validate({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"x": 1}}]})
