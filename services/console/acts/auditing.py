"""What an auditor looks into: one person's dossier over all services, what strays or stands still, what moved when."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from services.console.acts import finding, reading
from services.console.acts.office import By, Office
from services.console.acts.reading import Why
from services.console.clients import dossier as d
from services.console.clients.lines import Lines
from services.console.domain.words import Part, Role
from shared.kernel import Rejected, Value
from shared.lifecycles import Wanted
from shared.web import channel

E = TypeVar("E", bound=d.Examined)
T = TypeVar("T")

DOSSIER: Final = ("identity", "cards", "notifications")
EXAMINED: Final = ("cards", "notifications")
"""The services where something has a declared lifecycle."""
ROUNDS: Final = 5
"""How often a page lets a service read on; each time it reads for some seconds."""


class Row(Value):
    """One event of the timeline."""

    service: str
    event: d.Transition


class CardDossier(Value):
    """All services, side by side; those that did not answer are named."""

    person_id: str
    parts: dict[str, d.Dossier]
    down: tuple[str, ...]

    @property
    def rows(self) -> list[Row]:
        """In the order in which it was recorded, over all services."""
        rows = [Row(service=name, event=one) for name, part in self.parts.items() for one in part.transitions]
        return sorted(rows, key=lambda row: (row.event.recorded_at, row.service, row.event.position, row.event.version))

    @property
    def standings(self) -> list[tuple[str, d.Standing]]:
        """Each card, order and message, and its service."""
        return [(name, one) for name, part in self.parts.items() for one in part.standings]


@dataclass(frozen=True)
class OfService:
    """What one service answered; None: nothing."""

    service: str
    found: d.Findings | None


async def by_person(office: Office, lines: Lines, by: By, nir: str, birth_date: dt.date) -> str:
    """Whose file it is, by the whole number and the birth date; nothing of it is told before the look is recorded.

    Raises:
        Rejected: `nobody-found`. Refused: `own-file`, `role-refused`. channel.Refused: the number is none.
    """
    by.needs(Role.AUDITOR)
    person_id, close = await finding.by_number(lines, by, nir, birth_date)
    await reading.not_his_own(office, by, person_id, close)
    return person_id


async def by_number(office: Office, lines: Lines, by: By, number: str) -> str:
    """Whose a card, a declaration, an order or a message is, by the number that stands on it.

    Raises:
        Rejected: `nobody-found`. Refused: `own-file`, `role-refused`. ServiceDown: one that may know did not answer.
    """
    by.needs(Role.AUDITOR)
    silent: list[str] = []
    try:
        found = await finding.whose(lines, by, number)
    except channel.ServiceDown as down:
        found, silent = None, [down.service]
    found = found or await _in_logs(lines, by, number, silent)
    if found is not None:
        await reading.not_his_own(office, by, found, finding.household(lines))
        return found
    if silent:
        raise channel.ServiceDown(silent[0])
    raise Rejected("nobody-found")


async def _in_logs(lines: Lines, by: By, number: str, silent: list[str]) -> str | None:
    """Whose a card is: no index knows what is printed on it. Who does not answer is added to `silent`."""
    for name in EXAMINED:
        asked = partial(lines.dossiers[name].look_up, by.who, number)
        try:
            found = await whole(asked, enough=lambda one: bool(one.persons))
        except channel.ServiceDown:
            silent.append(name)
        except channel.Refused as refused:
            if refused.code != "not-found":
                raise
        else:
            if found.persons:
                return found.persons[0]
    return None


async def dossier(office: Office, lines: Lines, by: By, person_id: str, why: Why) -> CardDossier:
    """One timeline over cards, identity and notifications: recorded as looked at, then fetched.

    Raises:
        Refused: `own-file`, `role-refused`. Rejected: `purpose-refused`.
    """
    by.needs(Role.AUDITOR)
    await reading.read(office, by, person_id, Part.CARD_DOSSIER, why, finding.household(lines))
    parts = await asyncio.gather(*(answered(lines.dossiers[name].dossier(by.who, person_id)) for name in DOSSIER))
    known = {name: part for name, part in zip(DOSSIER, parts, strict=True) if part is not None}
    return CardDossier(person_id=person_id, parts=known, down=tuple(name for name in DOSSIER if name not in known))


async def findings(lines: Lines, by: By, rounds: int | None = ROUNDS) -> list[OfService]:
    """What strays and what stands still, over all cards, orders and messages. `rounds`: None until all was read.

    Raises:
        Refused: `role-refused`.
    """
    by.needs(Role.AUDITOR)

    async def of(name: str) -> OfService:
        line = lines.dossiers[name]
        return OfService(name, await answered(whole(lambda: line.findings(by.who), rounds)))

    return list(await asyncio.gather(*map(of, EXAMINED)))


async def lives(lines: Lines, by: By, wanted: Wanted, rounds: int | None = ROUNDS) -> dict[str, d.Lives | None]:
    """Which cards, orders and messages did something within a time; None: the service did not answer.

    Raises:
        Refused: `role-refused`.
    """
    by.needs(Role.AUDITOR)

    async def of(name: str) -> d.Lives | None:
        line = lines.dossiers[name]
        return await answered(whole(lambda: line.lives(by.who, wanted), rounds))

    return dict(zip(EXAMINED, await asyncio.gather(*map(of, EXAMINED)), strict=True))


async def whole(
    ask: Callable[[], Awaitable[E]], rounds: int | None = ROUNDS, enough: Callable[[E], bool] = lambda _: False
) -> E:
    """Ask again until the service has read all of its log, or for so many rounds."""
    found = await ask()
    asked = 1
    while not (found.progress.complete or enough(found)) and (rounds is None or asked < rounds):
        found, asked = await ask(), asked + 1
    return found


async def answered(asked: Awaitable[T]) -> T | None:
    """What a service says; None where it does not answer."""
    try:
        return await asked
    except channel.ServiceDown:
        return None
