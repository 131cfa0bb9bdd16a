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
SENT: Final = ("method", "url", "params", "headers", "json", "content")
CLIENT_ERROR, SERVER_ERROR = 400, 500
MODES: Final = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


def attacked(
    app: FastAPI,
    headers: Callable[[str], Mapping[str, str]],
    mode: GenerationMode,
    examples: int,
    loop: asyncio.AbstractEventLoop,
) -> dict[str, set[int]]:
    """By operation, how it was answered: never by a 5xx, and each 4xx is a problem."""
    schema = schemathesis.openapi.from_dict(app.openapi())
    client = AsyncClient(transport=ASGITransport(app, raise_app_exceptions=False), base_url=BASE)
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
            of_case = {**headers(operation.path), "Idempotency-Key": str(uuid.uuid4())}
            sent = case.as_transport_kwargs(base_url=BASE, headers=of_case)
            sent["headers"] = {name: str(value).encode() for name, value in sent["headers"].items()}
            answer: Response = loop.run_until_complete(
                client.request(**{name: sent[name] for name in SENT if name in sent})
            )
            answered.setdefault(operation.label, set()).add(answer.status_code)
            assert answer.status_code < SERVER_ERROR, (operation.label, answer.text)
            if answer.status_code >= CLIENT_ERROR:
                assert answer.headers["content-type"] == MEDIA_TYPE, operation.label
                assert {"type", "title", "status", "code"} <= answer.json().keys()

        try:
            hold()
        except Unsatisfiable:  # what is not typed cannot be sent wrongly
            assert mode is GenerationMode.NEGATIVE

    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        attack(found.ok())
    return answered
