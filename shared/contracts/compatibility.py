"""Whether a changed schema still serves those who read the old one."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from shared.contracts.schemas import Schema, items_of

_WORDS: Final = frozenset({"description", "title", "examples", "default", "$id"})
"""What explains a schema without changing what fits it."""


def breaks(old: Schema, new: Schema) -> list[str]:
    """What a reader of the old schema could trip over: anything but an optional field more, or one more word."""
    return list(_breaks(old, new, old.get("$defs", {}), new.get("$defs", {}), ""))


def _breaks(
    old: Mapping[str, Any], new: Mapping[str, Any], old_defs: Schema, new_defs: Schema, path: str
) -> Iterator[str]:
    old, new = _resolved(old, old_defs), _resolved(new, new_defs)
    if not {*old.get("enum", ())} <= {*new.get("enum", ())}:
        yield f"{path or '/'}: a value less"
    if _own(old) != _own(new) or {*old.get("required", ())} != {*new.get("required", ())}:
        yield f"{path or '/'}: another form"
    for name, before in old.get("properties", {}).items():
        after = new.get("properties", {}).get(name)
        if after is None:
            yield f"{path}/{name}: gone"
        else:
            yield from _breaks(before, after, old_defs, new_defs, f"{path}/{name}")
    for before, after in zip(_parts(old), _parts(new), strict=False):
        yield from _breaks(before, after, old_defs, new_defs, path)


def _resolved(schema: Mapping[str, Any], defs: Schema) -> Mapping[str, Any]:
    found = schema.get("$ref")
    return defs[found.rpartition("/")[2]] if found else schema


def _own(schema: Mapping[str, Any]) -> dict[str, Any]:
    """What this level says itself; how many alternatives it has, not which.

    Under which class's key a value is sealed is no part of it: every payload names its own key.
    """
    below = {"properties", "required", "enum", "$defs", "items", "prefixItems", "anyOf", "oneOf", "allOf"}
    own = {name: value for name, value in schema.items() if name not in below | _WORDS}
    if "x-personal" in own:
        own["x-personal"] = {"of": own["x-personal"]["of"]}
    return {**own, "parts": len(_parts(schema))}


def _parts(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    names = ("prefixItems", "anyOf", "oneOf", "allOf")
    return [*items_of(schema), *(part for name in names for part in schema.get(name, ()))]
