"""« Guichet »: find one person, look at parts of his file, have a code printed, take a loss by telephone."""

from collections.abc import Awaitable
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Response

from services.console.acts import desk
from services.console.acts.desk import Answers, Loss
from services.console.acts.office import By
from services.console.acts.reading import Why
from services.console.domain.words import Part, Purpose
from services.console.drafts import OpenFile
from services.console.pages.asking import AgentVisit, DeskVisit, Posting
from services.console.pages.desk_forms import CodeForm, LookUpForm, LossForm, RequestForm
from services.console.pages.open_file import lay_open, opened_by, why_of
from services.console.pages.visit import Visit
from services.console.pages.words import refusing
from shared.kernel import Rejected
from shared.problems import Refused
from shared.sign_in.gates import TooMany
from shared.web import channel
from shared.web.forms import Typed

UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
FILE: Final = "/guichet/dossier"
OF_AGENTS: Final = (Purpose.VISIT, Purpose.CALL, Purpose.LETTER, Purpose.REQUEST)
router = APIRouter(prefix="/guichet")


@router.get("")
async def ask(visit: DeskVisit) -> Response:
    return await _ask(visit, "", Typed())


@router.post("")
async def look_up(visit: DeskVisit, posted: Posting) -> Response:
    form, typed = visit.read(LookUpForm, posted.fields)
    if form is None:
        return await _ask(visit, "nir", typed, UNPROCESSABLE)
    office, lines = visit.site.office, visit.site.lines
    asked = desk.look_up(office, lines, visit.by(posted), form.nir, form.naissance, form.why())
    return await _open(visit, "nir", typed, form.why(), asked)


@router.post("/demande")
async def look_up_request(visit: DeskVisit, posted: Posting) -> Response:
    form, typed = visit.read(RequestForm, posted.fields)
    if form is None:
        return await _ask(visit, "numero", typed, UNPROCESSABLE)
    asked = desk.look_up_request(visit.site.office, visit.site.lines, visit.by(posted), form.numero, form.why())
    return await _open(visit, "numero", typed, form.why(), asked)


async def _open(visit: Visit, which: str, typed: Typed, why: Why, asked: Awaitable[str]) -> Response:
    """The file of whom is found; what is refused is said beside the number that was typed."""
    try:
        person_id = await asked
    except TooMany:
        return await _ask(visit, which, refusing(typed, which, "look-ups-exhausted"), 429)
    except (Rejected, Refused, channel.Refused) as refused:
        return await _ask(visit, which, refusing(typed, which, refused.code), UNPROCESSABLE)
    except channel.ServiceDown:
        return await _ask(visit, which, refusing(typed, which, "not-asked-all"), 503)
    lay_open(visit, person_id, why)
    return await visit.go(FILE)


@router.get("/dossier")
async def file(visit: DeskVisit) -> Response:
    return await _file(visit, Typed())


@router.post("/dossier/{part}")
async def look(visit: DeskVisit, posted: Posting, part: Part) -> Response:
    """One more part of the file: the page that follows records that it is looked at."""
    del posted
    opened = opened_by(visit)
    if part in {Part.PROFILE, Part.CARDS}:
        visit.session.change(open_file=opened.model_copy(update={"parts": tuple({*opened.parts, part})}))
    return await visit.go(FILE)


@router.post("/fermeture")
async def close(visit: DeskVisit, posted: Posting) -> Response:
    del posted
    visit.session.change(open_file=None)
    return await visit.go("/guichet", notice="file-closed")


@router.post("/code")
async def first_code(visit: AgentVisit, posted: Posting) -> Response:
    opened = opened_by(visit)
    form, typed = visit.read(CodeForm, posted.fields)
    if form is None:
        return await _file(visit, typed, UNPROCESSABLE)
    office, lines = visit.site.office, visit.site.lines
    try:
        asked = await desk.first_code(office, lines, visit.by(posted), opened.person_id, form.document, why_of(opened))
    except (Rejected, Refused, channel.Refused) as refused:
        return await _file(visit, refusing(typed, "document", refused.code), UNPROCESSABLE)
    return await visit.go(FILE, notice="code-asked" if asked else "code-printed")


@router.post("/code/{approval_id}")
async def approved_code(visit: AgentVisit, posted: Posting, approval_id: str) -> Response:
    """What a second agent has agreed to."""
    await desk.approved_code(visit.site.office, visit.site.lines, visit.by(posted), approval_id)
    return await visit.go("/a-deux", notice="code-printed")


@router.post("/perte")
async def loss(visit: AgentVisit, posted: Posting) -> Response:
    opened = opened_by(visit)
    form, typed = visit.read(LossForm, posted.fields)
    if form is None:
        return await _file(visit, typed, UNPROCESSABLE)
    answers = Answers(surname=form.surname, postcode=form.postcode, iban_last7=form.iban)
    told = Loss(stolen=form.what, place=form.place, happened_on=form.jour)
    office, lines = visit.site.office, visit.site.lines
    try:
        await desk.loss_by_phone(office, lines, visit.by(posted), opened.person_id, answers, told, why_of(opened))
    except TooMany:
        return await _file(visit, refusing(typed, "surname", "tries-exhausted"), 429)
    except (Rejected, Refused, channel.Refused) as refused:
        return await _file(visit, refusing(typed, "surname", refused.code), UNPROCESSABLE)
    return await visit.go(FILE, notice="loss-taken")


async def _ask(visit: Visit, which: str, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    """`which` of its forms was sent."""
    context: dict[str, Any] = {"typed": typed, "which": which, "dates": LookUpForm.DATES, "purposes": OF_AGENTS}
    return await visit.page("desk/look_up.html", status=status, **context)


async def _file(visit: Visit, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    """The open file. Each part that was asked for is recorded each time it is shown."""
    opened, by = opened_by(visit), visit.by()
    shown = await _parts(visit, by, opened)
    return await visit.page("desk/file.html", status=status, typed=typed, dates=LossForm.DATES, opened=opened, **shown)


async def _parts(visit: Visit, by: By, opened: OpenFile) -> dict[str, Any]:
    office, lines, person_id, why = visit.site.office, visit.site.lines, opened.person_id, why_of(opened)
    shown: dict[str, Any] = {"standing": await desk.standing(lines, by, person_id), "profile": None, "cards": None}
    if Part.PROFILE in opened.parts:
        shown["profile"] = await desk.profile(office, lines, by.part("profile"), person_id, why)
    if Part.CARDS in opened.parts:
        shown["cards"] = await desk.cards(office, lines, by.part("cards"), person_id, why)
    return shown
