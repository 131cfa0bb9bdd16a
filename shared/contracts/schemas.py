"""An event class → its JSON Schema, and an example that fits."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from shared.kernel import Event
from shared.personal_data import personal_fields

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_FORMATS: Final = {
    "date": "2026-11-24",
    "date-time": "2026-11-24T09:30:00.000Z",
    "uuid": "2f7c1d5e-8a4b-5c3d-9e6f-0a1b2c3d4e5f",
}
_KINDS: Final[Mapping[str, Any]] = {"integer": 1, "number": 1, "boolean": True, "null": None}


class NoExample(Exception):  # noqa: N818 - said as it is
    """No example could be made up: give the field one, `Field(examples=[…])`."""


def schema_of(service: str, event: type[Event]) -> Schema:
    """The payload of an event once its personal fields are opened; those are marked: on a topic they are sealed."""
    schema: Schema = _untitled(event.model_json_schema())
    for name, mark in personal_fields(event).items():
        schema["properties"][name]["x-personal"] = {"retention": mark.retention, "of": mark.of}
    head = {"$schema": DIALECT, "$id": f"urn:schema:{service}.{event.NAME}:{event.SCHEMA}"}
    return {**head, **schema, "title": event.NAME}


def _untitled(schema: Any) -> Any:
    """Without the titles that repeat each field's name. (A field of that name has no text there, but a schema.)"""
    if isinstance(schema, list):
        return [_untitled(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: _untitled(item) for name, item in schema.items() if name != "title" or not isinstance(item, str)}


def example_of(event: type[Event]) -> dict[str, Any]:
    """A payload that fits, the same each time.

    Raises:
        NoExample: the event's own validation refuses what was made up.
    """
    schema = event.model_json_schema()
    example: dict[str, Any] = _example(schema, schema.get("$defs", {}), event.NAME)
    try:
        return event.model_validate(example).model_dump(mode="json")
    except ValidationError as error:
        fields = ", ".join(sorted({str(found["loc"][0]) for found in error.errors() if found["loc"]}))
        raise NoExample(f"{event.NAME}: {fields}") from None


def _example(schema: Mapping[str, Any], defs: Mapping[str, Schema], name: str) -> Any:
    if schema.get("examples"):
        return schema["examples"][0]
    if "$ref" in schema:
        return _example(defs[schema["$ref"].rpartition("/")[2]], defs, name)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _example(schema[several][0], defs, name)
    if "const" in schema or "enum" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    return _of_type(schema, defs, name)


def _of_type(schema: Mapping[str, Any], defs: Mapping[str, Schema], name: str) -> Any:
    match schema.get("type"):
        case "object":
            return {key: _example(item, defs, key) for key, item in schema.get("properties", {}).items()}
        case "array":
            return [_example(item, defs, name) for item in (*schema.get("prefixItems", ()), *items_of(schema))]
        case "string" if name.endswith("_id"):
            return str(uuid.uuid5(uuid.NAMESPACE_OID, name))
        case "string":
            text = str(_FORMATS.get(schema.get("format", ""), name))
            return text.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength")]
        case "integer" | "number" as kind:
            return schema.get("minimum", schema.get("exclusiveMinimum", _KINDS[kind] - 1) + 1)
        case kind:
            return _KINDS.get(str(kind))


def items_of(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The schema of an array's items, if it has one."""
    items = schema.get("items")
    return [items] if isinstance(items, Mapping) else []
