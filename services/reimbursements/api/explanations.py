"""« Mes données »: FHIR R4 ExplanationOfBenefit, one for each line; for the export alone.

It has what CARIN Blue Button asks for and its adjudication codes, but claims no profile: diagnoses are not known here.
A patient is named as identity's export names him.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from services.reimbursements.answers.history import History, Seen
from services.reimbursements.domain.facts import Kind, Payee
from services.reimbursements.domain.settled import Settled
from shared.canonical import iso

CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/adjudication"
IDENTIFIERS: Final = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBIdentifierType"
CARIN: Final = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudication"
FUND: Final = "Caisse nationale militaire de sécurité sociale"
RPPS: Final = "urn:oid:1.2.250.1.71.4.2.1"
FINESS: Final = "https://finess.esante.gouv.fr"
RPPS_DIGITS: Final = 11
TYPES: Final[Mapping[Kind, str]] = {
    Kind.MEDICINE: "pharmacy",
    Kind.PHARMACIST: "pharmacy",
    Kind.DENTAL: "oral",
    Kind.HOSPITAL: "institutional",
}
"""Of a claim; all others are professional."""
_NUMBER: Final = re.compile(r'"§(-?\d+\.\d\d)"')


def bundle(history: History, now: dt.datetime) -> bytes:
    """A Bundle of all lines that the reader sees. Amounts are JSON numbers that no float has touched."""
    gone = history.cancelled
    lines = ((seen, seen.entry.settled) for seen in history.entries)
    entries = [
        {
            "fullUrl": f"urn:uuid:{seen.entry.id}",
            "resource": _explanation(seen, line, now, cancelled=seen.entry.id in gone),
        }
        for seen, line in lines
        if line
    ]
    whole = {"resourceType": "Bundle", "type": "collection", "timestamp": iso(now), "entry": entries}
    return _NUMBER.sub(r"\1", json.dumps(whole, ensure_ascii=False)).encode()


def _explanation(seen: Seen, line: Settled, now: dt.datetime, *, cancelled: bool) -> dict[str, Any]:
    facts, patient = line.facts, {"reference": f"Patient/{seen.person_id}"}
    day = facts.care_date.isoformat()
    return {
        "resourceType": "ExplanationOfBenefit",
        "id": seen.entry.id,
        "meta": {"lastUpdated": iso(now)},
        "identifier": [{"type": _code("uc", IDENTIFIERS), "value": facts.name}],
        "status": "cancelled" if cancelled else "active",
        "type": _code(TYPES.get(facts.kind, "professional"), "http://terminology.hl7.org/CodeSystem/claim-type"),
        "use": "claim",
        "patient": patient,
        "billablePeriod": {"start": day, "end": day},
        "created": seen.entry.paid_on.isoformat(),
        "insurer": {"display": FUND},
        "provider": {"identifier": _professional(facts.professional.id), "display": facts.professional.name},
        "outcome": "complete",
        "payee": {
            "type": _code(
                "beneficiary" if facts.payee is Payee.MEMBER else "provider",
                "http://terminology.hl7.org/CodeSystem/payeetype",
            )
        },
        "insurance": [{"focal": True, "coverage": {"type": "Coverage", "display": FUND}}],
        "item": [_item(line, day)],
        "payment": {"date": seen.entry.paid_on.isoformat(), "amount": _money(line.net)},
    }


def _item(line: Settled, day: str) -> dict[str, Any]:
    facts = line.facts
    to = "paidtopatient" if facts.payee is Payee.MEMBER else "paidtoprovider"
    amounts = [
        (CATEGORY, "submitted", facts.paid),
        (CATEGORY, "eligible", facts.base),
        (CATEGORY, "benefit", line.gross),
        (CARIN, "paidbypatient", facts.paid - line.to_professional),
        (CARIN, to, line.net),
        (CATEGORY, "copay", line.participation),
        (CATEGORY, "deductible", line.franchise),
        (CARIN, "noncovered", line.overrun),
    ]
    return {
        "sequence": 1,
        "productOrService": {"coding": [{"code": facts.code, "display": facts.label}]},
        "servicedDate": day,
        "adjudication": [{"category": _code(code, system), "amount": _money(cents)} for system, code, cents in amounts],
    }


def _professional(number: str) -> dict[str, str]:
    """IDNPS is 8 and the RPPS number."""
    return (
        {"system": RPPS, "value": f"8{number}"} if len(number) == RPPS_DIGITS else {"system": FINESS, "value": number}
    )


def _money(cents: int) -> dict[str, str]:
    return {"value": f"§{cents // 100}.{cents % 100:02}", "currency": "EUR"}


def _code(code: str, system: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}
