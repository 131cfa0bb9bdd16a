"""What is erased with an account, and what the law keeps longer: from when on, for how long, by which text."""

import datetime as dt
import uuid
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from services.identity.domain.ages import turns
from services.identity.domain.ids import ErasureId
from services.identity.domain.register import RegisterFacts
from shared.kernel import Value
from shared.numbers import spelled

PREFIX: Final = "EF"
ERASED_CLASSES: Final = ("account", "messages")
SERVICES: Final = ("cards", "geo", "identity", "notifications", "reimbursements")
"""Who must answer before an erasure is complete."""


class Start(StrEnum):
    """What the years are counted from."""

    ERASURE = "erasure"
    COVER = "cover"
    """The end of what the fund covers; as long as it goes on there is no end."""


class Rule(Value):
    """`verified`: the text was read; otherwise the fund's lawyers have to confirm it."""

    retention: str
    years: int
    start: Start
    source: str
    verified: bool = False


RULES: Final = (
    Rule(retention="care", years=10, start=Start.COVER, source="Code de commerce, art. L123-22"),
    Rule(retention="cards", years=5, start=Start.COVER, source="Code civil, art. 2224"),
    Rule(retention="access", years=1, start=Start.ERASURE, source="CNIL, délibération n° 2021-122"),
)


class Kept(Value):
    """A class that outlives the account; `until` is the day of its destruction, none while the cover goes on."""

    retention: str
    until: dt.date | None
    years: int
    source: str
    verified: bool


def kept_from(erased_on: dt.date, covered_until: dt.date | None) -> tuple[Kept, ...]:
    """What is kept of somebody who is erased on this day."""
    return tuple(
        Kept(until=_until(rule, erased_on, covered_until), **rule.model_dump(exclude={"start"})) for rule in RULES
    )


def recounted(kept: Sequence[Kept], covered_until: dt.date | None) -> tuple[Kept, ...]:
    """The same once the end of the cover is another one."""
    by_cover = {rule.retention for rule in RULES if rule.start is Start.COVER}
    return tuple(
        one.model_copy(update={"until": None if covered_until is None else turns(one.years, covered_until)})
        if one.retention in by_cover
        else one
        for one in kept
    )


def cover_end(facts: RegisterFacts) -> dt.date | None:
    """The last day that the fund covers or has covered; none while no end is known."""
    if isinstance(facts.died_on, dt.date):
        return facts.died_on
    ends = [period.ends_on for period in facts.rights] if isinstance(facts.rights, tuple) else []
    if not ends and (facts.rights_from is not None or facts.rights_to is not None):
        ends = [facts.rights_to if isinstance(facts.rights_to, dt.date) else None]
    dates = [end for end in ends if end is not None]
    if len(dates) < len(ends):
        return None
    return max(dates, default=facts.as_of.date())


def reference_of(erasure_id: ErasureId) -> str:
    """`EF-7KQ2-M4XD-9VTA`: what a certificate is found by. It opens nothing."""
    return spelled(uuid.uuid5(uuid.UUID(erasure_id), "reference").bytes, PREFIX)


def _until(rule: Rule, erased_on: dt.date, covered_until: dt.date | None) -> dt.date | None:
    start = erased_on if rule.start is Start.ERASURE else covered_until
    return None if start is None else turns(rule.years, start)
