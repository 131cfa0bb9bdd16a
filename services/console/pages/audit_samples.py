"""« Échantillons »: drawn at random so that anybody can draw them again, noted one by one, taken away as a paper."""

import asyncio
import hashlib
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Response

from services.console.acts import sampling
from services.console.domain.samples import PaperForm
from services.console.pages.asking import AuditorVisit, Posting
from services.console.pages.audit_forms import CloseForm, DrawForm, NoteForm
from services.console.pages.audit_papers import MEDIA_TYPES, paper
from services.console.pages.audit_words import KINDS, MESSAGE_STATES, STATES
from services.console.pages.visit import Visit
from services.console.pages.words import refusing
from services.console.read_models.samples import findings, samples
from shared.kernel import Rejected
from shared.lifecycles.draws import listing
from shared.web import channel
from shared.web.forms import Typed

UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
BASE: Final = "/controle/echantillons"
FIELDS: Final = {"population-empty": "kind", "sample-size-invalid": "size"}
router = APIRouter(prefix=BASE)


@router.get("")
async def listed(visit: AuditorVisit) -> Response:
    return await _listed(visit, Typed())


@router.post("")
async def draw(visit: AuditorVisit, posted: Posting) -> Response:
    form, typed = visit.read(DrawForm, posted.fields)
    if form is None:
        return await _listed(visit, typed, UNPROCESSABLE)
    service = form.kind.partition("/")[0]
    wanted = sampling.ToDraw(service=service, wanted=form.wanted(), size=form.size, seed=form.seed)
    office, lines, why = visit.site.office, visit.site.lines, form.why()
    try:
        sample_id = await sampling.draw(office, lines, visit.by(posted), wanted, why.reason, why.ticket)
    except (Rejected, channel.Refused) as refused:
        return await _listed(visit, refusing(typed, FIELDS.get(refused.code, "kind"), refused.code), UNPROCESSABLE)
    visit.wrote(f"sample:{sample_id}")
    return await visit.go(f"{BASE}/{sample_id}", notice="sample-drawn")


@router.get("/{sample_id}")
async def show(visit: AuditorVisit, sample_id: str) -> Response:
    return await _show(visit, sample_id, Typed())


@router.post("/{sample_id}/constat")
async def note(visit: AuditorVisit, posted: Posting, sample_id: str) -> Response:
    form, typed = visit.read(NoteForm, posted.fields)
    if form is None:
        return await _show(visit, sample_id, typed, UNPROCESSABLE)
    try:
        answer = await sampling.note(
            visit.site.office, visit.by(posted), sample_id, form.item, form.verdict, form.note.strip()
        )
    except Rejected as refused:
        return await _show(visit, sample_id, refusing(typed, "", refused.code), UNPROCESSABLE)
    visit.wrote(answer.stream, answer.version)
    return await visit.go(f"{BASE}/{sample_id}", notice="finding-noted")


@router.post("/{sample_id}/cloture")
async def close(visit: AuditorVisit, posted: Posting, sample_id: str) -> Response:
    form, typed = visit.read(CloseForm, posted.fields)
    if form is None:
        return await _show(visit, sample_id, typed, UNPROCESSABLE)
    try:
        answer = await sampling.close(visit.site.office, visit.by(posted), sample_id, form.reason)
    except Rejected as refused:
        return await _show(visit, sample_id, refusing(typed, "reason", refused.code), UNPROCESSABLE)
    visit.wrote(answer.stream, answer.version)
    return await visit.go(f"{BASE}/{sample_id}", notice="sample-closed")


@router.post("/{sample_id}/verification")
async def again(visit: AuditorVisit, posted: Posting, sample_id: str) -> Response:
    """Draw the same again, from the log as it was then."""
    by = visit.by(posted)
    whole = await sampling.shown(visit.site.office, by, sample_id)
    same = await sampling.again(visit.site.lines, by, whole.sample)
    return await visit.go(f"{BASE}/{sample_id}", notice="draw-same" if same else "draw-other")


@router.post("/{sample_id}/population")
async def population(visit: AuditorVisit, posted: Posting, sample_id: str) -> Response:
    by = visit.by(posted)
    whole = await sampling.shown(visit.site.office, by, sample_id)
    ids = await sampling.population(visit.site.lines, by, whole.sample)
    return await _file(visit, listing(ids), f"population-{sample_id}.txt", "text/plain; charset=utf-8")


@router.post("/{sample_id}/papier/{form}")
async def export(visit: AuditorVisit, posted: Posting, sample_id: str, form: PaperForm) -> Response:
    """The working paper; that it goes out is recorded first."""
    by = visit.by(posted)
    await visit.shows_own(samples, findings)
    whole = await sampling.shown(visit.site.office, by, sample_id)
    content = await asyncio.to_thread(paper, whole, form, visit.site.clock.now())
    await sampling.exported(visit.site.office, by, sample_id, form, hashlib.sha256(content).hexdigest())
    return await _file(visit, content, f"papier-de-travail-{sample_id}.{form}", MEDIA_TYPES[form])


async def _listed(visit: Visit, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    await visit.shows_own(samples, findings)
    found = await sampling.listed(visit.site.office, visit.by())
    context = {"samples": found, "typed": typed, "dates": DrawForm.DATES, "kinds_to_draw": KINDS}
    states = {"Cartes et commandes": STATES, "Messages": MESSAGE_STATES}
    return await visit.page("audit/samples.html", status=status, groups_of_states=states, **context)


async def _show(visit: Visit, sample_id: str, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    await visit.shows_own(samples, findings)
    whole = await sampling.shown(visit.site.office, visit.by(), sample_id)
    return await visit.page("audit/sample.html", status=status, whole=whole, typed=typed)


async def _file(visit: Visit, content: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return await visit.answer(Response(content, media_type=media_type, headers=headers))
