"""Samples: drawn by a service from its whole log, kept here with what an auditor finds in each."""

import secrets
from typing import Final

from services.console.acts import auditing
from services.console.acts.office import By, Office
from services.console.clients import dossier as d
from services.console.clients.lines import Lines
from services.console.domain import samples as s
from services.console.domain.ids import PersonId, SampleId
from services.console.domain.words import Role
from services.console.read_models.samples import ALL, Finding, SampleShown, findings, samples
from shared.command_handler import Answer
from shared.kernel import Rejected, Value
from shared.lifecycles import ALGORITHM, Wanted
from shared.web.channel import ServiceDown

LARGEST: Final = 100
LISTED: Final = 100


class ToDraw(Value):
    """What is drawn; an empty seed is made here."""

    service: str
    wanted: Wanted
    size: int
    seed: str = ""


class Whole(Value):
    """A sample with all that was found."""

    sample: SampleShown
    findings: dict[str, Finding]
    conclusion: Finding | None


async def draw(office: Office, lines: Lines, by: By, form: ToDraw, reason: str, ticket: str) -> SampleId:
    """Draw a sample and keep it.

    Raises:
        Rejected: `role-refused`, `service-unknown`, `sample-size-invalid`, `population-empty`.
        ServiceDown: it has not read its log to the end in time: draw again.
    """
    by.needs(Role.AUDITOR)
    if form.service not in auditing.EXAMINED:
        raise Rejected("service-unknown")
    if not 1 <= form.size <= LARGEST:
        raise Rejected("sample-size-invalid")
    seed = form.seed.strip() or secrets.token_hex(16)
    line = lines.dossiers[form.service]
    found = await auditing.whole(lambda: line.draw(by.who, form.wanted, seed, form.size, None))
    if found.draw is None:
        raise ServiceDown(form.service)
    if not found.lives:
        raise Rejected("population-empty")
    sample_id = SampleId(by.made("sample"))
    command = s.DrawSample(
        at=office.clock.now(),
        sample_id=sample_id,
        by=by.staff_id,
        role=by.role,
        draw=_drawn(form, seed, found, found.draw),
        items=tuple(_item(life) for life in found.lives),
        reason=reason,
        ticket=ticket,
    )
    await _handle(office, by, command)
    return sample_id


async def again(lines: Lines, by: By, sample: SampleShown) -> bool:
    """Whether the same draw of the same moment comes to the same.

    Raises:
        ServiceDown: the service has not read its log to that moment yet: ask again.
    """
    by.needs(Role.AUDITOR)
    was, line = sample.draw, lines.dossiers[sample.draw.service]
    found = await auditing.whole(lambda: line.draw(by.who, was.wanted, was.seed, was.size, was.position))
    if found.draw is None:
        raise ServiceDown(was.service)
    same = (found.draw.population, found.draw.population_hash) == (was.population, was.population_hash)
    return same and found.draw.ids == tuple(one.id for one in sample.items)


async def population(lines: Lines, by: By, sample: SampleShown) -> tuple[str, ...]:
    """What the sample was drawn from, one id a line: with seed and algorithm anybody can draw again.

    Raises:
        ServiceDown: the service has not read its log to that moment yet: ask again.
    """
    by.needs(Role.AUDITOR)
    was, line = sample.draw, lines.dossiers[sample.draw.service]
    found = await auditing.whole(lambda: line.population(by.who, was.wanted, was.position))
    if not found.progress.complete:
        raise ServiceDown(was.service)
    return found.ids


async def note(office: Office, by: By, sample_id: str, item: str, verdict: s.Verdict, text: str) -> Answer:
    """Say what one of them is; the last word holds.

    Raises:
        Rejected: `role-refused`, `sample-unknown`, `sample-closed`, `item-unknown`, `note-missing`.
    """
    facts = {"at": office.clock.now(), "sample_id": SampleId(sample_id), "by": by.staff_id, "role": by.role}
    return await _handle(office, by, s.NoteFinding(**facts, item=item, verdict=verdict, note=text))  # type: ignore[arg-type]


async def close(office: Office, by: By, sample_id: str, conclusion: str) -> Answer:
    """Nothing more is to be said.

    Raises:
        Rejected: `role-refused`, `sample-unknown`, `findings-missing`.
    """
    facts = {"at": office.clock.now(), "sample_id": SampleId(sample_id), "by": by.staff_id, "role": by.role}
    return await _handle(office, by, s.CloseSample(**facts, conclusion=conclusion))  # type: ignore[arg-type]


async def exported(office: Office, by: By, sample_id: str, form: s.PaperForm, sha256: str) -> Answer:
    """Record that a copy goes out.

    Raises:
        Rejected: `role-refused`, `sample-unknown`.
    """
    facts = {"at": office.clock.now(), "sample_id": SampleId(sample_id), "by": by.staff_id, "role": by.role}
    return await _handle(office, by, s.ExportWorkingPaper(**facts, form=form, sha256=sha256))  # type: ignore[arg-type]


async def listed(office: Office, by: By) -> list[SampleShown]:
    """The last ones, the newest first.

    Raises:
        Refused: `role-refused`.
    """
    by.needs(Role.AUDITOR)
    return await office.queries.newest(samples, "at", LISTED, shelf=ALL)


async def shown(office: Office, by: By, sample_id: str) -> Whole:
    """One of them.

    Raises:
        Refused: `role-refused`. Rejected: `sample-unknown`.
    """
    by.needs(Role.AUDITOR)
    found = await office.queries.get(samples, sample_id)
    if found is None:
        raise Rejected("sample-unknown")
    noted = {one.item: one for one in await office.queries.find(findings, sample_id=sample_id)}
    return Whole(sample=found, conclusion=noted.pop("", None), findings=noted)


def _drawn(form: ToDraw, seed: str, found: d.Drawn, made: d.DrawMade) -> s.Draw:
    return s.Draw(
        service=form.service,
        wanted=form.wanted,
        seed=seed,
        size=form.size,
        algorithm=ALGORITHM,
        position=found.progress.position,
        population=made.population,
        population_hash=made.population_hash,
    )


def _item(life: d.Life) -> s.Item:
    facts = life.model_dump(include={"id", "state", "since", "steps", "deviations"})
    return s.Item(**facts, person_id=PersonId(life.person_id))


async def _handle(office: Office, by: By, command: s.SampleCommand) -> Answer:
    sample_id = command.sample_id
    return await office.service.handle(f"sample:{sample_id}", command, cmd=by.cmd, meta=by.meta(sample_id))
