"""Errors as RFC 9457 problems: one table from stable codes to status and title. What a client sent is never echoed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from opentelemetry import trace
from starlette.exceptions import HTTPException

from shared.event_store.protocol import AppendError, ClaimTaken, CommandReused, Conflict, StoreUnavailable
from shared.kernel import Rejected, Value
from shared.mongo import AutoReconnect
from shared.redaction import redact_text

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 2

_STATUSES: Final[Mapping[str, int]] = {
    "request-invalid": 422,
    "conflict": 409,
    "command-reused": 422,
    "unavailable": 503,
    "internal-error": 500,
    "token-missing": 401,
    "token-invalid": 401,
    "step-up-required": 401,
    "issuer-refused": 403,
    "member-required": 403,
    "not-found": 404,
    "work-unknown": 404,
    "log-not-signed": 409,
    "decision-unknown": 422,
    "decision-fields-invalid": 422,
    "method-not-allowed": 405,
    "payload-too-large": 413,
}
_TITLES: Final[Mapping[str, str]] = {
    "request-invalid": "La demande contient des informations manquantes ou incorrectes",
    "conflict": "La situation a changé entre-temps, veuillez recommencer",
    "command-reused": "Cet identifiant de demande a déjà servi à une autre demande",
    "unavailable": "Le service est momentanément indisponible",
    "internal-error": "Une erreur inattendue s'est produite",
    "token-missing": "Authentification requise",
    "token-invalid": "Authentification refusée",
    "step-up-required": "Confirmez d'abord que c'est vous",
    "issuer-refused": "Accès refusé",
    "member-required": "Accès refusé",
    "not-found": "Ressource introuvable",
    "log-not-signed": "Ce journal n'a pas encore de point de contrôle signé",
    "work-unknown": "Cette tâche n'est plus à traiter",
    "decision-unknown": "Cette décision n'est pas possible ici",
    "decision-fields-invalid": "Il manque une précision à cette décision, ou elle n'est pas possible ici",
    "method-not-allowed": "Méthode non autorisée",
    "payload-too-large": "La demande est trop volumineuse",
}
_CHALLENGES: Final = {
    "step-up-required": 'Bearer error="insufficient_user_authentication", acr_values="step-up", max_age=600',
}
_BY_STATUS: Final = {404: "not-found", 405: "method-not-allowed", 413: "payload-too-large"}
_CODES: Final[Sequence[tuple[type[Exception], str]]] = (
    (Conflict, "conflict"),
    (CommandReused, "command-reused"),
    (StoreUnavailable, "unavailable"),
    (AutoReconnect, "unavailable"),
)
_MESSAGES: Final[Mapping[str, str]] = {
    "missing": "Champ obligatoire",
    "extra_forbidden": "Champ inconnu",
    "json_invalid": "JSON illisible",
    "string_too_short": "Valeur trop courte",
    "string_too_long": "Valeur trop longue",
    "string_pattern_mismatch": "Format incorrect",
}


class FieldError(Value):
    """One field refused: a JSON pointer into the body, or the name of a parameter."""

    pointer: str | None = None
    field: str | None = None
    code: str
    message: str


class Problem(Value):
    """The body of every answer that is an error."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    instance: str | None = None
    trace_id: str | None = None
    errors: tuple[FieldError, ...] = ()


class Refused(Exception):  # noqa: N818 - an answer, like Rejected, but of the HTTP side
    """Not this caller, or not this way: nothing that a domain decides."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class ProblemCatalogue:
    """A service's own codes. A code without a status is a refusal of the domain: 409."""

    statuses: Mapping[str, int] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def problem(self, code: str, *, status: int | None = None, errors: Sequence[FieldError] = ()) -> Problem:
        """The problem of this code, with the trace it happened in."""
        chosen = status or self.statuses.get(code) or _STATUSES.get(code) or HTTPStatus.CONFLICT.value
        context = trace.get_current_span().get_span_context()
        return Problem(
            type=f"urn:problem:{code}",
            title=self.titles.get(code) or _TITLES.get(code) or HTTPStatus(chosen).phrase,
            status=chosen,
            code=code,
            trace_id=trace.format_trace_id(context.trace_id) if context.is_valid else None,
            errors=tuple(errors),
        )

    def of(self, error: Exception) -> Problem:
        """The problem that an exception answers as: its code where it has one, never its message."""
        match error:
            case Rejected(code=code) | Refused(code=code):
                return self.problem(code)
            case ClaimTaken(kind=kind):
                return self.problem(f"{kind}-taken", status=HTTPStatus.CONFLICT)
            case RequestValidationError():
                return self.problem("request-invalid", errors=[_field_error(found) for found in error.errors()])
            case HTTPException(status_code=status):
                return self.problem(_BY_STATUS.get(status, f"http-{status}"), status=status)
            case _:
                return self.problem(next((code for kind, code in _CODES if isinstance(error, kind)), "internal-error"))


def response(problem: Problem, error: Exception | None = None) -> Response:
    """The problem as an answer, with the headers that its status asks for."""
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = _CHALLENGES.get(problem.code, "Bearer")
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_SECONDS)
    body = problem.model_dump_json(exclude_none=True)
    return Response(body, status_code=problem.status, headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI, catalogue: ProblemCatalogue) -> None:
    """Let every error of this app be answered as a problem."""

    async def answer(request: Request, error: Exception) -> Response:
        problem = catalogue.of(error)
        request.state.problem = problem.code
        return response(problem, error)

    for kind in (Rejected, Refused, AppendError, AutoReconnect, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, answer)


def openapi_responses() -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of every route's errors."""
    schema = Problem.model_json_schema()
    schema["properties"]["errors"]["items"] = schema.pop("$defs")["FieldError"]
    return {"default": {"description": "Problem (RFC 9457)", "content": {MEDIA_TYPE: {"schema": schema}}}}


def _field_error(found: Mapping[str, Any]) -> FieldError:
    code = str(found["type"])
    where, *path = found["loc"]
    if code == "extra_forbidden":  # the name is the client's own text
        path = path[:-1]
    steps = [redact_text(str(step)).replace("~", "~0").replace("/", "~1") for step in path]
    message = _MESSAGES.get(code, "Valeur incorrecte")
    if where == "body":
        return FieldError(pointer="/".join(["#", *steps]), code=code, message=message)
    return FieldError(field=".".join([str(where), *steps]), code=code, message=message)
