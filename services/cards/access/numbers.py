"""Finds whose a declaration, an order or a certificate is, by the number that is printed on it."""

from services.cards.domain.ceam_words import CERTIFICATE_PREFIX
from services.cards.read_models.request_numbers import numbers
from shared.numbers import FindNumber, as_id, in_groups
from shared.service import Service


def finding_numbers(service: Service) -> FindNumber:
    """A declaration bears its id; orders and certificates have a shorter number, made of theirs."""

    async def find(typed: str) -> list[str]:
        wanted = sorted({as_id(typed), in_groups(typed), in_groups(typed, CERTIFICATE_PREFIX)})
        found = [await service.queries.find(numbers, number=number) for number in wanted]
        return [one.person_id for several in found for one in several]

    return find
