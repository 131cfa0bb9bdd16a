"""Encryption of single fields: AES-256-GCM under the person's key, bound to the place where the value stands."""

import os
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, get_args

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel

from shared.canonical import canonical
from shared.kernel import ERASED, Erased, Personal
from shared.personal_data.vault import NONCE, KeyMissing, Keys, key_ref, live

Sealed = dict[str, dict[str, Any]]
"""Field → {"k": which key, "c": nonce and ciphertext, or None for a value already erased}."""


@cache
def personal_fields(model: type[BaseModel]) -> dict[str, Personal]:
    """The personal fields of a model, with their marks.

    Raises:
        TypeError: a mark is nested inside a field's type, where it would not be seen (the value would stand plain),
            names no field of the model, or stands on a type that has no room for ERASED.
    """
    found = {}
    for name, field in model.model_fields.items():
        marks = [mark for mark in field.metadata if isinstance(mark, Personal)]
        if marks:
            found[name] = marks[0]
            if marks[0].of not in model.model_fields:
                raise TypeError(f"{model.__name__}.{name}: there is no field {marks[0].of} to say whose it is")
            if Erased not in get_args(field.annotation):
                raise TypeError(f"{model.__name__}.{name}: it must be able to be erased: T | Erased")
        elif _mentions_personal(field.annotation):
            raise TypeError(f"{model.__name__}.{name}: mark the whole field, not a part of its type")
    return found


def _mentions_personal(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return bool(personal_fields(annotation))
    return any(isinstance(part, Personal) or _mentions_personal(part) for part in get_args(annotation))


def refs_of(model: type[BaseModel], data: Mapping[str, Any]) -> list[str]:
    """The keys that `seal` will need for this record.

    Raises:
        ValueError: it does not say whose a personal value is.
    """
    return [_ref(data, mark) for mark in personal_fields(model).values()]


def seal(model: type[BaseModel], data: Mapping[str, Any], keys: Keys, place: str) -> tuple[dict[str, Any], Sealed]:
    """Split a dumped record into its plain fields and its sealed ones.

    `place` says where the record stands; a ciphertext moved elsewhere does not open. A value whose key is destroyed
    is not kept.
    """
    marks = personal_fields(model)
    if not marks:
        return dict(data), {}
    plain = {name: value for name, value in data.items() if name not in marks}
    sealed: Sealed = {}
    for name, mark in marks.items():
        ref = live(keys, _ref(data, mark))
        key = keys[ref]
        gone = key is None or data[name] in (ERASED, ERASED.value)
        sealed[name] = {"k": ref, "c": None if gone or key is None else _encrypt(key, data[name], f"{place}|{name}")}
    return plain, sealed


def open_fields(sealed: Mapping[str, Mapping[str, Any]], keys: Keys, place: str) -> dict[str, Any]:
    """The values of sealed fields; ERASED where the key is destroyed.

    Raises:
        KeyMissing: a key was never made here.
    """
    return {name: _open(entry, _key(keys, entry["k"]), f"{place}|{name}") for name, entry in sealed.items()}


def sealed_refs(records: Iterable[Mapping[str, Any]]) -> set[str]:
    """The keys needed to open these stored events or documents."""
    return {entry["k"] for record in records if "pii" in record for entry in record["pii"].values()}


def _ref(data: Mapping[str, Any], mark: Personal) -> str:
    person = data[mark.of]
    if not person:
        raise ValueError(f"a personal value of nobody could never be erased: {mark.of} is empty")
    return key_ref(str(person), mark.retention)


def _key(keys: Keys, ref: str) -> bytes | None:
    if ref not in keys:
        raise KeyMissing("1 key")
    return keys[ref]


def _open(entry: Mapping[str, Any], key: bytes | None, place: str) -> Any:
    text = entry["c"]
    if text is None or key is None:
        return ERASED
    return orjson.loads(AESGCM(key).decrypt(text[:NONCE], text[NONCE:], place.encode()))


def _encrypt(key: bytes, value: Any, place: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, canonical(value), place.encode())
