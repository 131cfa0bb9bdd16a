"""Finds whose an attestation or an erasure is, by the number that is printed on it or was shown."""

from services.identity.access.attestation_print import PREFIX
from services.identity.access.claims import erasure_claim
from services.identity.access.desk import id_in
from services.identity.domain import retention
from services.identity.read_models.attestations import attestations
from shared.numbers import FindNumber, in_groups
from shared.service import Service


def finding_numbers(service: Service) -> FindNumber:
    """Each kind has a prefix of its own; without it, it may be either."""

    async def find(typed: str) -> list[str]:
        found = await service.queries.find(attestations, number=in_groups(typed, PREFIX))
        erasure = await service.store.holders([erasure_claim(in_groups(typed, retention.PREFIX))])
        return [*(one.person_id for one in found), *map(id_in, erasure.values())]

    return find
