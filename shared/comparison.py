"""Two versions of a read model side by side: counts, documents that differ, and in which fields (DESIGN §5)."""

import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from shared.mongo import Database
from shared.projections.documents import AnyProjection, DocumentCodec

SAMPLES = 5
BATCH = 500

Show = Callable[[Any], Any]
"""What may be shown of a value: its shape, say."""


@dataclass
class Comparison:
    """What differs between the live version and the candidate. Values never stand here: keys and field names do."""

    live: int = 0
    candidate: int = 0
    missing: int = 0
    extra: int = 0
    different: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[str]] = field(default_factory=dict)
    shown: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By field, for each sample: key, and both values as they may be shown."""
    hashes: dict[str, str] = field(default_factory=dict, compare=False)
    """SHA-256 over all documents of each side, in the order of their keys."""

    @property
    def equal(self) -> bool:
        """Whether readers would see no difference."""
        return not (self.missing or self.extra or self.different)


async def compare(
    database: Database, codec: DocumentCodec, live: AnyProjection, candidate: AnyProjection, show: Show | None = None
) -> Comparison:
    """Walk both collections in the order of their keys, in flat memory."""
    result = Comparison()
    digests = {name: hashlib.sha256() for name in ("live", "candidate")}
    left = _walk(database, codec, live, digests["live"])
    right = _walk(database, codec, candidate, digests["candidate"])
    one, other = await anext(left, None), await anext(right, None)
    while one or other:
        if other is None or (one is not None and one[0] < other[0]):
            result.live, result.missing = result.live + 1, result.missing + 1
            _note(result, "(missing)", one[0] if one else "")
            one = await anext(left, None)
        elif one is None or other[0] < one[0]:
            result.candidate, result.extra = result.candidate + 1, result.extra + 1
            _note(result, "(extra)", other[0])
            other = await anext(right, None)
        else:
            result.live, result.candidate = result.live + 1, result.candidate + 1
            _compare(result, one[0], one[1], other[1], show)
            one, other = await anext(left, None), await anext(right, None)
    result.hashes = {name: digest.hexdigest() for name, digest in digests.items()}
    return result


def _compare(result: Comparison, key: str, one: dict[str, Any], other: dict[str, Any], show: Show | None) -> None:
    if one == other:
        return
    result.different += 1
    for name in sorted(one.keys() | other.keys()):
        if one.get(name) != other.get(name):
            if show and len(result.samples.get(name, [])) < SAMPLES:
                both = {"key": key, "live": show(one.get(name)), "candidate": show(other.get(name))}
                result.shown.setdefault(name, []).append(both)
            _note(result, name, key)


def _note(result: Comparison, name: str, key: str) -> None:
    result.fields[name] += 1
    samples = result.samples.setdefault(name, [])
    if len(samples) < SAMPLES:
        samples.append(key)


async def _walk(
    database: Database, codec: DocumentCodec, projection: AnyProjection, digest: "hashlib._Hash"
) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    cursor = database[projection.id].find(batch_size=BATCH).sort("_id", 1)
    while rows := await cursor.to_list(BATCH):
        for held in await codec.load(projection, rows):
            assert held.document is not None
            data = held.document.model_dump(mode="json")
            digest.update(orjson.dumps([held.key, data], option=orjson.OPT_SORT_KEYS))
            yield held.key, data
