"""What a program written against an older OpenAPI document could trip over in a newer one."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

Document = Mapping[str, Any]
Direction = Literal["sent", "answered"]

METHODS: Final = frozenset({"get", "put", "post", "delete", "patch"})
LOOSER_WHEN_LESS: Final = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems"})
LOOSER_WHEN_MORE: Final = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems"})
EXACT: Final = frozenset({"pattern", "format", "const"})


def breaks(old: Document, new: Document) -> list[str]:
    """One line each; new operations, new optional things that are sent, and more that is answered, break nothing."""
    return list(_Comparison(old, new).all())


class _Comparison:
    def __init__(self, old: Document, new: Document) -> None:
        self._old, self._new = old, new

    def all(self) -> Iterator[str]:
        for path, methods in self._old["paths"].items():
            for method in METHODS & methods.keys():
                after = self._new["paths"].get(path, {}).get(method)
                label = f"{method.upper()} {path}"
                if after is None:
                    yield f"{label}: gone"
                else:
                    yield from self._operation(label, methods[method], after)

    def _operation(self, label: str, old: Document, new: Document) -> Iterator[str]:
        yield from self._parameters(label, old, new)
        before, after = old.get("requestBody", {}), new.get("requestBody", {})
        if after.get("required") and not before.get("required"):
            yield f"{label}: a body is needed now"
        yield from self._content(f"{label} body", before, after, "sent")
        for status, answer in old.get("responses", {}).items():
            if status not in new.get("responses", {}):
                yield f"{label}: never answers {status} any more"
            else:
                yield from self._content(f"{label} {status}", answer, new["responses"][status], "answered")

    def _parameters(self, label: str, old: Document, new: Document) -> Iterator[str]:
        before, after = ({(one["in"], one["name"]): one for one in of.get("parameters", ())} for of in (old, new))
        for key, parameter in before.items():
            if key not in after:
                yield f"{label}: parameter {key[1]} is gone"
            else:
                yield from self._schema(f"{label} {key[1]}", parameter["schema"], after[key]["schema"], "sent")
        for key, parameter in after.items():
            if parameter.get("required") and not before.get(key, {}).get("required"):
                yield f"{label}: parameter {key[1]} is needed now"

    def _content(self, label: str, old: Document, new: Document, direction: Direction) -> Iterator[str]:
        old, new = _resolved(old, self._old), _resolved(new, self._new)
        for media, content in old.get("content", {}).items():
            if media not in new.get("content", {}):
                yield f"{label}: no {media} any more"
            else:
                yield from self._schema(
                    label, content.get("schema", {}), new["content"][media].get("schema", {}), direction
                )

    def _schema(self, label: str, old: Document, new: Document, direction: Direction) -> Iterator[str]:
        old, new = _resolved(old, self._old), _resolved(new, self._new)
        yield from self._alternatives(label, old, new, direction)
        if old.get("type") != new.get("type"):
            yield f"{label}: {old.get('type')} became {new.get('type')}"
            return
        less = set(old.get("enum", ())) - set(new.get("enum", ()))
        if direction == "sent" and (less if "enum" in old else "enum" in new):
            yield f"{label}: values less"
        if direction == "sent":
            yield from _tighter(label, old, new)
        yield from self._fields(label, old, new, direction)
        for name in ("items", "additionalProperties"):
            if isinstance(old.get(name), Mapping) and isinstance(new.get(name), Mapping):
                yield from self._schema(f"{label}[]", old[name], new[name], direction)

    def _fields(self, label: str, old: Document, new: Document, direction: Direction) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name, schema in before.items():
            if name not in after:
                yield f"{label}.{name}: gone"
            else:
                yield from self._schema(f"{label}.{name}", schema, after[name], direction)
        must, must_now = set(old.get("required", ())), set(new.get("required", ()))
        wrong = must_now - must if direction == "sent" else (must - must_now) & after.keys()
        yield from (
            f"{label}.{name}: {'needed now' if direction == 'sent' else 'may be missing now'}" for name in wrong
        )

    def _alternatives(self, label: str, old: Document, new: Document, direction: Direction) -> Iterator[str]:
        for name in ("anyOf", "oneOf"):
            before, after = old.get(name, ()), new.get(name, ())
            kinds, kinds_now = ([_kind(one) for one in some] for some in (before, after))
            lost, gained = set(kinds) - set(kinds_now), set(kinds_now) - set(kinds)
            if (lost if direction == "sent" else gained) and (before or after):
                yield f"{label}: other alternatives"
            for one in before:
                same = next((two for two in after if _kind(two) == _kind(one)), None)
                if same is not None:
                    yield from self._schema(label, one, same, direction)


def _kind(schema: Document) -> str:
    return str(schema.get("$ref") or (schema.get("type"), schema.get("format")))


def _resolved(schema: Document, document: Document) -> Document:
    found = schema.get("$ref")
    if not found:
        return schema
    _, _, kind, name = found.split("/")
    resolved: Document = document["components"][kind][name]
    return resolved


def _tighter(label: str, old: Document, new: Document) -> Iterator[str]:
    for name in EXACT & new.keys():
        if old.get(name) != new[name]:
            yield f"{label}: another {name}"
    for name in LOOSER_WHEN_LESS & new.keys():
        if name not in old or new[name] > old[name]:
            yield f"{label}: {name} is higher"
    for name in LOOSER_WHEN_MORE & new.keys():
        if name not in old or new[name] < old[name]:
            yield f"{label}: {name} is lower"
