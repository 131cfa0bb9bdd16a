"""The certificate of an erasure: what was reached, when and by which service; what is kept, until when, and why."""

import datetime as dt
from typing import Any, Final

from services.identity.access.attestations import FOLDER
from services.identity.access.erasure_words import CLASSES, SERVICES, WHAT, KeptLine, kept_lines
from services.identity.domain.ages import PARIS
from services.identity.domain.erasure_state import Status
from services.identity.read_models.erasure_cases import Confirmation, ErasureCase
from shared.documents import Renderer
from shared.kernel import Rejected, Value

TEMPLATE: Final = "erasure-certificate"
VERSION: Final = 1


class Answered(Value):
    """What a service dropped, in words and numbers."""

    service: str
    label: str
    at: dt.datetime
    reached: dict[str, int]


class Certificate(Value):
    """It names nobody: the reference alone tells whose it is."""

    reference: str
    status: Status
    held: bool
    requested_at: dt.datetime | None
    due_at: dt.datetime | None
    erased_at: dt.datetime | None
    completed_at: dt.datetime | None
    erased: tuple[str, ...]
    answers: tuple[Answered, ...]
    waits_for: tuple[str, ...]
    kept: tuple[KeptLine, ...]


def certificate(case: ErasureCase) -> Certificate:
    """As data."""
    known = case.model_dump(include={"status", "held", "requested_at", "due_at", "erased_at", "completed_at"})
    return Certificate(
        **known,
        reference=case.reference or "",
        erased=tuple(CLASSES[one] for one in case.classes),
        answers=tuple(_answered(one) for one in case.answers if one.classes == case.classes),
        waits_for=tuple(SERVICES[one] for one in case.waits_for),
        kept=kept_lines(case.kept),
    )


def printed(found: Certificate, renderer: Renderer | None = None) -> bytes:
    """The same as a PDF for the member, dated by the last answer: the same bytes each time.

    Raises:
        Rejected: `certificate-too-early`, nothing is erased yet.
    """
    if found.erased_at is None or found.requested_at is None:
        raise Rejected("certificate-too-early")
    made = max([found.erased_at, *(one.at for one in found.answers)])
    data: dict[str, Any] = {
        "created_at": made.astimezone(PARIS).isoformat(),
        "reference": found.reference,
        "requested_on": _day(found.requested_at),
        "erased_on": _day(found.erased_at),
        "complete": found.completed_at is not None,
        "erased": list(found.erased),
        "answers": [[one.label, _moment(one.at), _reached(one)] for one in found.answers],
        "kept": [[one.label, _until(one), one.source + _provisional(one)] for one in found.kept],
    }
    return (renderer or Renderer(FOLDER)).render(TEMPLATE, VERSION, data)


def _answered(one: Confirmation) -> Answered:
    reached = {line.what: line.count for line in one.reached}
    return Answered(service=one.service, label=SERVICES[one.service], at=one.at, reached=reached)


def _reached(one: Answered) -> str:
    parts = [f"{WHAT.get(what, what)} : {count}" for what, count in one.reached.items() if count]
    return ", ".join(parts) or "rien n'était tenu"


def _until(line: KeptLine) -> str:
    if line.until is not None:
        return f"jusqu'au {line.until:%d/%m/%Y}"
    return "pour toujours" if line.years is None else f"{line.years} ans après la fin de vos droits"


def _provisional(line: KeptLine) -> str:
    return "" if line.verified else " (durée provisoire)"


def _day(at: dt.datetime) -> str:
    return at.astimezone(PARIS).date().isoformat()


def _moment(at: dt.datetime) -> str:
    return f"{at.astimezone(PARIS):%d/%m/%Y à %H:%M}"
