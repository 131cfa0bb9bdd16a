"""Finds whose a declaration, an order or a certificate is, by the number that is printed on it."""

from services.cards.domain.ceam_words import CERTIFICATE_PREFIX
from services.cards.read_models.request_numbers import numbers
from shared.numbers import FindNumber, as_id, in_groups
from shared.service import Service


def finding_numbers(service: Service) -> FindNumber:
    """An order's number is its id; a certificate's is shorter."""

    async def find(typed: str) -> list[str]:
        wanted = {as_id(typed), in_groups(typed, CERTIFICATE_PREFIX)}
        return [one.person_id for number in wanted for one in await service.queries.find(numbers, number=number)]

    return find
