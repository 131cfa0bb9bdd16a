"""Whose lines a member sees: his own, and those of the persons whom identity lets him see."""

from collections.abc import Sequence
from typing import Final

from services.reimbursements.domain.ids import PersonId
from shared.grants import persons_seen_by, views_of
from shared.service import Service

VIEWS: Final = views_of("reimbursements")


async def visible(service: Service, reader: PersonId) -> Sequence[PersonId]:
    """The reader first."""
    return [PersonId(person) for person in await persons_seen_by(service.queries, VIEWS, reader)]
