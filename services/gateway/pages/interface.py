"""/api: what programs can ask, and which events there are, read from the committed documents; for developers."""

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from services.gateway.pages.asking import Visiting

FOLDER: Final = Path(__file__).parents[1] / "interfaces"
NAMES: Final = ("openapi.json", "asyncapi.json")

router = APIRouter(prefix="/api")


@dataclass(frozen=True)
class Field:
    """One field of something that is sent or answered."""

    name: str
    kind: str
    needed: bool
    words: str = ""
    personal: bool = False


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked."""

    method: str
    path: str
    words: str
    sent: tuple[Field, ...]
    body: str
    answers: tuple[tuple[str, str], ...]

    @property
    def anchor(self) -> str:
        return f"{self.method}{self.path}".replace("/", "-").replace("{", "").replace("}", "")


@router.get("")
async def operations(visit: Visiting) -> Response:
    return await visit.page("interface/operations.html", groups=grouped(), about=_document(NAMES[0])["info"])


@router.get("/schemas")
async def schemas(visit: Visiting) -> Response:
    found = _document(NAMES[0])["components"]["schemas"]
    shown = [
        (name, one.get("description", ""), fields(one), one.get("enum", ())) for name, one in sorted(found.items())
    ]
    return await visit.page("interface/schemas.html", schemas=shown)


@router.get("/events")
async def topics(visit: Visiting) -> Response:
    channels = _document(NAMES[1])["channels"]
    shown = [(name, one["address"], len(one["messages"])) for name, one in channels.items()]
    return await visit.page("interface/topics.html", topics=shown)


@router.get("/events/{service}")
async def events(visit: Visiting, service: str) -> Response:
    document = _document(NAMES[1])
    channel = document["channels"].get(service)
    if channel is None:
        raise HTTPException(404)
    messages = [document["components"]["messages"][f"{service}.{name}"] for name in channel["messages"]]
    shown = [
        (one["title"], one["payload"]["schema"].get("description", ""), fields(one["payload"]["schema"]))
        for one in messages
    ]
    return await visit.page("interface/events.html", service=service, address=channel["address"], events=shown)


@router.get("/{name}.json")
async def document(name: str) -> Response:
    """As a file, for tools."""
    if f"{name}.json" not in NAMES:
        raise HTTPException(404)
    return Response((FOLDER / f"{name}.json").read_bytes(), media_type="application/json")


@functools.cache
def _document(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found


@functools.cache
def grouped() -> Mapping[str, list[Operation]]:
    """Tag → what can be asked under it."""
    found: dict[str, list[Operation]] = {}
    for path, methods in _document(NAMES[0])["paths"].items():
        for method, one in methods.items():
            found.setdefault(one["tags"][0], []).append(_operation(method.upper(), path, one))
    return found


def _operation(method: str, path: str, one: Mapping[str, Any]) -> Operation:
    body = next(iter(one.get("requestBody", {}).get("content", {}).items()), None)
    answers = [
        (status, ", ".join(kind(content["schema"]) for content in answer.get("content", {}).values()) or "nothing")
        for status, answer in one["responses"].items()
        if status.startswith("2")
    ]
    return Operation(
        method=method,
        path=path,
        words=one.get("description", one["summary"]),
        sent=tuple(_parameters(one)),
        body=kind(body[1].get("schema", {})) if body else "",
        answers=tuple(answers),
    )


def _parameters(one: Mapping[str, Any]) -> Iterator[Field]:
    for parameter in one.get("parameters", ()):
        name = f"{parameter['name']} ({parameter['in']})"
        yield Field(name, kind(parameter["schema"]), bool(parameter.get("required")), parameter.get("description", ""))


def fields(schema: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of an object."""
    needed = schema.get("required", ())
    return tuple(
        Field(name, kind(one), name in needed, one.get("description", ""), "x-personal" in one)
        for name, one in schema.get("properties", {}).items()
    )


def kind(schema: Mapping[str, Any]) -> str:  # noqa: PLR0911 - one case per form
    """A type in a few words."""
    match schema:
        case {"$ref": found}:
            return str(found.rpartition("/")[2])
        case {"anyOf": several} | {"oneOf": several} | {"allOf": several}:
            return " or ".join(kind(one) for one in several)
        case {"enum": values}:
            return ", ".join(str(one) for one in values)
        case {"const": value}:
            return str(value)
        case {"type": "array"}:
            return f"list of {kind(schema.get('items', {}))}"
        case {"type": found, "format": form}:
            return f"{found} ({form})"
        case {"type": found}:
            return str(found)
        case _:
            return "any"
