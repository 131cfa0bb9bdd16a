"""Every failure as a page; under /internal as a problem. What was typed is never echoed."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from services.console.pages.asking import SignInNeeded
from services.console.pages.site import Site
from services.console.pages.visit import Visit
from services.console.pages.words import sentence
from services.console.problems import PROBLEMS
from shared import problems
from shared.event_store import AppendError
from shared.kernel import Rejected
from shared.mongo import AutoReconnect, PyMongoError
from shared.sign_in.gates import TooMany
from shared.web import channel
from shared.web.csrf import CrossSite, FormExpired
from shared.web.last_word import Unexpected
from shared.web.limits import TooManyRequests
from shared.web.visits import bare_frame

OWN: Final = "/internal/"
TITLES: Final = {
    403: "Accès refusé",
    404: "Page introuvable",
    409: "Impossible pour le moment",
    422: "Demande incorrecte",
    429: "Patientez un instant",
    500: "Une erreur s'est produite",
    503: "Service indisponible",
}
_SAID: Final = {
    "cross-site": "Cette demande vient d'un autre site : elle n'a pas été prise en compte.",
    "form-expired": "Ce formulaire n'est plus valable. Rouvrez la page : rien n'a été envoyé ni modifié.",
    "not-found": "Cette page n'existe pas, ou plus.",
    "internal-error": "Rien ne permet de dire si la demande a été prise en compte : vérifiez avant de recommencer.",
    "request-invalid": "La demande contient des informations manquantes ou incorrectes.",
}


def install(app: FastAPI) -> None:
    """Let every error of this app be answered as a page, but for what other programs ask."""
    kinds: list[type[Exception]] = [CrossSite, FormExpired, HTTPException, RequestValidationError, TooManyRequests]
    kinds += [Rejected, problems.Refused, AppendError, channel.Refused, channel.ServiceDown]
    kinds += [AutoReconnect, PyMongoError, Exception]
    for kind in kinds:
        app.add_exception_handler(kind, _answer)
    app.add_exception_handler(SignInNeeded, _to_sign_in)
    app.user_middleware.append(Middleware(Unexpected, page=error_page))


def error_page(request: Request, status: int, code: str, **context: Any) -> Response:
    """The page of a status, within the frame of who is signed in."""
    request.state.problem = code
    site: Site = request.app.state.site
    known = status if status in TITLES else (404 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500)
    values = {"title": TITLES[known], "code": code, "text": _SAID.get(code) or sentence(code), **context}
    visit: Visit | None = getattr(request.state, "visit", None)
    if visit is not None:
        html = visit.render("error.html", {**values, "notice": None})
    else:
        html = site.templates.render("error.html", {**bare_frame(request), **values})
    return HTMLResponse(html, status, headers={"Retry-After": "30"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {})


async def _answer(request: Request, error: Exception) -> Response:
    if request.url.path.startswith(OWN):
        problem = PROBLEMS.of(error)
        request.state.problem = problem.code
        return problems.response(problem, error)
    return error_page(request, *status_and_code(error))


def status_and_code(error: Exception) -> tuple[int, str]:
    """How an error is answered."""
    match error:
        case CrossSite():
            return HTTPStatus.FORBIDDEN, "cross-site"
        case FormExpired():
            return HTTPStatus.FORBIDDEN, "form-expired"
        case TooManyRequests() | TooMany():
            return HTTPStatus.TOO_MANY_REQUESTS, "try-later"
        case channel.Refused(status=status, code=code):
            return status if status != HTTPStatus.UNAUTHORIZED else HTTPStatus.SERVICE_UNAVAILABLE, code
        case channel.ServiceDown() | PyMongoError():
            return HTTPStatus.SERVICE_UNAVAILABLE, "unavailable"
        case _:
            problem = PROBLEMS.of(error)
            return problem.status, problem.code


async def _to_sign_in(request: Request, _: Exception) -> Response:
    visit: Visit = request.state.visit
    gone = visit.session.ended or visit.session.lapsed
    return await visit.go("/connexion?session=finie" if gone else "/connexion")
