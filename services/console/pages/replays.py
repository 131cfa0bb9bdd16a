"""« Reprise »: count, replay beside or in place, compare field by field, flip, go back; and what was done."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Response
from pydantic import BeforeValidator, ValidationError

from services.console.acts import looking
from services.console.acts import operations as acts
from services.console.domain.operations import Act
from services.console.pages.accounts import Why as Reason
from services.console.pages.asking import LookingVisit, OperatorVisit, Posting
from services.console.pages.visit import Visit
from services.console.pages.words import sentence
from services.console.read_models.operations import operations_done
from shared.kernel import Rejected
from shared.web import channel
from shared.web.forms import Form, Refusal, Typed, wrong
from shared.web.visits import Posted

router = APIRouter(prefix="/exploitation/{service}")
FASTEST: Final = 1_000_000
STARTS: Final = (Act.PLAN, Act.FILL, Act.COMPARE, Act.RECONCILE)


def _limit(text: str) -> float:
    if not text.strip():
        return 0.0
    if not text.strip().isdecimal() or int(text) > FASTEST:
        raise wrong("Indiquez un nombre d'événements par seconde, ou rien.")
    return float(text)


class WhyForm(Form):
    """Why, and for which demand."""

    reason: Reason
    ticket: str = ""

    def why(self) -> acts.Why:
        return acts.Why(reason=self.reason, ticket=self.ticket.strip()[:60])


class JobForm(WhyForm):
    """What is to be done, to what, how fast."""

    kind: str = ""
    projection: str = ""
    person: str = ""
    since: str = ""
    limit: Annotated[float, BeforeValidator(_limit)] = 0
    again: str = ""


class SpeedForm(WhyForm):
    """How fast it should go from now on; nothing: as fast as it can."""

    limit: Annotated[float, BeforeValidator(_limit)] = 0


@router.get("")
async def show(visit: LookingVisit, service: str) -> Response:
    return await _page(visit, service, Typed())


@router.post("/travaux")
async def start(visit: OperatorVisit, posted: Posting, service: str) -> Response:
    form, typed = visit.read(JobForm, posted.fields)
    if form is None:
        return await _page(visit, service, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        wanted = acts.JobWanted(
            kind=Act(form.kind),
            projection=form.projection.strip(),
            person=form.person.strip(),
            since=form.since.strip(),
            limit=form.limit,
            again=bool(form.again),
        )
        job_id = await acts.start(desk_of(visit, posted, service), wanted, form.why())
    except (ValueError, ValidationError):
        refused = Refusal("kind", "Choisissez ce qu'il faut faire.")
        return await _page(visit, service, typed.refused(refused), HTTPStatus.UNPROCESSABLE_ENTITY)
    except channel.Refused as error:
        field = "projection" if error.code.startswith("projection") else "since"
        refused = Refusal(field, sentence(error.code))
        return await _page(visit, service, typed.refused(refused), HTTPStatus.UNPROCESSABLE_ENTITY)
    _remember(visit, posted)
    return await visit.go(f"/exploitation/{service}/travaux/{job_id}", notice="operation-ordered")


@router.get("/travaux/{job_id}")
async def job(visit: LookingVisit, service: str, job_id: str) -> Response:
    return await _job_page(visit, service, job_id, Typed())


@router.post("/travaux/{job_id}/throttle")
async def throttle(visit: OperatorVisit, posted: Posting, service: str, job_id: str) -> Response:
    form, typed = visit.read(SpeedForm, posted.fields)
    if form is None:
        return await _job_page(visit, service, job_id, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    await acts.throttle(desk_of(visit, posted, service), job_id, form.limit, form.why())
    return await visit.go(f"/exploitation/{service}/travaux/{job_id}", notice="operation-ordered")


@router.post("/travaux/{job_id}/{act}")
async def wish(visit: OperatorVisit, posted: Posting, service: str, job_id: str, act: str) -> Response:
    if act not in set(acts.WISHES):
        raise Rejected("decision-unknown")
    form, typed = visit.read(WhyForm, posted.fields)
    if form is None:
        return await _job_page(visit, service, job_id, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    await acts.wish(desk_of(visit, posted, service), job_id, Act(act), form.why())
    return await visit.go(f"/exploitation/{service}/travaux/{job_id}", notice="operation-ordered")


@router.post("/versions/{model}/{act}")
async def move(visit: OperatorVisit, posted: Posting, service: str, model: str, act: str) -> Response:
    moves = {Act.FLIP.value: (acts.flip, "flipped"), Act.ROLL_BACK.value: (acts.roll_back, "rolled-back")}
    if act not in moves:
        raise Rejected("decision-unknown")
    form, typed = visit.read(WhyForm, posted.fields)
    if form is None:
        return await _page(visit, service, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    do, notice = moves[act]
    moved = await do(desk_of(visit, posted, service), model, form.why())
    _remember(visit, posted)
    return await visit.go(f"/exploitation/{service}", notice=notice if moved else "unchanged")


async def _page(visit: Visit, service: str, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    known(visit, service)
    by = visit.by()
    view = await looking.one(visit.site.lines, by, service)
    jobs = await looking.jobs(visit.site.lines, by, service) if view.relay else ()
    await visit.shows_own(operations_done)
    done = await looking.done(visit.site.office, service)
    context = {"view": view, "jobs": jobs, "done": done, "typed": typed, "starts": STARTS}
    return await visit.page("operations/service.html", status=status, **context)


async def _job_page(visit: Visit, service: str, job_id: str, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    known(visit, service)
    found = await looking.job(visit.site.lines, visit.by(), service, job_id)
    return await visit.page("operations/job.html", status=status, service=service, job=found, typed=typed)


def known(visit: Visit, service: str) -> None:
    """There is such a service.

    Raises:
        Rejected: `service-unknown`.
    """
    if service not in visit.site.lines.channels:
        raise Rejected("service-unknown")


def desk_of(visit: Visit, posted: Posted, service: str) -> acts.Desk:
    """Where something is done to a service."""
    return acts.Desk(visit.site.office, visit.site.lines, visit.by(posted), service)


def _remember(visit: Visit, posted: Posted) -> None:
    """The list of what was done waits for what was just written."""
    visit.wrote(f"operation:{posted.command_id}")
