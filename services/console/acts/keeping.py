"""« Conservation »: how long each class is kept, where it lies, what is due, what was destroyed, what is held."""

import asyncio
import datetime as dt
from typing import Final

from services.console.acts.office import By, Office
from services.console.acts.old_reads import due_first
from services.console.clients.lines import Lines
from services.console.clients.retention import Case, Certificate, ClassShown, Destruction, Destructions
from services.console.domain.retention import STREAM, Destroyed
from services.console.domain.words import Action, Role
from services.console.read_models.open_approvals import OpenApproval, open_approvals
from shared.kernel import Value
from shared.web.channel import ServiceDown

LATEST: Final = 10
CONTROLLERS: Final = (Role.AUDITOR, Role.SUPERVISOR)


class Place(Value):
    """Where a class lies: a service, its event types and read models with personal fields of it."""

    service: str
    events: tuple[str, ...]
    read_models: tuple[str, ...]
    fields: int


class Class(Value):
    """One class. `rule` is none for what is no member's: the console's own, the directory's."""

    retention: str
    rule: ClassShown | None
    places: tuple[Place, ...]


class Keeping(Value):
    """All of it. `ended`: classes that the law kept, destroyed; `down`: services that did not say what they hold."""

    days: int
    classes: tuple[Class, ...]
    ended: tuple[Destruction, ...]
    held: tuple[Case, ...]
    asked: tuple[OpenApproval, ...]
    """Holds that were asked for and that nobody has agreed to, also where the time to do so is over."""
    months: int
    destroyed: tuple[str, ...]
    """Months of which nobody knows any more who has looked."""
    next_month: str
    next_month_on: dt.date
    down: tuple[str, ...]


async def table(office: Office, lines: Lines, by: By) -> Keeping:
    """As of now.

    Raises:
        Refused: `role-refused`. ServiceDown: identity does not answer.
    """
    by.needs(*CONTROLLERS)
    shown, held = await asyncio.gather(lines.retention.table(by.who), lines.retention.held(by.who))
    places, down = await _places(lines, by)
    rules = {one.retention: one for one in shown.classes}
    kept = [one.retention for one in shown.classes if one.start != "erasure" or one.years]
    done = await asyncio.gather(*(lines.retention.destructions(by.who, one) for one in kept))
    ended = sorted((one for some in done for one in some.items), key=lambda one: one.at, reverse=True)
    names = [*rules, *sorted(places.keys() - rules.keys())]
    state: Destroyed = (await office.service.state(STREAM))[0]
    month, on = due_first(office.clock.now().date(), office.settings.access_months, state.periods)
    waiting = await office.queries.find(open_approvals, action=Action.LEGAL_HOLD.value)
    return Keeping(
        days=shown.days,
        classes=tuple(Class(retention=one, rule=rules.get(one), places=tuple(places.get(one, ()))) for one in names),
        ended=tuple(ended[:LATEST]),
        held=held,
        asked=tuple(one for one in waiting if one.given_by is None),
        months=office.settings.access_months,
        destroyed=tuple(sorted(state.periods)),
        next_month=month,
        next_month_on=on,
        down=down,
    )


async def erasures(lines: Lines, by: By, after: str = "") -> Destructions:
    """Persons who were forgotten, the newest first.

    Raises:
        Refused: `role-refused`. ServiceDown: identity does not answer.
    """
    by.needs(*CONTROLLERS)
    return await lines.retention.destructions(by.who, "erasure", after)


async def certificate(lines: Lines, by: By, person_id: str, reference: str) -> Certificate:
    """What one of them was told of it; it names nobody, so that no look is recorded.

    Raises:
        Refused: `role-refused`. channel.Refused: `not-found`.
    """
    by.needs(*CONTROLLERS)
    return await lines.retention.certificate(by.who, person_id, reference)


async def certificate_pdf(lines: Lines, by: By, person_id: str, reference: str) -> bytes:
    """The same as a PDF.

    Raises:
        As `certificate`.
    """
    by.needs(*CONTROLLERS)
    return await lines.retention.certificate_pdf(by.who, person_id, reference)


async def _places(lines: Lines, by: By) -> tuple[dict[str, list[Place]], tuple[str, ...]]:
    names = list(lines.auditing)
    answers = await asyncio.gather(*(lines.auditing[one].classes(by.who) for one in names), return_exceptions=True)
    places: dict[str, list[Place]] = {}
    down = []
    for name, answer in zip(names, answers, strict=True):
        if isinstance(answer, ServiceDown):
            down.append(name)
            continue
        if isinstance(answer, BaseException):
            raise answer
        for one in answer.classes:
            place = Place(service=name, **one.model_dump(exclude={"retention"}))
            places.setdefault(one.retention, []).append(place)
    return places, tuple(down)
