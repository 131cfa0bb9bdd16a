"""People with cards, and cards that are lost, on a service that is not in memory."""

import uuid
from typing import Any

from services.cards.domain import commands as c
from services.cards.domain.ids import CardId, DeclarationId, MemberId, PersonId
from shared.envelope import Metadata
from shared.service import Service
from tests.services.cards.sample import AT


async def issue(service: Service, number: int) -> tuple[str, str]:
    """A person with a card; who, and its serial."""
    person = str(uuid.uuid4())
    serial = f"{number % 10}{uuid.uuid4().int % 10**10:010d}"
    command = c.RecordVitaleIssued(
        at=AT,
        person_id=PersonId(person),
        card_id=CardId(str(uuid.uuid5(uuid.UUID(person), "card"))),
        serial=serial,
        serial_proof=service.blind("serial").of(serial),
        issued_on=AT.date(),
    )
    await handle(service, person, command)
    return person, serial


async def lose(service: Service, person: str) -> None:
    command = c.ReportVitaleLost(
        at=service.clock.now(),
        person_id=PersonId(person),
        member_id=MemberId(person),
        card_id=CardId(str(uuid.uuid5(uuid.UUID(person), "card"))),
        declaration_id=DeclarationId(str(uuid.uuid4())),
        place="Toulon",
        happened_on=AT.date(),
        declared_on_honour=True,
    )
    await handle(service, person, command)


async def handle(service: Service, person: str, command: Any) -> None:
    meta = Metadata(pk=person, actor=person, actor_kind="member", correlation_id=str(uuid.uuid4()), person_id=person)
    await service.handle(f"vitale:{person}", command, cmd=str(uuid.uuid4()), meta=meta)
