"""Finds the person that somebody asks about: by NIR and birth date, or by a number that the member reads.

What is shown of whom is found is recorded apart.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable
from typing import TypeVar

from services.console.acts.office import By
from services.console.acts.reading import Household
from services.console.clients.identity import Found
from services.console.clients.lines import Lines
from services.console.domain.words import Role
from shared.kernel import Rejected
from shared.web import channel

T = TypeVar("T")


def household(lines: Lines) -> Household:
    """Asks identity who is so close to a person that he may be the agent."""

    async def found(by: By, person_id: str) -> frozenset[str]:
        return await _close(await lines.identity.relatives(by.who, person_id))(by, person_id)

    return found


async def by_number(lines: Lines, by: By, nir: str, birth_date: dt.date) -> tuple[str, Household]:
    """For whoever controls: as `found_by_number`.

    Raises:
        Rejected: `nobody-found`, `role-refused`. channel.Refused: the number is none (`nir-key` …).
    """
    by.needs(Role.AUDITOR, Role.SUPERVISOR)
    return await found_by_number(lines, by, nir, birth_date)


async def found_by_number(lines: Lines, by: By, nir: str, birth_date: dt.date) -> tuple[str, Household]:
    """Who has this number and birth date, and who is close to him. Nothing is recorded yet.

    Raises:
        Rejected: `nobody-found`. channel.Refused: the number is none (`nir-key` …).
    """
    found = await _known(lines.identity.look_up(by.who, nir, birth_date))
    if found is None:
        raise Rejected("nobody-found")
    return found.person_id, _close(found)


async def found_by_request(lines: Lines, by: By, number: str) -> tuple[str, Household]:
    """Whose a request, a message or a claim is, and who is close to him. Nothing is recorded yet.

    Raises:
        Rejected: `request-unknown`. channel.ServiceDown: nobody who answers knows it, and a service does not answer.
    """
    person_id = await whose(lines, by, number)
    found = await _known(lines.identity.relatives(by.who, person_id)) if person_id else None
    if found is None:
        raise Rejected("request-unknown")
    return found.person_id, _close(found)


async def whose(lines: Lines, by: By, number: str) -> str | None:
    """The pseudonym behind a number, all services being asked at once; None: of nobody, or of several.

    Raises:
        channel.Refused: it is too short or too long. ServiceDown: as above.
    """

    async def asked(service: str) -> str | channel.ServiceDown | None:
        try:
            found = await _known(lines.numbers[service].whose(by.who, number))
        except channel.ServiceDown as down:
            return down
        return found.person_id if found else None

    answers = await asyncio.gather(*map(asked, lines.numbers))
    persons = {one for one in answers if isinstance(one, str)}
    silent = [one for one in answers if isinstance(one, channel.ServiceDown)]
    if not persons and silent:
        raise silent[0]
    return persons.pop() if len(persons) == 1 else None


async def _known(asked: Awaitable[T]) -> T | None:
    """What a service says; None where it knows nobody."""
    try:
        return await asked
    except channel.Refused as refused:
        if refused.code != "not-found":
            raise
        return None


def _close(found: Found) -> Household:
    async def close(_: By, __: str) -> frozenset[str]:
        return frozenset({found.person_id, *found.relatives})

    return close
