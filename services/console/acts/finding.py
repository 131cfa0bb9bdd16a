"""Finds the person that somebody who controls asks about: by number and birth date; what is shown is recorded apart."""

import datetime as dt

from services.console.acts import desk
from services.console.acts.office import By
from services.console.acts.reading import Household
from services.console.clients.lines import Lines
from services.console.domain.words import Role


async def by_number(lines: Lines, by: By, nir: str, birth_date: dt.date) -> tuple[str, Household]:
    """A person's pseudonym, and who is close to him.

    Raises:
        Rejected: `nobody-found`, `role-refused`. channel.Refused: the number is none (`nir-key` …).
    """
    by.needs(Role.AUDITOR, Role.SUPERVISOR)
    return await desk.found_by_number(lines, by, nir, birth_date)
