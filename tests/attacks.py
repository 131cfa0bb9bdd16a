"""Requests as an OpenAPI document describes them, or just not, one operation after the other (schemathesis)."""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

import schemathesis
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from shared.problems import MEDIA_TYPE

BASE: Final = "http://service"
SENT: Final = ("method", "url", "params", "headers", "json", "content", "data")
CLIENT_ERROR, SERVER_ERROR = 400, 500
NOTHING: Final[Mapping[str, str]] = {}
MODES: Final = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


def is_a_problem(label: str, answer: Response) -> None:
    """What a 4xx must be."""
    assert answer.headers["content-type"] == MEDIA_TYPE, label
    assert {"type", "title", "status", "code"} <= answer.json().keys()


def attacked(
    app: FastAPI,
    headers: Callable[[str], Mapping[str, str]],
    mode: GenerationMode,
    examples: int,
    loop: asyncio.AbstractEventLoop,
    *,
    document: Mapping[str, Any] | None = None,
    base: str = BASE,
    known: Mapping[str, str] = NOTHING,
    refused: Callable[[str, Response], None] = is_a_problem,
) -> dict[str, set[int]]:
    """By operation, how it was answered: never by a 5xx, and each 4xx is as it must be.

    `document`: the app's own, if no other describes what lies under `base`; `known`: what stands in its paths, whatever
    was made up.
    """
    schema = schemathesis.openapi.from_dict(document or app.openapi())
    client = AsyncClient(transport=ASGITransport(app, raise_app_exceptions=False), base_url=base)
    answered: dict[str, set[int]] = {}

    def attack(operation: Any) -> None:
        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def hold(case: Any) -> None:
            made_up = case.path_parameters or {}
            case.path_parameters = {**made_up, **{name: known[name] for name in made_up.keys() & known.keys()}}
            of_case = {**headers(operation.path), "Idempotency-Key": str(uuid.uuid4())}
            sent = case.as_transport_kwargs(base_url=base, headers=of_case)
            sent["headers"] = {name: str(value).encode() for name, value in sent["headers"].items()}
            if isinstance(sent.get("data"), bytes):
                sent["content"] = sent.pop("data")
            answer: Response = loop.run_until_complete(
                client.request(**{name: sent[name] for name in SENT if name in sent})
            )
            answered.setdefault(operation.label, set()).add(answer.status_code)
            assert answer.status_code < SERVER_ERROR, (operation.label, answer.text)
            if answer.status_code >= CLIENT_ERROR:
                refused(operation.label, answer)

        try:
            hold()
        except Unsatisfiable:  # what is not typed cannot be sent wrongly
            assert mode is GenerationMode.NEGATIVE

    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        attack(found.ok())
    return answered
