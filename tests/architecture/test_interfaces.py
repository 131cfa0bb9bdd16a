"""The committed documents are those of today, and what would break programs is found."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.architecture import interfaces
from tests.architecture.interface_breaks import breaks

Change = Callable[[dict[str, Any]], object]

OLD: dict[str, Any] = {
    "paths": {
        "/cards/{id}": {
            "put": {
                "parameters": [{"in": "query", "name": "limit", "required": False, "schema": {"type": "integer", "maximum": 9}}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/New"}}}},
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Card"}}}}},
            }
        }
    },
    "components": {
        "schemas": {
            "New": {
                "type": "object",
                "required": ["kind"],
                "properties": {"kind": {"type": "string", "enum": ["a", "b"]}, "note": {"type": "string", "maxLength": 20}},
            },
            "Card": {
                "type": "object",
                "required": ["serial"],
                "properties": {
                    "serial": {"type": "string"},
                    "until": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
                    "steps": {"type": "array", "items": {"type": "object", "properties": {"at": {"type": "string"}}}},
                },
            },
        }
    },
}  # fmt: skip


def test_what_is_committed_is_what_the_code_says() -> None:
    assert json.loads(interfaces.OPENAPI.read_text()) == json.loads(interfaces.text(interfaces.openapi())), (
        "make contracts"
    )
    assert json.loads(interfaces.ASYNCAPI.read_text()) == interfaces.asyncapi(), "make contracts"


def test_every_event_of_every_contract_is_in_the_asyncapi() -> None:
    document = json.loads(interfaces.ASYNCAPI.read_text())
    named = {name for channel in document["channels"].values() for name in channel["messages"]}
    assert named == {path.name.removesuffix(".schema.json") for path in interfaces.ROOT.glob("services/*/contracts/*.schema.json")}  # fmt: skip
    assert {channel["address"] for channel in document["channels"].values()} >= {
        "cards.events.v1",
        "identity.events.v1",
    }


def operation(document: dict[str, Any]) -> Any:
    return document["paths"]["/cards/{id}"]["put"]


def schema(document: dict[str, Any], name: str) -> Any:
    return document["components"]["schemas"][name]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["paths"].clear(), "gone"),
        (lambda d: operation(d)["parameters"].clear(), "parameter limit is gone"),
        (lambda d: operation(d)["parameters"][0].update(required=True), "parameter limit is needed now"),
        (lambda d: operation(d)["parameters"][0]["schema"].update(maximum=5), "maximum is lower"),
        (lambda d: operation(d)["requestBody"].update(required=True), "a body is needed now"),
        (lambda d: operation(d)["responses"].update({"204": {}}) or operation(d)["responses"].pop("200"), "never answers 200"),
        (lambda d: schema(d, "New")["required"].append("note"), "note: needed now"),
        (lambda d: schema(d, "New")["properties"].pop("note"), "note: gone"),
        (lambda d: schema(d, "New")["properties"]["kind"]["enum"].remove("a"), "values less"),
        (lambda d: schema(d, "New")["properties"]["note"].update(pattern="x"), "another pattern"),
        (lambda d: schema(d, "New")["properties"]["note"].update(minLength=3), "minLength is higher"),
        (lambda d: schema(d, "Card")["properties"].pop("serial"), "serial: gone"),
        (lambda d: schema(d, "Card")["properties"]["serial"].update(type="integer"), "string became integer"),
        (lambda d: schema(d, "Card")["required"].clear(), "serial: may be missing now"),
        (lambda d: schema(d, "Card")["properties"]["until"]["anyOf"].append({"type": "integer"}), "other alternatives"),
        (lambda d: schema(d, "Card")["properties"]["steps"]["items"]["properties"].clear(), "at: gone"),
    ],
)  # fmt: skip
def test_what_breaks_programs_is_found(change: Change, told: str) -> None:
    new = copy.deepcopy(OLD)
    change(new)
    found = breaks(OLD, new)
    assert any(told in line for line in found), found


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["paths"].update({"/new": {"get": {}}}),
        lambda d: operation(d)["parameters"].append({"in": "query", "name": "more", "schema": {"type": "string"}}),
        lambda d: operation(d)["parameters"][0]["schema"].update(maximum=50),
        lambda d: schema(d, "New")["properties"].update(more={"type": "string"}),
        lambda d: schema(d, "New")["required"].clear(),
        lambda d: schema(d, "New")["properties"]["kind"]["enum"].append("c"),
        lambda d: schema(d, "Card")["properties"].update(more={"type": "string"}),
        lambda d: schema(d, "Card")["required"].append("until"),
        lambda d: schema(d, "Card")["properties"]["until"]["anyOf"].pop(),
        lambda d: schema(d, "Card").update(description="Other words"),
    ],
)
def test_what_only_adds_is_welcome(change: Change) -> None:
    new = copy.deepcopy(OLD)
    change(new)
    assert breaks(OLD, new) == []


def test_a_document_breaks_nothing_of_itself() -> None:
    document = json.loads(interfaces.OPENAPI.read_text())
    assert breaks(document, document) == []
