"""What is not known stands in no resource."""

import datetime as dt

from services.identity.domain.fhir import bundle, coverage, patient
from services.identity.domain.register import RegisterFacts
from services.identity.domain.rights import RightsPeriod
from tests.services.identity.examples import facts


def test_of_somebody_without_number_contact_or_address() -> None:
    found = patient(RegisterFacts.model_validate(facts(nir=None, contact=None)), None)
    assert not {"identifier", "telecom", "address"} & found.keys()


def test_rights_without_an_end_or_a_rate() -> None:
    known = RegisterFacts.model_validate(facts(insured_person_id=None))
    found = coverage(known, 1, RightsPeriod(starts_on=dt.date(2026, 1, 1)))
    assert found["period"] == {"start": "2026-01-01"}
    assert not {"class", "policyHolder"} & found.keys()
    assert bundle([found])["entry"][0]["resource"] == found
