"""Documents of a read model as they are stored: plain fields, sealed ones, and the count of their writes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from shared.kernel import Projection, Value
from shared.personal_data.fields import open_fields, refs_of, seal, sealed_refs
from shared.personal_data.vault import Keys, Vault

AnyProjection = Projection[Any, Any]


@dataclass
class Held:
    """A document in memory, and what the database had when it was read (writes 0: nothing), or why it can't be read."""

    projection: AnyProjection
    key: str
    document: Value | None
    writes: int = 0
    dirty: bool = False
    error: Exception | None = None


def place(projection: AnyProjection, key: str) -> str:
    """Where a document's ciphertext is bound to."""
    return f"{projection.id}|{key}"


def sealed_size(sealed: Mapping[str, Any]) -> int:
    """Bytes of the sealed fields of an event or of a document: the larger part of what these weigh."""
    return sum(len(entry["c"] or b"") for entry in sealed.get("pii", {}).values())


class DocumentCodec:
    """Seals and opens the personal fields of documents; asks the vault once per batch."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def load(self, projection: AnyProjection, rows: Collection[Mapping[str, Any]]) -> list[Held]:
        """Documents from their stored rows.

        Raises:
            Exception: whatever keeps one of them from being read.
        """
        held = await self.open(projection, rows)
        for one in held:
            if one.error:
                raise one.error
        return held

    async def open(self, projection: AnyProjection, rows: Collection[Mapping[str, Any]]) -> list[Held]:
        """Like `load`, but a document that cannot be read does not stop the others."""
        refs = sealed_refs(rows)
        keys = await self._vault.known(refs) if refs else {}
        return [self.read(projection, row, keys) for row in rows]

    def read(self, projection: AnyProjection, row: Mapping[str, Any], keys: Keys) -> Held:
        """The document of a row, or what keeps it from being read."""
        try:
            return _held(projection, row, keys)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, only its own key waits
            return Held(projection, row["_id"], None, row["_w"], error=error)

    async def dump(self, held: Collection[Held]) -> list[dict[str, Any]]:
        """Rows to store, each one write further."""
        dumps = [item.document.model_dump(mode="json") if item.document else {} for item in held]
        refs = [
            ref
            for item, data in zip(held, dumps, strict=True)
            if item.document
            for ref in refs_of(item.projection.document, data)
        ]
        keys = await self._vault.ensure(refs) if refs else {}
        return [_row(item, data, keys) for item, data in zip(held, dumps, strict=True)]


def _held(projection: AnyProjection, row: Mapping[str, Any], keys: Keys) -> Held:
    data = dict(row)
    key, writes, sealed = data.pop("_id"), data.pop("_w"), data.pop("pii", None)
    if sealed:
        data |= open_fields(sealed, keys, place(projection, key))
    return Held(projection, key, projection.document.model_validate(data), writes)


def _row(item: Held, data: dict[str, Any], keys: Keys) -> dict[str, Any]:
    if item.document is None:
        return {"_id": item.key}
    plain, sealed = seal(item.projection.document, data, keys, place(item.projection, item.key))
    plain["_id"], plain["_w"] = item.key, item.writes + 1
    if sealed:
        plain["pii"] = sealed
    return plain
