"""« Preuves »: how far every log is signed, and the file that an auditor takes away; the look is recorded first."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

from services.console.acts import reading
from services.console.acts.office import By, Office
from services.console.acts.reading import Household, Why
from services.console.clients.audit import Standing
from services.console.clients.lines import Lines
from services.console.domain.words import Part, Role
from shared.kernel import Rejected, Value
from shared.proofs import verify
from shared.web.channel import Refused, ServiceDown

VERIFIER: Final = Path(verify.__file__)
"""What a stranger verifies an export with."""


class ServiceStanding(Value):
    """One service; without a standing it does not answer."""

    service: str
    standing: Standing | None
    age: float | None
    """Seconds since the last checkpoint."""


async def standings(office: Office, lines: Lines, by: By) -> list[ServiceStanding]:
    """All services, side by side.

    Raises:
        Refused: `role-refused`.
    """
    by.needs(Role.AUDITOR, Role.SUPERVISOR)
    now = office.clock.now()

    async def one(name: str) -> ServiceStanding:
        try:
            found = await lines.auditing[name].standing(by.who)
        except (ServiceDown, Refused):
            return ServiceStanding(service=name, standing=None, age=None)
        age = max((now - found.last.at).total_seconds(), 0) if found.last else None
        return ServiceStanding(service=name, standing=found, age=age)

    return list(await asyncio.gather(*map(one, lines.auditing)))


async def export(
    office: Office,
    lines: Lines,
    by: By,
    person_id: str,
    service: str,
    why: Why,
    household: Household,
    write: Callable[[bytes], object],
) -> None:
    """Take away what one service's log holds of a person: ciphertexts and proofs, no value. Recorded first.

    Raises:
        Refused: `role-refused`, `own-file`. Rejected: `service-unknown`, `purpose-refused`.
        channel.Refused: `log-not-signed`. ServiceDown: the service does not answer.
    """
    by.needs(Role.AUDITOR)
    if service not in lines.auditing:
        raise Rejected("service-unknown")
    await reading.read(office, by, person_id, Part.EVENTS, why, household)
    await lines.auditing[service].export(by.who, person_id, write)
