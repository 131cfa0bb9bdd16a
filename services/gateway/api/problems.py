"""What a call is refused with: the code of the service or of this edge, as RFC 9457 says it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.middleware import Middleware

from services.gateway.api.preconditions import NotModified
from services.gateway.pages.asking import EmailPending, ErasureWaits, SignInNeeded, TermsDue, Works
from shared import problems
from shared.mongo import PyMongoError
from shared.problems import Problem, ProblemCatalogue
from shared.web.channel import Refused, ServiceDown
from shared.web.last_word import Unexpected
from shared.web.limits import TooManyRequests

CATALOGUE: Final = ProblemCatalogue(
    statuses={
        "idempotency-key-missing": 400,
        "idempotency-key-invalid": 400,
        "request-in-flight": 409,
        "precondition-required": 428,
        "precondition-failed": 412,
        "cursor-unknown": 400,
        "email-pending": 403,
        "terms-due": 403,
        "erasure-waits": 403,
        "too-many": 429,
        "service-down": 503,
        "works": 503,
    },
    titles={
        "idempotency-key-missing": "L'en-tête Idempotency-Key manque",
        "idempotency-key-invalid": "L'en-tête Idempotency-Key n'est pas un UUID",
        "request-in-flight": "Cette même demande est en cours de traitement",
        "precondition-required": "L'en-tête If-Match manque : lisez d'abord ce que vous voulez changer",
        "precondition-failed": "Ce que vous voulez changer a changé entre-temps",
        "cursor-unknown": "Cette suite de liste n'existe plus : reprenez au début",
        "email-pending": "L'adresse e-mail du compte n'est pas encore confirmée",
        "terms-due": "De nouvelles conditions sont à accepter sur le site",
        "erasure-waits": "L'effacement du compte est demandé : il ne reste qu'à l'annuler",
        "too-many": "Trop de demandes pour le moment",
        "service-down": "Le service est momentanément indisponible",
        "works": "Le site est fermé pour maintenance",
    },
)
SECONDS: Final = 30
_NAMED: Final[Mapping[type[Exception], str]] = {
    SignInNeeded: "token-invalid",
    EmailPending: "email-pending",
    TermsDue: "terms-due",
    ErasureWaits: "erasure-waits",
    ServiceDown: "service-down",
    Works: "works",
    PyMongoError: "service-down",
}


def install(api: FastAPI) -> None:
    """Let every error of the interface be answered as a problem."""
    problems.install(api, CATALOGUE)
    for kind in (*_NAMED, Refused, TooManyRequests):
        api.add_exception_handler(kind, _answer)
    api.add_exception_handler(NotModified, _not_modified)
    api.user_middleware.append(Middleware(Unexpected, page=_unexpected))


async def _answer(request: Request, error: Exception) -> Response:
    match error:
        case Refused(status=401, code=code) if code != "step-up-required":
            return _response(request, CATALOGUE.problem("service-down"), SECONDS)  # ours is doubted, not the caller's
        case Refused(status=status, code=code, title=title, retry_after=seconds):
            return _response(request, _named(CATALOGUE.problem(code, status=status), title), seconds)
        case TooManyRequests(seconds=seconds):
            return _response(request, CATALOGUE.problem("too-many"), seconds)
        case _:
            code = next(code for kind, code in _NAMED.items() if isinstance(error, kind))
            return _response(request, CATALOGUE.problem(code), SECONDS if code in {"service-down", "works"} else 0)


async def _not_modified(_: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": error.tag})


def _named(problem: Problem, title: str) -> Problem:
    return problem.model_copy(update={"title": title}) if title else problem


def _response(request: Request, problem: Problem, retry_after: int = 0) -> Response:
    request.state.problem = problem.code
    answer = problems.response(problem)
    if retry_after:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


def _unexpected(request: Request, status: int, code: str) -> Response:
    return _response(request, CATALOGUE.problem(code, status=status))
