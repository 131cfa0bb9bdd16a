"""Finds whose a claim is by its reference, through a keyed hash that goes with the person's care key."""

from typing import Any, Final

from services.reimbursements.read_models.request_numbers import claim_numbers
from shared.erasure import Erasure, documents
from shared.kernel import Projection
from shared.numbers import FindNumber, NumberOf
from shared.personal_data import BlindIndex
from shared.service import Service

GROUP: Final = 4
"""« 0001 000000000001 »: the first digits stand apart."""


def numbers_of(service: Service) -> Projection[NumberOf, Any]:
    """The index of this service."""
    return claim_numbers(service.blind("claim").of)


def finding_numbers(service: Service) -> FindNumber:
    """The digits count, whatever stands between them."""
    index: BlindIndex = service.blind("claim")
    projection = numbers_of(service)

    async def find(typed: str) -> list[str]:
        digits = "".join(one for one in typed if one.isdecimal())
        wanted = index.of(f"{digits[:GROUP]} {digits[GROUP:]}")
        return [one.person_id for one in await service.queries.find(projection, number=wanted)]

    return find


def forgetting(service: Service) -> Erasure:
    """All else lies in the log, under the key of its beneficiary."""
    index = documents(service.database, service.pointers, numbers_of(service), "request numbers", "care")
    return Erasure("identity", [index])
