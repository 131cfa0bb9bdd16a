"""« Expliquer » and « Flux »: which events made a document, what the log holds; values after a recorded look alone."""

import datetime as dt
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from services.console.acts import looking, reading
from services.console.acts.finding import household
from services.console.domain.words import Purpose, Role
from services.console.pages.asking import LookingVisit, Posting, roles
from services.console.pages.replays import WhyForm, known
from services.console.pages.visit import Visit
from services.console.pages.words import refusing
from shared.web import channel
from shared.web.forms import Refusal, Typed
from shared.web.french import PARIS

router = APIRouter(prefix="/exploitation")
Unmasking = Annotated[Visit, roles(Role.SUPERVISOR, Role.AUDITOR)]
KINDS: Final = {"stream": "Flux", "person": "Personne", "correlation": "Corrélation", "after": "Depuis une position"}
PURPOSES: Final = {Role.SUPERVISOR: Purpose.INCIDENT, Role.AUDITOR: Purpose.AUDIT}


class UnmaskForm(WhyForm):
    """Whose values, and where they were asked for."""

    service: str = ""
    modele: str = ""
    cle: str = ""


@router.get("/expliquer")
async def explain(visit: LookingVisit, service: str = "", modele: str = "", cle: str = "", le: str = "") -> Response:
    typed = Typed({"service": service, "modele": modele.strip(), "cle": cle.strip(), "le": le})
    return await _explained(visit, typed)


@router.post("/valeurs")
async def unmask(visit: Unmasking, posted: Posting) -> Response:
    form, typed = visit.read(UnmaskForm, posted.fields)
    if form is None:
        return await _explained(visit, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    by = visit.by(posted)
    why = reading.Why(purpose=PURPOSES[by.role], **form.why().model_dump())
    await reading.unmask(visit.site.office, by, form.cle.strip(), why, household(visit.site.lines))
    query = urlencode({"service": form.service, "modele": form.modele.strip(), "cle": form.cle.strip()})
    return await visit.go(f"/exploitation/expliquer?{query}", notice="values-shown")


@router.get("/flux")
async def browse(visit: LookingVisit, service: str = "", par: str = "after", nom: str = "0") -> Response:
    typed = Typed({"service": service, "par": par, "nom": nom.strip()})
    if not service:
        return await _streams(visit, typed)
    if par not in KINDS or (par == "after" and not typed.value("nom").isdecimal()):
        typed = typed.refused(Refusal("nom", "Indiquez une position, ou choisissez une autre recherche."))
        return await _streams(visit, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    known(visit, service)
    found = await looking.facts(visit.site.lines, visit.by(), service, par, typed.value("nom"))
    return await _streams(visit, typed, found)


async def _explained(visit: Visit, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    found, values, until = None, False, None
    service, model, key = (typed.value(name) for name in ("service", "modele", "cle"))
    if service and model and key:
        known(visit, service)
        try:
            until = _instant(typed.value("le"))
            office, lines = visit.site.office, visit.site.lines
            found, values = await looking.explain(office, lines, visit.by(), service, model, key, until)
        except ValueError:
            typed = typed.refused(Refusal("le", "Cette date n'existe pas : 2026-11-24T14:02, heure de Paris."))
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        except channel.Refused as error:
            typed = refusing(typed, "modele", error.code)
            status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "typed": typed,
        "found": found,
        "values": values,
        "until": until,
        "services": list(visit.site.lines.channels),
    }
    return await visit.page("operations/explain.html", status=status, **context)


async def _streams(visit: Visit, typed: Typed, found: object = None, status: int = HTTPStatus.OK) -> Response:
    context = {"typed": typed, "facts": found, "kinds": KINDS, "services": list(visit.site.lines.channels)}
    return await visit.page("operations/streams.html", status=status, **context)


def _instant(text: str) -> dt.datetime | None:
    if not text:
        return None
    found = dt.datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=PARIS)).astimezone(dt.UTC)
