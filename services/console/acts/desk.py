"""At the desk: find a person, look at parts of his file, have a code printed, take a loss by telephone."""

import datetime as dt
from typing import Any

from services.console.acts import finding, reading, two_persons
from services.console.acts.office import By, Office
from services.console.acts.reading import Why
from services.console.clients.cards import DeskCards
from services.console.clients.identity import Profile, Standing
from services.console.clients.lines import Lines
from services.console.domain import file_commands as c
from services.console.domain.ids import ApprovalId, PersonId
from services.console.domain.words import Action, Document, Part, Role, said
from shared.kernel import Rejected, Value


class Loss(Value):
    """What happened to the card, as the caller tells it."""

    stolen: bool
    place: str
    happened_on: dt.date


class Answers(Value):
    """What somebody on the telephone says of himself; nothing on file is read out to him."""

    surname: str
    postcode: str
    iban_last7: str


async def look_up(office: Office, lines: Lines, by: By, nir: str, birth_date: dt.date, why: Why) -> str:
    """Find one person by the whole number and the birth date; the look is recorded before anything is told of him.

    Raises:
        Rejected: `nobody-found`. Refused: `own-file`. TooMany: no more today.
        channel.Refused: the number is none (`nir-key` …).
    """
    by.needs(Role.AGENT, Role.SUPERVISOR)
    await reading.count_look_up(office, by)
    person_id, close = await finding.found_by_number(lines, by, nir, birth_date)
    await reading.read(office, by, person_id, Part.ACCOUNT, why, close)
    return person_id


async def look_up_request(office: Office, lines: Lines, by: By, number: str, why: Why) -> str:
    """Find one person by the number of his request, message or claim; recorded before anything is told of him.

    Raises:
        Rejected: `request-unknown`. Refused: `own-file`. TooMany: no more today.
        channel.ServiceDown: nobody who answers knows it, and a service does not answer.
    """
    by.needs(Role.AGENT, Role.SUPERVISOR)
    await reading.count_look_up(office, by)
    person_id, close = await finding.found_by_request(lines, by, number)
    await reading.read(office, by, person_id, Part.ACCOUNT, why, close)
    return person_id


async def standing(lines: Lines, by: By, person_id: str) -> Standing:
    """How the account stands: of a file whose look-up is recorded."""
    return await lines.identity.standing(by.who, person_id)


async def profile(office: Office, lines: Lines, by: By, person_id: str, why: Why) -> Profile:
    """Who he is: recorded, then fetched."""
    await reading.read(office, by, person_id, Part.PROFILE, why, finding.household(lines))
    return await lines.identity.profile(by.who, person_id)


async def cards(office: Office, lines: Lines, by: By, person_id: str, why: Why) -> DeskCards:
    """How his card stands: recorded, then fetched."""
    await reading.read(office, by, person_id, Part.CARDS, why, finding.household(lines))
    return await lines.cards.cards(by.who, person_id)


async def first_code(
    office: Office, lines: Lines, by: By, person_id: str, document: Document, why: Why
) -> ApprovalId | None:
    """Have a code printed for somebody whose papers were seen; where an account stands, ask for a second agent.

    Returns: the request that waits for another agent; None where the code is being printed.

    Raises:
        Refused: `own-file`. Rejected: `role-refused`.
    """
    by.needs(Role.AGENT)
    await reading.not_his_own(office, by, person_id, finding.household(lines))
    if (await lines.identity.standing(by.who, person_id)).exists:
        facts = {"document": document.value}
        return await two_persons.ask(
            office, by, Action.FIRST_CODE, facts, why.reason, ticket=why.ticket, person_id=person_id
        )
    await _order(office, lines, by, person_id, document, why.reason, why.ticket, None)
    return None


async def approved_code(office: Office, lines: Lines, by: By, approval_id: str) -> None:
    """Have the code printed that a second agent has agreed to; only who has asked for it, once.

    Raises:
        Rejected: `approval-missing`, `approval-used`, `approval-unknown`, `second-person-needed`.
    """
    by.needs(Role.AGENT)
    agreed = await two_persons.given(office, approval_id, Action.FIRST_CODE)
    request = agreed.request
    if request is None or request.asked_by != by.staff_id or request.person_id is None:
        raise Rejected("approval-unknown")
    await two_persons.use(office, by.part("use"), approval_id)
    reason, ticket = said(request.reason), said(request.ticket)
    document = Document(request.facts["document"])
    await _order(office, lines, by, request.person_id, document, reason, ticket, agreed.given_by)


async def _order(
    office: Office,
    lines: Lines,
    by: By,
    person_id: str,
    document: Document,
    reason: str,
    ticket: str,
    second: Any,
) -> None:
    command = c.OrderFirstCode(
        at=office.clock.now(),
        person_id=PersonId(person_id),
        reader=by.staff_id,
        role=by.role,
        reason=reason,
        ticket=ticket,
        document=document,
        second=second,
    )
    await reading.handle(office, by.part("order"), command)
    await lines.identity.print_code(by.who, by.made("print"), person_id, document.value, second)


async def loss_by_phone(
    office: Office, lines: Lines, by: By, person_id: str, answers: Answers, loss: Loss, why: Why
) -> None:
    """Report a card lost or stolen for somebody who has said what only he knows.

    Raises:
        Rejected: `caller-not-proved`, whichever answer is wrong. TooMany: for this person today.
        Refused: `own-file`.
    """
    by.needs(Role.AGENT)
    await reading.not_his_own(office, by, person_id, finding.household(lines))
    gate = f"caller|{person_id}"
    await office.gates.enter(gate, office.settings.callers())
    if not await lines.identity.check_caller(by.who, person_id, **answers.model_dump()):
        raise Rejected("caller-not-proved")
    await office.gates.forgive(gate)
    command = c.TakeLossByPhone(
        at=office.clock.now(),
        person_id=PersonId(person_id),
        reader=by.staff_id,
        role=by.role,
        reason=why.reason,
        ticket=why.ticket,
        stolen=loss.stolen,
    )
    await reading.handle(office, by.part("loss"), command)
    kind = "stolen" if loss.stolen else "lost"
    await lines.cards.report(by.who, by.made("report"), person_id, kind, loss.place, loss.happened_on)
