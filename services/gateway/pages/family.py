"""Whom a member may act for, and whom he acts for now: chosen in the head of any page, said on every page."""

import asyncio
import datetime as dt
from typing import Final

from services.gateway.drafts import Family, Kin
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused, ServiceDown

KNOWN_FOR: Final = dt.timedelta(minutes=1)
"""Services ask for the right at each call; the head of a page may lag so much behind."""
SECONDS: Final = 0.5
"""A page does not wait longer for it."""


async def known(visit: Visit) -> None:
    """Let the session know the family; while identity is down it stays as it was."""
    family, now = visit.session.state.family, visit.site.clock.now()
    if family is not None and now < family.until:
        return
    try:
        async with asyncio.timeout(SECONDS):
            found = (await visit.site.persons.dependants(visit.who)).value.persons
        persons = tuple(Kin(person_id=one.person_id, given_names=one.given_names) for one in found)
    except (ServiceDown, Refused, TimeoutError):
        persons = family.persons if family is not None else ()
    visit.session.change(family=Family(persons=persons, until=now + KNOWN_FOR))
    chosen = visit.session.state.acting_for
    if chosen is not None and chosen.person_id not in {one.person_id for one in persons}:
        act_for(visit, None)


def act_for(visit: Visit, person: Kin | None) -> None:
    """From now on; what was begun or looked for is not taken along."""
    looking = visit.session.state.looking
    left = looking.model_copy(update={"beneficiary": ""}) if looking is not None else None
    visit.session.change(acting_for=person, report=None, uploaded=None, looking=left)
