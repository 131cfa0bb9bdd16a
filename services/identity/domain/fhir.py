"""A person as FHIR resources (R4, French profile): for export alone, never the model of anything here."""

from collections.abc import Sequence
from typing import Any, Final

from services.identity.domain.register import Address, Contact, RegisterFacts, Sex
from services.identity.domain.rights import RightsPeriod
from shared.kernel import Erased

TEST_NIR: Final = "urn:oid:1.2.250.1.213.1.4.10"
"""The OID of test numbers: the real one goes only with a qualified identity."""
PATIENT: Final = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient"

Resource = dict[str, Any]


def patient(facts: RegisterFacts, address: Address | Erased | None) -> Resource:
    """The person, with the address that letters go to."""
    found: Resource = {"resourceType": "Patient", "id": facts.person_id, "meta": {"profile": [PATIENT]}}
    if isinstance(facts.nir, str):
        found["identifier"] = [{"use": "official", "system": TEST_NIR, "value": facts.nir}]
    given = str(facts.given_names).split()
    found["name"] = [{"use": "official", "family": str(facts.surname), "given": given}]
    found["gender"] = {Sex.MAN: "male", Sex.WOMAN: "female"}.get(Sex(str(facts.sex)), "unknown")
    found["birthDate"] = str(facts.birth_date)
    if isinstance(address, Address):
        place = {"line": list(address.lines), "city": address.city, "postalCode": address.postcode}
        found["address"] = [{**place, "country": address.country}]
    if isinstance(facts.contact, Contact):
        ways = (("phone", facts.contact.phone), ("email", facts.contact.email))
        found["telecom"] = [{"system": system, "value": value} for system, value in ways if value]
    return found


def coverage(facts: RegisterFacts, number: int, period: RightsPeriod) -> Resource:
    """One period of rights."""
    dates = {"start": period.starts_on.isoformat()}
    if period.ends_on is not None:
        dates["end"] = period.ends_on.isoformat()
    found: Resource = {
        "resourceType": "Coverage",
        "id": f"{facts.person_id}-{number}",
        "status": "active",
        "beneficiary": {"reference": f"Patient/{facts.person_id}"},
        "payor": [{"display": "CNMSS"}],
        "period": dates,
    }
    if isinstance(facts.insured_person_id, str):
        found["policyHolder"] = {"reference": f"Patient/{facts.insured_person_id}"}
    if period.rate is not None:
        found["class"] = [{"type": {"text": "taux"}, "value": f"{period.rate} %"}]
    return found


def bundle(resources: Sequence[Resource]) -> Resource:
    """All of them as one document."""
    entries = [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}
