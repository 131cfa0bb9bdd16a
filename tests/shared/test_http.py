"""The app that every service starts from: probes, one span, one line and one number per request, and a real server."""

import asyncio
import json
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import PlainTextResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from httpx import ASGITransport, AsyncClient, ConnectError
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY
from pydantic import BaseModel

from shared.http import ServerFailed, create_app, serve
from shared.kernel import Rejected
from shared.problems import ProblemCatalogue
from shared.telemetry import configure, span, traceparent
from tests.shared.configured import as_before

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
CANARY = "185057800608436"


class Form(BaseModel):
    name: str


def cards() -> APIRouter:
    router = APIRouter(prefix="/cards")

    @router.get("/{card_id}")
    async def card(card_id: str, request: Request) -> dict[str, str | None]:
        with span("inside"):
            bound = structlog.contextvars.get_contextvars()
            return {
                "correlation": request.state.correlation_id,
                "bound": bound["correlation_id"],
                "trace": traceparent(),
            }

    @router.post("/{card_id}/forms")
    async def post(card_id: str, form: Form) -> str:
        return form.name

    @router.post("/{card_id}/raw")
    async def raw(card_id: str, request: Request) -> int:
        return len(await request.body())

    @router.post("/{card_id}/refused")
    async def refused(card_id: str) -> None:
        raise Rejected("already-reported")

    @router.get("/{card_id}/broken")
    async def broken(card_id: str) -> None:
        raise RuntimeError(f"Dupont {card_id}")

    @router.get("/{card_id}/half")
    async def half(card_id: str) -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"first"
            raise RuntimeError("Dupont")

        return StreamingResponse(parts())

    @router.get("/{card_id}/cached")
    async def cached(card_id: str) -> PlainTextResponse:
        return PlainTextResponse("x", headers={"Cache-Control": "max-age=60"})

    @router.get("/{card_id}/slow")
    async def slow(card_id: str) -> None:
        await asyncio.sleep(30)

    return router


def ops() -> APIRouter:
    outer, inner = APIRouter(), APIRouter(prefix="/lag")

    @inner.get("/{name}")
    async def lag(name: str) -> str:
        return "0"

    outer.include_router(inner, prefix="/internal/ops")
    return outer


class Readiness:
    def __init__(self) -> None:
        self.checks = {"mongo": True, "kafka": True}

    async def __call__(self) -> dict[str, bool]:
        return self.checks


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    with as_before():
        yield


class Written:
    def __init__(self, capsys: pytest.CaptureFixture[str], trace_file: Path) -> None:
        self._capsys = capsys
        self._trace_file = trace_file

    def spans(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._trace_file.read_text().splitlines()]

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._capsys.readouterr().out.splitlines()]

    def server_span(self) -> dict[str, Any]:
        (found,) = (line for line in self.spans() if line["kind"] == "server")
        return found

    def access_line(self) -> dict[str, Any]:
        (found,) = (line for line in self.lines() if line["event"] == "request")
        return found


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Written:
    configure("cards", trace_file=tmp_path / "spans.jsonl")
    return Written(capsys, tmp_path / "spans.jsonl")


@pytest.fixture
def readiness() -> Readiness:
    return Readiness()


@pytest.fixture
def app(readiness: Readiness) -> FastAPI:
    return create_app(
        "cards",
        catalogue=ProblemCatalogue(),
        routers=[cards(), ops()],
        lifespan=None,
        readiness=readiness,
        max_body=1000,
    )


@pytest.fixture
async def client(app: FastAPI, written: Written) -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_alive_without_asking_anybody(client: AsyncClient, readiness: Readiness) -> None:
    readiness.checks["mongo"] = False
    assert (await client.get("/livez")).status_code == 200


async def test_ready_when_all_are_and_otherwise_who_is_not(client: AsyncClient, readiness: Readiness) -> None:
    assert (await client.get("/readyz")).status_code == 200
    readiness.checks["mongo"] = False
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["waiting_for"]) == (503, ["mongo"])


async def test_a_readiness_that_fails_is_not_ready_and_says_no_message(app: FastAPI, written: Written) -> None:
    async def fail() -> dict[str, bool]:
        raise RuntimeError("Dupont")

    app = create_app("cards", catalogue=ProblemCatalogue(), routers=[], lifespan=None, readiness=fail)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["waiting_for"]) == (503, ["readiness"])
    assert "Dupont" not in answer.text + json.dumps(written.lines())


async def test_probes_leave_no_span_and_no_line(client: AsyncClient, written: Written) -> None:
    for path in ("/livez", "/readyz", "/metrics"):
        await client.get(path)
    assert written.spans() == []
    assert written.lines() == []


async def test_metrics_count_requests_by_template(client: AsyncClient) -> None:
    labels = {"service": "cards", "route": "/cards/{card_id}", "method": "GET", "status": "200"}
    before = REGISTRY.get_sample_value("http_server_request_seconds_count", labels) or 0
    await client.get(f"/cards/{CANARY}")
    assert REGISTRY.get_sample_value("http_server_request_seconds_count", labels) == before + 1
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'route="/cards/{card_id}"' in answer.text
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", f"/cards/{CANARY}?who=Dupont", "/cards/{card_id}", 200),
        ("GET", f"/internal/ops/lag/{CANARY}", "/internal/ops/lag/{name}", 200),
        ("DELETE", f"/cards/{CANARY}", "/cards/{card_id}", 405),
        ("GET", f"/nowhere/{CANARY}", "/*", 404),
    ],
)
async def test_one_span_and_one_line_with_the_template_never_the_path(
    client: AsyncClient, written: Written, method: str, path: str, route: str, status: int
) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == status
    line, server = written.access_line(), written.server_span()
    assert (line["route"], line["method"], line["status"]) == (route, method, status)
    assert line["ms"] >= 0
    assert line["correlation_id"] == answer.headers["x-correlation-id"]
    assert (line["trace_id"], line["span_id"]) == (server["trace_id"], server["span_id"])
    assert server["name"] == f"{method} {route}"
    assert server["attributes"] == {
        "http.route": route,
        "http.request.method": method,
        "http.response.status_code": status,
    }
    assert CANARY not in json.dumps([line, server])
    assert "Dupont" not in json.dumps([line, server])


async def test_mounted_files_are_one_route(app: FastAPI, client: AsyncClient, written: Written, tmp_path: Path) -> None:
    (tmp_path / "site.css").write_text("a{}")
    app.mount("/static", StaticFiles(directory=tmp_path))
    assert (await client.get("/static/site.css")).status_code == 200
    assert written.access_line()["route"] == "/static/*"


async def test_a_method_that_nobody_knows_does_not_become_a_label(client: AsyncClient, written: Written) -> None:
    await client.request("DUPONT", "/cards/1")
    assert written.access_line()["method"] == "OTHER"


async def test_fastapis_own_telemetry_adds_no_span(
    client: AsyncClient, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(theirs))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    await client.get("/cards/1")
    assert [line["name"] for line in written.spans()] == ["inside", "GET /cards/{card_id}"]
    assert theirs.get_finished_spans() == ()
    plain = FastAPI()  # the same check sees the spans of an app that leaves it on
    async with AsyncClient(transport=ASGITransport(plain), base_url="http://test") as other:
        await other.get("/x")
    assert theirs.get_finished_spans()
    provider.shutdown()


async def test_the_callers_trace_goes_on(client: AsyncClient, written: Written) -> None:
    answer = await client.get("/cards/1", headers={"traceparent": PARENT})
    server = written.server_span()
    assert (server["trace_id"], server["parent_id"]) == ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
    assert answer.json()["trace"].split("-")[1] == server["trace_id"]


async def test_at_the_edge_strangers_choose_neither_trace_nor_correlation() -> None:
    async def ready() -> dict[str, bool]:
        return {}

    app = create_app("edge", catalogue=ProblemCatalogue(), routers=[cards()], lifespan=None, readiness=ready, edge=True)
    chosen = str(uuid.uuid4())
    async with AsyncClient(transport=ASGITransport(app), base_url="http://edge") as visitor:
        answer = await visitor.get("/cards/1", headers={"traceparent": PARENT, "X-Correlation-Id": chosen})
    assert answer.json()["correlation"] != chosen
    assert PARENT.split("-")[1] not in (answer.json()["trace"] or "")


async def test_a_bad_traceparent_begins_a_new_trace(client: AsyncClient, written: Written) -> None:
    assert (await client.get("/cards/1", headers={"traceparent": CANARY})).status_code == 200
    assert written.server_span()["parent_id"] is None


async def test_the_callers_correlation_id_is_kept_bound_and_returned(client: AsyncClient) -> None:
    wanted = str(uuid.uuid4())
    answer = await client.get("/cards/1", headers={"X-Correlation-Id": wanted.upper()})
    assert answer.headers["x-correlation-id"] == wanted
    assert answer.json()["correlation"] == answer.json()["bound"] == wanted


@pytest.mark.parametrize("header", [{}, {"X-Correlation-Id": CANARY}, {"X-Correlation-Id": ""}])
async def test_otherwise_one_is_made(client: AsyncClient, header: dict[str, str]) -> None:
    first, second = [(await client.get("/cards/1", headers=header)).headers["x-correlation-id"] for _ in range(2)]
    assert uuid.UUID(first) != uuid.UUID(second)
    assert "correlation_id" not in structlog.contextvars.get_contextvars()


async def test_nothing_is_stored_by_default(client: AsyncClient) -> None:
    answer = await client.get("/cards/1")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await client.get("/cards/1/cached")).headers["cache-control"] == "max-age=60"


async def test_a_refusal_is_a_problem_with_trace_and_correlation(client: AsyncClient, written: Written) -> None:
    answer = await client.post(f"/cards/{CANARY}/refused")
    assert (answer.status_code, answer.json()["code"]) == (409, "already-reported")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    line, server = written.access_line(), written.server_span()
    assert (line["problem"], line["correlation_id"]) == ("already-reported", answer.headers["x-correlation-id"])
    assert answer.json()["trace_id"] == server["trace_id"]
    assert server["status"] == "unset"


async def test_an_unexpected_error_is_a_problem_without_message_and_a_line_with_the_frames(
    client: AsyncClient, written: Written
) -> None:
    answer = await client.get(f"/cards/{CANARY}/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    server, lines = written.server_span(), written.lines()
    assert (server["status"], server["attributes"]["error.type"]) == ("error", "RuntimeError")
    unhandled, access = lines
    assert unhandled["exception"][0]["class"] == "RuntimeError"
    assert unhandled["exception"][0]["frames"][-1].endswith(":broken")
    assert (access["status"], access["problem"]) == (500, "internal-error")
    assert "Dupont" not in answer.text + json.dumps([server, lines])
    assert CANARY not in answer.text + json.dumps([server, lines])


async def test_an_error_after_the_answer_began_is_logged_and_cuts_the_answer(
    client: AsyncClient, written: Written
) -> None:
    await client.get("/cards/1/half")
    assert written.server_span()["attributes"]["error.type"] == "RuntimeError"
    assert [line["event"] for line in written.lines()] == ["unhandled", "request"]


async def test_a_client_that_leaves_is_counted_as_such(client: AsyncClient, written: Written) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.get("/cards/1/slow"), 0.05)
    assert written.access_line()["status"] == 499


@pytest.mark.parametrize("path", ["/cards/1/raw", "/cards/1/forms"])
async def test_a_body_that_says_it_is_too_large_is_refused(client: AsyncClient, path: str) -> None:
    answer = await client.post(path, content=json.dumps({"name": "x" * 1000}))
    assert (answer.status_code, answer.json()["code"]) == (413, "payload-too-large")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/cards/1/raw", "/cards/1/forms"])
async def test_a_body_that_turns_out_too_large_is_refused(client: AsyncClient, path: str) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b'{"name":"'
        for _ in range(10):
            yield b"x" * 100
        yield b'"}'

    answer = await client.post(path, content=parts())
    assert (answer.status_code, answer.json()["code"]) == (413, "payload-too-large")


async def test_a_body_of_exactly_the_limit_passes(client: AsyncClient) -> None:
    assert (await client.post("/cards/1/raw", content=b"x" * 1000)).json() == 1000


async def test_a_trailing_slash_does_not_lead_to_an_answer_with_a_url(client: AsyncClient) -> None:
    answer = await client.get(f"/cards/{CANARY}/")
    assert answer.status_code == 404
    assert "location" not in answer.headers


async def test_openapi_shows_problems_and_there_are_no_docs_pages(client: AsyncClient) -> None:
    schema = (await client.get("/openapi.json")).json()
    operation = schema["paths"]["/cards/{card_id}/forms"]["post"]
    assert set(operation["responses"]) == {"200", "default"}
    assert list(operation["responses"]["default"]["content"]) == ["application/problem+json"]
    assert "HTTPValidationError" not in schema["components"]["schemas"]
    assert "/livez" not in schema["paths"]
    assert (await client.get("/docs")).status_code == 404
    assert (await client.get("/redoc")).status_code == 404


Started = Callable[[FastAPI], Awaitable[tuple[int, asyncio.Task[None]]]]


@pytest.fixture
async def start(socket_enabled: None) -> AsyncIterator[Started]:
    running: list[asyncio.Task[None]] = []

    async def _start(app: FastAPI) -> tuple[int, asyncio.Task[None]]:
        port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(serve(app, "127.0.0.1", 0, listening=port.set_result))
        running.append(task)
        return await asyncio.wait_for(port, 5), task

    yield _start
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def test_a_real_server_answers_and_stops_when_cancelled(written: Written, start: Started) -> None:
    steps: list[str] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        steps.append("up")
        yield
        steps.append("down")

    app = create_app("cards", catalogue=ProblemCatalogue(), routers=[cards()], lifespan=lifespan, readiness=Readiness())
    port, task = await start(app)
    async with AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        answer = await client.get("/cards/1")
        assert answer.status_code == 200
        assert "server" not in answer.headers
        large = await client.post("/cards/1/raw", content=b"x" * (1 << 20 | 1))
        assert (large.status_code, large.headers["connection"]) == (413, "close")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert steps == ["up", "down"]
    async with AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        with pytest.raises(ConnectError):
            await client.get("/livez")
    assert {line["logger"] for line in written.lines()} == {"uvicorn.error", "http"}


class Waiting:
    """An app with a route that waits, and a lifespan that remembers its end."""

    def __init__(self) -> None:
        self.began, self.go_on, self.ended = asyncio.Event(), asyncio.Event(), False
        router = APIRouter()

        @router.get("/wait")
        async def wait() -> str:
            self.began.set()
            await self.go_on.wait()
            return "done"

        self.app = create_app(
            "cards", catalogue=ProblemCatalogue(), routers=[router], lifespan=self._lifespan, readiness=Readiness()
        )

    @asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        yield
        self.ended = True


async def test_a_request_that_is_under_way_ends_before_the_server_does(written: Written, start: Started) -> None:
    waiting = Waiting()
    port, task = await start(waiting.app)
    async with AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        asked = asyncio.create_task(client.get("/wait"))
        await waiting.began.wait()
        task.cancel()
        await asyncio.sleep(0.05)
        waiting.go_on.set()
        assert (await asked).json() == "done"
    assert await asyncio.gather(task, return_exceptions=True)
    assert waiting.ended


async def test_a_server_cancelled_twice_ends_requests_at_once_and_still_cleans_up(
    written: Written, start: Started
) -> None:
    waiting = Waiting()
    port, task = await start(waiting.app)
    async with AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        asked = asyncio.create_task(client.get("/wait"))
        await waiting.began.wait()
        task.cancel()
        await asyncio.sleep(0.25)
        assert not task.done()
        task.cancel()
        assert await asyncio.wait_for(asyncio.gather(task, return_exceptions=True), 2)
        await asyncio.gather(asked, return_exceptions=True)
    assert waiting.ended


async def test_a_taken_port_is_an_error_of_its_own_and_ends_nothing_else(
    app: FastAPI, written: Written, socket_enabled: None
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServerFailed):
            await serve(app, "127.0.0.1", taken.getsockname()[1])


async def test_an_app_that_fails_to_start_is_an_error_of_its_own(written: Written) -> None:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        raise RuntimeError("Dupont")
        yield

    app = create_app("cards", catalogue=ProblemCatalogue(), routers=[], lifespan=lifespan, readiness=Readiness())
    with pytest.raises(ServerFailed):
        await serve(app, "127.0.0.1", 0)
    assert "Dupont" not in json.dumps(written.lines())
