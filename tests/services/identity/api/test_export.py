"""« Mes données »: the same person as data, as FHIR resources, and to be read."""

import io

import pytest
from pypdf import PdfReader

from tests.services.identity.api.test_attestations import RIGHTS
from tests.services.identity.conftest import Feeding, Site, open_account
from tests.services.identity.examples import CLAIRE, EMAIL, LINE, MEMBER
from tests.services.in_memory import InMemoryService

MORE = {
    "rights": RIGHTS,
    "exemptions": [{"kind": "ald", "from": "2025-01-01"}],
    "contact": {"phone": "06 39 98 00 00"},
}


@pytest.fixture(autouse=True)
async def _claire(service: InMemoryService, feed: Feeding) -> None:
    await feed({**LINE, **MORE})
    await open_account(service)


@pytest.mark.parametrize("path", ["/export", "/export/fhir", "/export/pdf"])
async def test_a_session_alone_exports_nothing(site: Site, path: str) -> None:
    answer = await site.get(path, MEMBER)
    assert (answer.status_code, answer.json()["code"]) == (401, "step-up-required")


async def test_all_of_it_in_full(site: Site) -> None:
    body = (await site.get("/export", MEMBER, stepped_up=True)).json()
    assert body["facts"]["nir"] == "2850183137042"
    assert body["iban"] == "FR1420041010050500013M02606"
    assert (body["email"], body["address"]["city"]) == (EMAIL, "TOULON")
    assert [one["rate"] for one in body["facts"]["rights"]] == [70, 100]


async def test_patient_and_coverage(site: Site) -> None:
    body = (await site.get("/export/fhir", MEMBER, stepped_up=True)).json()
    resources = [entry["resource"] for entry in body["entry"]]
    assert [one["resourceType"] for one in resources] == ["Patient", "Coverage", "Coverage"]
    patient, first, _ = resources
    assert patient["identifier"] == [
        {"use": "official", "system": "urn:oid:1.2.250.1.213.1.4.10", "value": "2850183137042"}
    ], "the OID of test numbers"
    assert (patient["gender"], patient["birthDate"]) == ("female", "1985-01-17")
    assert patient["name"][0] == {"use": "official", "family": "LEFÈVRE-D'ARC", "given": ["Claire", "Anne"]}
    assert patient["telecom"] == [{"system": "phone", "value": "06 39 98 00 00"}]
    assert patient["address"][0]["postalCode"] == "83000"
    assert first["beneficiary"] == first["policyHolder"] == {"reference": f"Patient/{CLAIRE}"}
    assert first["period"] == {"start": "2024-01-01", "end": "2025-12-31"}


async def test_to_be_read(site: Site) -> None:
    answer = await site.get("/export/pdf", MEMBER, stepped_up=True)
    assert answer.headers["content-type"] == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    for printed in ("LEFÈVRE-D'ARC", "2850183137042", "FR1420041010050500013M02606", EMAIL, "Affection de longue"):
        assert printed in text, printed
