"""Every kind of error as a problem: right status, right code, and nothing of what the client sent."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import pytest
from fastapi import Body, FastAPI, Header, HTTPException, Query
from httpx import ASGITransport, AsyncClient, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

from shared.event_store.protocol import ClaimTaken, CommandReused, Conflict, StoreUnavailable
from shared.kernel import Rejected
from shared.mongo import AutoReconnect
from shared.problems import FieldError, Problem, ProblemCatalogue, Refused, install, response

CANARY = "Camille-Dupont-185057800608436"

CATALOGUE = ProblemCatalogue(
    statuses={"order-unknown": 404, "form-incomplete": 422},
    titles={"order-unknown": "Commande inconnue", "email-taken": "Adresse déjà utilisée"},
)


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=5, pattern="^[a-z]+$")]
    born: AwareDatetime | None = None
    parts: list[int] = []
    named: dict[str, int] = {}
    pet: Annotated[Cat | Dog, Field(discriminator="kind")] | None = None
    checked: str = ""

    @field_validator("checked")
    @classmethod
    def _check(cls, value: str) -> str:
        if value:
            raise ValueError(f"not {value}")
        return value


def client_for(app: FastAPI) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app, raise_app_exceptions=False), base_url="http://test")


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI(telemetry={"tracing": False, "metrics": False, "logs": False})
    install(app, CATALOGUE)

    @app.post("/forms")
    async def post(form: Form) -> None: ...

    @app.get("/search")
    async def search(limit: Annotated[int, Query()], x_page: Annotated[int, Header()] = 0) -> None: ...

    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with client_for(app) as client:
        yield client


async def answer_to(app: FastAPI, error: Exception) -> Response:
    @app.get(f"/{id(error)}")
    async def fails() -> None:
        raise error

    async with client_for(app) as client:
        return await client.get(f"/{id(error)}")


CASES = [
    pytest.param(Rejected("already-reported"), 409, "already-reported", id="a refusal without a status is 409"),
    pytest.param(Rejected("order-unknown"), 404, "order-unknown", id="a refusal with a status of its own"),
    pytest.param(Refused("token-missing"), 401, "token-missing", id="no token"),
    pytest.param(Refused("issuer-refused"), 403, "issuer-refused", id="wrong edge"),
    pytest.param(Conflict(CANARY), 409, "conflict", id="lost race"),
    pytest.param(CommandReused(CANARY), 422, "command-reused", id="command id reused"),
    pytest.param(ClaimTaken("email"), 409, "email-taken", id="claim taken"),
    pytest.param(StoreUnavailable(CANARY), 503, "unavailable", id="store unavailable"),
    pytest.param(AutoReconnect(CANARY), 503, "unavailable", id="database unreachable"),
    pytest.param(HTTPException(404, CANARY), 404, "not-found", id="not found"),
    pytest.param(HTTPException(418, CANARY), 418, "http-418", id="a status without a code"),
    pytest.param(RuntimeError(CANARY), 500, "internal-error", id="anything else"),
]


@pytest.mark.parametrize(("error", "status", "code"), CASES)
async def test_each_error_is_a_problem_with_its_status_and_code(
    app: FastAPI, error: Exception, status: int, code: str
) -> None:
    answer = await answer_to(app, error)
    problem = Problem.model_validate_json(answer.text)
    assert answer.status_code == problem.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem.type, problem.code) == (f"urn:problem:{code}", code)
    assert problem.title
    assert CANARY not in answer.text + str(answer.headers)


def test_the_title_is_the_services_then_ours_then_the_statuss() -> None:
    assert CATALOGUE.of(Rejected("order-unknown")).title == "Commande inconnue"
    assert CATALOGUE.of(ClaimTaken("email")).title == "Adresse déjà utilisée"
    assert CATALOGUE.of(Conflict()).title == "La situation a changé entre-temps, veuillez recommencer"
    assert CATALOGUE.of(Rejected("whatever")).title == "Conflict"


async def test_unavailable_says_when_to_come_back(app: FastAPI) -> None:
    assert int((await answer_to(app, StoreUnavailable())).headers["retry-after"]) > 0
    assert "retry-after" not in (await answer_to(app, Conflict())).headers


async def test_unauthorized_says_how_to_authenticate(app: FastAPI) -> None:
    assert (await answer_to(app, Refused("token-invalid"))).headers["www-authenticate"] == "Bearer"


async def test_headers_of_an_http_exception_are_kept(client: AsyncClient) -> None:
    answer = await client.get("/forms")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert answer.json()["code"] == "method-not-allowed"


async def test_an_unknown_path_is_a_problem(client: AsyncClient) -> None:
    answer = await client.get(f"/{CANARY}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert CANARY not in answer.text


INVALID: list[Any] = [
    pytest.param({"name": CANARY}, "#/name", "string_too_long", id="too long"),
    pytest.param({"name": "A1"}, "#/name", "string_pattern_mismatch", id="pattern"),
    pytest.param({}, "#/name", "missing", id="missing"),
    pytest.param({"name": "a", CANARY: 1}, "#", "extra_forbidden", id="unknown field"),
    pytest.param({"name": "a", "born": CANARY}, "#/born", "datetime_from_date_parsing", id="date"),
    pytest.param({"name": "a", "parts": [1, CANARY]}, "#/parts/1", "int_parsing", id="inside a list"),
    pytest.param({"name": "a", "named": {CANARY: "x"}}, None, "int_parsing", id="under a key of the client"),
    pytest.param({"name": "a", "pet": {"kind": CANARY}}, "#/pet", "union_tag_invalid", id="tag of a union"),
    pytest.param({"name": "a", "checked": CANARY}, "#/checked", "value_error", id="message of a validator"),
]


@pytest.mark.parametrize(("body", "pointer", "code"), INVALID)
async def test_a_refused_body_points_at_the_field_and_echoes_nothing(
    client: AsyncClient, body: dict[str, Any], pointer: str | None, code: str
) -> None:
    answer = await client.post("/forms", json=body)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["code"] == code
    assert error["message"]
    assert pointer is None or error["pointer"] == pointer
    assert CANARY not in answer.text
    assert "185057800608436" not in answer.text


async def test_a_body_that_is_no_json_is_not_echoed(client: AsyncClient) -> None:
    answer = await client.post("/forms", content=f'{{"name": {CANARY}', headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "json_invalid"
    assert CANARY not in answer.text


async def test_a_refused_parameter_is_named(client: AsyncClient) -> None:
    answer = await client.get("/search", params={"limit": CANARY}, headers={"x-page": CANARY})
    assert {error["field"] for error in answer.json()["errors"]} == {"query.limit", "header.x-page"}
    assert CANARY not in answer.text


async def test_a_pointer_escapes_what_json_pointers_escape(app: FastAPI) -> None:
    @app.put("/odd")
    async def odd(values: Annotated[dict[str, int], Body()]) -> None: ...

    async with client_for(app) as client:
        answer = await client.put("/odd", json={"a/b~c": "x"})
    assert answer.json()["errors"][0]["pointer"] == "#/a~1b~0c"


def test_empty_parts_are_left_out() -> None:
    body = json.loads(bytes(response(CATALOGUE.problem("conflict")).body))
    assert set(body) == {"type", "title", "status", "code", "errors"}
    assert FieldError(pointer="#/a", code="c", message="m") != FieldError(field="a", code="c", message="m")
